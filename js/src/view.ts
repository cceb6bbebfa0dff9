/** The door that every view opens: finds its scene and mounts there, in the place of its still. Owns no state. */
import type { RenderProps } from "@anywidget/types";
import { hideStill } from "./page/still";
import type { Mount } from "./state/scene";

interface ViewState {
  scene: string;
  kind: string;
  options: Record<string, unknown>;
  saved?: string;
}

async function render({ model, el, signal, host }: RenderProps<ViewState>): Promise<void> {
  const scene = await host.getWidget<{ mount: Mount }>(model.get("scene"));
  if (signal.aborted) return;
  scene.exports.mount(model.get("kind"), el, { options: model.get("options"), signal, host });
  hideStill(el, model.get("saved"), signal);
}

export default { render };
