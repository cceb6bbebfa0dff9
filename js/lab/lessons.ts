/** The lessons: notebooks that travel inside the extension, of which a copy is opened in the user's folder. */
import lessons from "embwidget:notebooks";
import { Dialog, showDialog, showErrorMessage } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";
import type { Desk } from "./desk";
import { make, makeSelect } from "./dom";
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
  const { button, value } = await showDialog({
    title: trans.__("Lessons"),
    body,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__("Open a copy") })],
    focusNodeSelector: "select",
  });
  return button.accept && value ? value : undefined;
}

class Choice extends Widget implements Dialog.IBodyWidget<string> {
  private readonly select: HTMLSelectElement;

  constructor(told: string) {
    const select = makeSelect(
      "embw-lesson",
      lessons.map(({ file, title }) => [file, title] as const),
      FILES[0] ?? "",
    );
    select.size = Math.max(2, lessons.length);
    super({ node: make("div", {}, {}, make("label", { textContent: told }, { for: select.id }), select) });
    this.select = select;
    this.addClass("embw-lab-lessons");
  }

  getValue(): string {
    return this.select.value;
  }
}
