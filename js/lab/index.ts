/** The JupyterLab plugin: a launcher card and palette commands that open copies of the example notebooks. */

import notebooks from "embwidget:notebooks";
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, showErrorMessage } from "@jupyterlab/apputils";
import { IDefaultFileBrowser } from "@jupyterlab/filebrowser";
import { ILauncher } from "@jupyterlab/launcher";
import { LabIcon } from "@jupyterlab/ui-components";
import svgstr from "./icon.svg";
import { type Bundled, copyInto } from "./notebooks";
import still from "./still.css";

const CATEGORY = "embwidget";
const OPEN = "embwidget:open-notebook";
const CARD = "Compare embeddings";

const icon = new LabIcon({ name: "embwidget:maps", svgstr });

/** What the command is called with; JupyterLab's launcher adds cwd. */
interface Arguments {
  notebook?: string;
  card?: boolean;
  cwd?: string;
}

const schema = {
  type: "object",
  properties: {
    notebook: { type: "string", description: "File name of the bundled notebook", enum: notebooks.map((n) => n.file) },
    card: { type: "boolean", description: "Whether the command is shown as the launcher card" },
    cwd: { type: "string", description: "Folder that gets the copy; by default the file browser's" },
  },
} as const;

function chosen(args: Arguments): Bundled {
  const found = args.notebook === undefined ? notebooks[0] : notebooks.find((n) => n.file === args.notebook);
  if (!found) {
    const known = notebooks.map((n) => n.file).join(", ");
    throw new Error(`expected one of the notebooks ${known} but got ${args.notebook}`);
  }
  return found;
}

async function open(app: JupyterFrontEnd, folder: string, args: Arguments): Promise<void> {
  try {
    const path = await copyInto(app.serviceManager.contents, folder, chosen(args));
    await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  } catch (error) {
    await showErrorMessage("Could not open the embwidget notebook", error as Error);
  }
}

/** In a notebook that is not trusted no output has a style of its own: of a view and its still one is seen. */
function showStills(): void {
  const style = document.createElement("style");
  style.textContent = still;
  document.head.append(style);
}

function activate(
  app: JupyterFrontEnd,
  palette: ICommandPalette | null,
  launcher: ILauncher | null,
  browser: IDefaultFileBrowser | null,
): void {
  showStills();
  app.commands.addCommand(OPEN, {
    label: (args) => (args.card ? CARD : `embwidget: ${chosen(args as Arguments).title}`),
    caption: (args) => `Open a copy of ${chosen(args as Arguments).file} in the current folder`,
    icon: (args) => (args.card ? icon : undefined),
    describedBy: { args: schema },
    execute: (args) => {
      const given = args as Arguments;
      return open(app, given.cwd ?? browser?.model.path ?? "", given);
    },
  });
  for (const { file } of notebooks) palette?.addItem({ command: OPEN, category: CATEGORY, args: { notebook: file } });
  const first = notebooks[0];
  if (first) {
    launcher?.add({ command: OPEN, category: CATEGORY, rank: 1, args: { notebook: first.file, card: true } });
  }
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: "embwidget:plugin",
  description: "Opens example notebooks that compare embeddings.",
  autoStart: true,
  optional: [ICommandPalette, ILauncher, IDefaultFileBrowser],
  activate,
};

export default plugin;
