/** The door that every view opens: finds its scene and mounts there. Owns no state. */
import type { RenderProps } from "@anywidget/types";
import type { Mount } from "./state/scene";

interface ViewState {
  scene: string;
  kind: string;
  options: Record<string, unknown>;
}

async function render({ model, el, signal, host }: RenderProps<ViewState>): Promise<void> {
  const scene = await host.getWidget<{ mount: Mount }>(model.get("scene"));
  if (!signal.aborted) scene.exports.mount(model.get("kind"), el, { options: model.get("options"), signal, host });
}

export default { render };
