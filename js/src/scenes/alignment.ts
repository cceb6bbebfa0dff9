/** The widgets that carry an alignment, or a fitting; their view opens on them. Owns no state. */

import { complain } from "../page/complain";
import type { AlignmentModel, FittingModel } from "../state/alignment";
import type { Mount } from "../state/scene";
import { mountAlignment } from "../views/alignment_view/alignment_view";
import { type AlignmentContext, alignmentContext } from "../views/alignment_view/context";
import { AlignmentData } from "../views/alignment_view/data";
import { mountFit } from "../views/fit_view/fit_view";
import "../page/base.css";
import "../views/map_pair/map_pair.css";
import "../views/alignment_view/alignment_view.css";

export function initialize({ model, signal }: { model: AlignmentModel; signal: AbortSignal }): { mount: Mount } {
  let made: AlignmentContext | undefined;
  /** Only once there is a result: what the rows are is not known before. */
  const context = () => {
    made ??= alignmentContext(model, new AlignmentData(model), signal);
    return made;
  };
  const mount: Mount = (kind, el, { signal: viewSignal }) => {
    try {
      if (kind === "fit_view") {
        mountFit(el, model as unknown as FittingModel, AbortSignal.any([signal, viewSignal]));
        return;
      }
      if (kind !== "alignment_view") throw new Error(`expected alignment_view but got "${kind}"`);
      mountAlignment(el, model, context, AbortSignal.any([signal, viewSignal]));
    } catch (problem) {
      complain(el, problem);
    }
  };
  return { mount };
}

export default { initialize };
