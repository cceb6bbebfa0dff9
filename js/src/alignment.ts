/** The widget that carries an alignment, or the fitting of one; its view opens on it. Owns no state. */
import { type AlignmentContext, alignmentContext } from "./shared/alignmentcontext";
import { AlignmentData } from "./shared/alignmentdata";
import type { AlignmentModel } from "./shared/alignmentstate";
import { complain } from "./shared/complain";
import type { Mount } from "./shared/state";
import { mountAlignment } from "./views/alignment_view";
import "./shared/base.css";
import "./views/map_pair.css";
import "./views/alignment_view.css";

export function initialize({ model, signal }: { model: AlignmentModel; signal: AbortSignal }): { mount: Mount } {
  let made: AlignmentContext | undefined;
  /** Only once there is a result: what the rows are is not known before. */
  const context = () => {
    made ??= alignmentContext(model, new AlignmentData(model), signal);
    return made;
  };
  const mount: Mount = (kind, el, { signal: viewSignal }) => {
    try {
      if (kind !== "alignment_view") throw new Error(`expected alignment_view but got "${kind}"`);
      mountAlignment(el, model, context, AbortSignal.any([signal, viewSignal]));
    } catch (problem) {
      complain(el, problem);
    }
  };
  return { mount };
}

export default { initialize };
