/** The widget that carries a matrix of comparisons; its view opens on it. Owns no state. */
// First: what a view says of its looks outweighs it.
import "../page/base.css";
import { mountOf } from "../opening/mount";
import type { MatrixModel } from "../state/matrix";
import type { Mount } from "../state/scene";
import { mountSimilarityMatrix } from "../views/similarity_matrix/similarity_matrix";

const VIEWS = {
  similarity_matrix: mountSimilarityMatrix,
};

function initialize({ model, signal }: { model: MatrixModel; signal: AbortSignal }): { mount: Mount } {
  return { mount: mountOf(VIEWS, (view, el, given) => view(el, model, given.host, given.signal), signal, model) };
}

export default { initialize };
