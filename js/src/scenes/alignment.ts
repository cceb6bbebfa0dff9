/** The widget that carries an alignment, or the fitting of one; its view opens on it. Owns no state. */
// First: what a view says of its looks outweighs it.
import "../page/base.css";
import { mountOf } from "../opening/mount";
import type { AlignmentModel } from "../state/alignment";
import type { Mount } from "../state/scene";
import { mountAlignment } from "../views/alignment_view/alignment_view";
import { type AlignmentContext, alignmentContext } from "../views/alignment_view/context";
import { AlignmentData } from "../views/alignment_view/data";

const VIEWS = {
  alignment_view: mountAlignment,
};

function initialize({ model, signal }: { model: AlignmentModel; signal: AbortSignal }): { mount: Mount } {
  let made: AlignmentContext | undefined;
  /** Only once there is a result: what the rows are is not known before. */
  const context = () => {
    made ??= alignmentContext(model, new AlignmentData(model), signal);
    return made;
  };
  return { mount: mountOf(VIEWS, (view, el, given) => view(el, model, context, given.signal), signal, model) };
}

export default { initialize };
