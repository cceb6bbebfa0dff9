/** The widget that carries the training of a learned similarity; its view opens on it. Owns no state. */
// First: what a view says of its looks outweighs it.
import "../page/base.css";
import { mountOf } from "../opening/mount";
import type { FittingModel } from "../state/alignment";
import type { Mount } from "../state/scene";
import { mountFit } from "../views/fit_view/fit_view";

const VIEWS = {
  fit_view: mountFit,
};

function initialize({ model, signal }: { model: FittingModel; signal: AbortSignal }): { mount: Mount } {
  return { mount: mountOf(VIEWS, (view, el, given) => view(el, model, given.signal), signal, model) };
}

export default { initialize };
