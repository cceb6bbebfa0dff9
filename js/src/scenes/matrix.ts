/** The widget that carries a matrix of comparisons; its view opens on it. Owns no state. */

import { complain } from "../page/complain";
import type { MatrixModel } from "../state/matrix";
import type { Mount } from "../state/scene";
import { mountSimilarityMatrix } from "../views/similarity_matrix/similarity_matrix";
import "../page/base.css";
import "../views/similarity_matrix/similarity_matrix.css";

export function initialize({ model, signal }: { model: MatrixModel; signal: AbortSignal }): { mount: Mount } {
  const mount: Mount = (kind, el, { signal: viewSignal, host }) => {
    try {
      if (kind !== "similarity_matrix") throw new Error(`expected similarity_matrix but got "${kind}"`);
      mountSimilarityMatrix(el, model, host, AbortSignal.any([signal, viewSignal]));
    } catch (problem) {
      complain(el, problem);
    }
  };
  return { mount };
}

export default { initialize };
