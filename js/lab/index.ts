/** The JupyterLab plugin: cards, commands and menus that compare embeddings, lessons, and a viewer of saved results. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { IDefaultFileBrowser } from "@jupyterlab/filebrowser";
import { ILauncher } from "@jupyterlab/launcher";
import { INotebookTracker } from "@jupyterlab/notebook";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { ITranslator, nullTranslator } from "@jupyterlab/translation";
import { addCommands } from "./commands";
import { type Desk, followSettings } from "./desk";
import { icon } from "./icon";
import look from "./look.css";
import { openOutputsInTabs } from "./output_tab";
import { addResultViewer } from "./results/result_viewer";
import still from "./still.css";

const PLUGIN = "embwidget:plugin";

/** The dialog's and the viewer's; and in a notebook that is not trusted, where no output has a style of its own, a still's. */
function addStyle(): void {
  const style = document.createElement("style");
  style.textContent = `${still}\n${look}`;
  document.head.append(style);
}

function activate(
  app: JupyterFrontEnd,
  palette: ICommandPalette | null,
  launcher: ILauncher | null,
  browser: IDefaultFileBrowser | null,
  translator: ITranslator | null,
  settings: ISettingRegistry | null,
  notebooks: INotebookTracker | null,
  restorer: ILayoutRestorer | null,
): void {
  const trans = (translator ?? nullTranslator).load("embwidget");
  const desk: Desk = { app, trans, browser, preferences: followSettings(settings, PLUGIN) };
  addStyle();
  addCommands(desk, palette, launcher);
  addResultViewer(desk, restorer, icon);
  openOutputsInTabs(desk, notebooks);
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: "Compares embeddings, opens lessons that teach it, and shows saved results.",
  autoStart: true,
  optional: [
    ICommandPalette,
    ILauncher,
    IDefaultFileBrowser,
    ITranslator,
    ISettingRegistry,
    INotebookTracker,
    ILayoutRestorer,
  ],
  activate,
};

export default plugin;
