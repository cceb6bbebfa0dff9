/** The button under a view that saves it as one file. Owns no state but in opening/written_page.ts: view. */
import { button, h } from "../page/dom";
import { saveFile } from "../page/save_file";
import { type Asked, pageWriter } from "./written_page";

const TITLE = "Save this view as one HTML file, which opens anywhere: no kernel, no network, pictures inside";

export function savePage(model: Asked, kind: string, options: object, signal: AbortSignal): HTMLElement {
  const said = h("span", { class: "embw-muted", role: "status" });
  const say = (text: string) => {
    said.textContent = text;
  };
  const written = (page: Blob) => {
    const name = `embwidget-${kind.replaceAll("_", "-")}.html`;
    saveFile(name, page);
    say(`Saved ${name}.`);
  };
  const write = pageWriter(model, kind, options, { written, failed: say }, signal);
  const ask = () => {
    say("Writing the page …");
    write();
  };
  const save = button("Save as HTML", TITLE, ask, signal, "embw-link");
  return h("div", { class: "embw-root embw-save embw-by-python" }, said, save);
}
