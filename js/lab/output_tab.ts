/** A view that asks for a tab of its own (`embwidget:open-in-tab`) gets its cell's output in one. */
import type { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";
import type { Desk } from "./desk";

const EVENT = "embwidget:open-in-tab";
const CREATE = "notebook:create-output-view";

/** Answers views that ask; what no notebook here holds is left to the view. */
export function openOutputsInTabs(desk: Desk, tracker: INotebookTracker | null): void {
  if (!tracker) return;
  document.addEventListener(EVENT, (event) => {
    const asked = event.target;
    if (!(asked instanceof Node) || event.defaultPrevented || !desk.app.commands.hasCommand(CREATE)) return;
    const panel = tracker.find((one) => one.content.node.contains(asked));
    const index = panel?.content.widgets.findIndex((cell) => cell.node.contains(asked)) ?? -1;
    if (!panel || index < 0) return;
    event.preventDefault();
    void openInTab(desk, panel, () => {
      panel.content.activeCellIndex = index;
    });
  });
}

/** JupyterLab's own view of an output, which comes again with the layout, moved from below into the tabs. */
async function openInTab(desk: Desk, panel: NotebookPanel, choose: () => void): Promise<void> {
  const { shell, commands } = desk.app;
  shell.activateById(panel.id);
  choose();
  const before = new Set([...shell.widgets("main")].map((one) => one.id));
  await commands.execute(CREATE);
  const made = [...shell.widgets("main")].find((one) => !before.has(one.id));
  if (!made) return;
  shell.add(made, "main", { ref: panel.id, mode: "tab-after" });
  made.title.label = desk.trans.__("View of %1", panel.title.label);
  shell.activateById(made.id);
}
