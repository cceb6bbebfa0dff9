/** The widget that carries the playground: points that can be dragged, and three meters of them. Owns no state. */
// First: what a view says of its looks outweighs it.
import "../page/base.css";
import { mountOf } from "../opening/mount";
import type { PlaygroundModel } from "../state/playground";
import type { Mount } from "../state/scene";
import { mountPlayground } from "../views/playground/playground";

const VIEWS = {
  playground: mountPlayground,
};

function initialize({ model, signal }: { model: PlaygroundModel; signal: AbortSignal }): { mount: Mount } {
  return { mount: mountOf(VIEWS, (view, el, given) => view(el, model, given.signal), signal, model) };
}

export default { initialize };
