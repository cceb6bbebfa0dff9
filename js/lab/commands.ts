/** The commands, and where they are found: in the palette and on the launcher; menus are declared in schema/plugin.json. */
import type { ICommandPalette } from "@jupyterlab/apputils";
import type { ILauncher } from "@jupyterlab/launcher";
import { compare, openResultNotebook } from "./compare/compare";
import { type Desk, selectedPaths } from "./desk";
import { icon } from "./icon";
import { askLesson, FILES, lesson, openLesson } from "./lessons";
import { isEmbedding, mayBeResult } from "./places";
import { VIEWER } from "./results/result_viewer";

const CATEGORY = "embwidget";
const COMPARE = "embwidget:compare";
const COMPARE_SELECTED = "embwidget:compare-selected";
const LESSONS = "embwidget:lessons";
const OPEN_LESSON = "embwidget:open-notebook";
const OPEN_RESULT = "embwidget:open-result";
const RESULT_NOTEBOOK = "embwidget:result-notebook";

/** What commands are called with; JupyterLab's launcher adds cwd. */
interface Arguments {
  readonly paths?: readonly string[];
  readonly path?: string;
  readonly notebook?: string;
  readonly card?: boolean;
  readonly cwd?: string;
}

const text = (description: string) => ({ type: "string", description }) as const;
const takes = <P extends object>(properties: P) => ({ args: { type: "object" as const, properties } });
const CWD = text("Folder that gets the copy; by default the file browser's");

export function addCommands(desk: Desk, palette: ICommandPalette | null, launcher: ILauncher | null): void {
  addComparing(desk);
  addLessons(desk);
  addResults(desk);
  palette?.addItem({ command: COMPARE, category: CATEGORY });
  palette?.addItem({ command: LESSONS, category: CATEGORY });
  for (const notebook of FILES) palette?.addItem({ command: OPEN_LESSON, category: CATEGORY, args: { notebook } });
  launcher?.add({ command: COMPARE, category: CATEGORY, rank: 0, args: { card: true } });
  launcher?.add({ command: LESSONS, category: CATEGORY, rank: 1, args: { card: true } });
}

function addComparing(desk: Desk): void {
  const { app, trans } = desk;
  const paths = { type: "array", items: { type: "string" }, description: "Files that the dialog begins with" } as const;
  app.commands.addCommand(COMPARE, {
    label: trans.__("Compare embeddings…"),
    caption: trans.__("Write and run a notebook that compares two files or two variables"),
    icon,
    describedBy: takes({ paths }),
    execute: (args) => compare(desk, (args as Arguments).paths ?? chosen(desk)),
  });
  app.commands.addCommand(COMPARE_SELECTED, {
    label: trans.__("Compare embeddings…"),
    caption: trans.__("Write and run a notebook that compares the selected files"),
    icon,
    describedBy: takes({}),
    isVisible: () => chosen(desk).length > 0,
    execute: () => compare(desk, chosen(desk)),
  });
}

/** What is selected in the file browser, where it is one embedding or two and nothing else. */
function chosen(desk: Desk): string[] {
  const paths = selectedPaths(desk);
  return paths.length <= 2 && paths.every(isEmbedding) ? paths : [];
}

function addLessons(desk: Desk): void {
  const { app, trans, browser } = desk;
  const folder = (args: Arguments) => args.cwd ?? browser?.model.path ?? "";
  app.commands.addCommand(LESSONS, {
    label: (args) => (args.card ? trans.__("Lessons") : trans.__("Lessons of embwidget…")),
    caption: trans.__("Notebooks that teach how embeddings are compared, on bundled data"),
    icon,
    describedBy: takes({ card: { type: "boolean", description: "Whether it is the launcher's card" }, cwd: CWD }),
    execute: async (args) => {
      const file = await askLesson(desk);
      if (file !== undefined) await openLesson(desk, folder(args as Arguments), file);
    },
  });
  app.commands.addCommand(OPEN_LESSON, {
    label: (args) => trans.__("embwidget: %1", lesson((args as Arguments).notebook).title),
    caption: (args) => trans.__("Open a copy of %1 in the current folder", lesson((args as Arguments).notebook).file),
    describedBy: takes({ notebook: { ...text("File name of the lesson"), enum: FILES }, cwd: CWD }),
    execute: (args) => openLesson(desk, folder(args as Arguments), (args as Arguments).notebook),
  });
}

function addResults(desk: Desk): void {
  const { app, trans } = desk;
  const one = (args: Arguments) => args.path ?? (selectedPaths(desk).length === 1 ? selectedPaths(desk)[0] : undefined);
  const isVisible = (args: object) => mayBeResult(one(args as Arguments) ?? "");
  const path = text("The saved result; by default the one that is selected in the file browser");
  app.commands.addCommand(OPEN_RESULT, {
    label: trans.__("Show saved result"),
    caption: trans.__("Show the views of a result that embwidget saved"),
    icon,
    describedBy: takes({ path }),
    isVisible,
    execute: (args) => app.commands.execute("docmanager:open", { path: one(args as Arguments) ?? "", factory: VIEWER }),
  });
  app.commands.addCommand(RESULT_NOTEBOOK, {
    label: trans.__("Open saved result as notebook"),
    caption: trans.__("Load a result that embwidget saved in a notebook of its own"),
    icon,
    describedBy: takes({ path }),
    isVisible,
    execute: (args) => openResultNotebook(desk, one(args as Arguments) ?? ""),
  });
}
