/** The lessons: notebooks that travel inside the extension, of which a copy is opened in the user's folder. */
import lessons from "embwidget:notebooks";
import { Dialog, showErrorMessage } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";
import type { Desk } from "./desk";
import { make } from "./dom";
import { type Bundled, copyInto } from "./notebooks";

export const FILES: readonly string[] = lessons.map((one) => one.file);

export function lesson(file: string | undefined): Bundled {
  const found = file === undefined ? lessons[0] : lessons.find((one) => one.file === file);
  if (!found) throw new Error(`expected one of the notebooks ${FILES.join(", ")} but got ${file}`);
  return found;
}

/** Opens a copy, which never writes over anything. */
export async function openLesson({ app, trans }: Desk, folder: string, file: string | undefined): Promise<void> {
  try {
    const path = await copyInto(app.serviceManager.contents, folder, lesson(file));
    await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  } catch (error) {
    await showErrorMessage(trans.__("Could not open the embwidget notebook"), error as Error);
  }
}

/** Which lesson? */
export async function askLesson({ trans }: Desk): Promise<string | undefined> {
  const body = new Choice(trans.__("A copy of it opens in the current folder."));
  const title = trans.__("Lessons");
  const dialog = new Dialog({
    title,
    body,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__("Open a copy") })],
    focusNodeSelector: "input:checked",
  });
  dialog.node.ariaLabel = title;
  const { button, value } = await dialog.launch();
  return button.accept && value ? value : undefined;
}

class Choice extends Widget implements Dialog.IBodyWidget<string> {
  constructor(told: string) {
    const choices = lessons.map(({ file, title }, i) => {
      const radio = make("input", { type: "radio", name: "embw-lesson", value: file, checked: i === 0 });
      return make("label", {}, {}, radio, make("span", { textContent: title }));
    });
    super({ node: make("fieldset", {}, {}, make("legend", { textContent: told }), ...choices) });
    this.addClass("embw-lab-lessons");
  }

  getValue(): string {
    return this.node.querySelector<HTMLInputElement>("input:checked")?.value ?? "";
  }
}
