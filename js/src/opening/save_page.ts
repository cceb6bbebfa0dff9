/**
 * The button under a view that saves it as one file.
 *   synced  nothing; asks {type: "page", kind, options}, and Python answers the same message with the file as its buffer
 *   view    whether this button's file is waited for
 */
import type { AnyModel } from "@anywidget/types";
import { button, h } from "../page/dom";
import { saveFile } from "../page/save_file";
import { sendMessage } from "../page/tell_python";

/** As much of a scene's model as this needs. */
export type Asked = Pick<AnyModel, "get" | "send" | "on" | "off">;

const TITLE = "Save this view as one HTML file, which opens anywhere: no kernel, no network, pictures inside";

export function savePage(model: Asked, kind: string, options: object, signal: AbortSignal): HTMLElement {
  let waiting = false;
  const said = h("span", { class: "embw-muted", role: "status" });
  const say = (text: string, still = false) => {
    said.textContent = text;
    waiting = still;
  };
  const ask = () => {
    say("Writing the page …", true);
    if (!sendMessage(model, { type: "page", kind, options })) say("No kernel is there to write the page.");
  };
  const heard = (message: { type?: string } | undefined, buffers: DataView[]) => {
    if (!waiting || message?.type !== "page" || !buffers?.length) return;
    const name = `embwidget-${kind.replaceAll("_", "-")}.html`;
    saveFile(name, new Blob([buffers[0] as BlobPart], { type: "text/html" }));
    say(`Saved ${name}.`);
  };
  const failed = () => {
    if (waiting) say("The page could not be written.");
  };
  model.on("msg:custom", heard);
  model.on("change:error", failed);
  signal.addEventListener("abort", () => {
    model.off("msg:custom", heard);
    model.off("change:error", failed);
  });
  const save = button("Save as HTML", TITLE, ask, signal, "embw-link");
  return h("div", { class: "embw-root embw-save embw-by-python" }, said, save);
}
