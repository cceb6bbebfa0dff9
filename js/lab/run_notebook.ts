/** A notebook that was just written: opened, run, and what became of it told. */
import { Notification } from "@jupyterlab/apputils";
import type { NotebookPanel } from "@jupyterlab/notebook";
import type { RunningKernel } from "./compare/kernel_arrays";
import type { Desk } from "./desk";

interface Told {
  readonly pending: string;
  readonly success: string;
  readonly error: string;
}

/** Opens the notebook, on the given kernel where there is one, and runs its cells. */
export async function openAndRun(
  desk: Desk,
  path: string,
  kernel: RunningKernel | undefined,
  told: Told,
): Promise<void> {
  const { commands } = desk.app;
  const given = kernel ? { kernel: { id: kernel.id } } : {};
  const panel = (await commands.execute("docmanager:open", { path, factory: "Notebook", ...given })) as
    | NotebookPanel
    | undefined;
  // Notebook 7 opens it in a browser tab of its own, where it is the user who runs it.
  if (!panel?.sessionContext || !commands.hasCommand("notebook:run-all-cells")) return;
  const ran = run(desk, panel);
  const reveal = { label: desk.trans.__("Show"), callback: () => desk.app.shell.activateById(panel.id) };
  Notification.promise(ran, {
    pending: { message: told.pending, options: { autoClose: false } },
    success: { message: () => told.success, options: { autoClose: 5000 } },
    error: { message: () => told.error, options: { actions: [reveal] } },
  });
  // What went wrong stands in the notebook and in the notification.
  await ran.catch(() => undefined);
}

async function run({ app }: Desk, panel: NotebookPanel): Promise<null> {
  await panel.context.ready;
  await panel.revealed;
  await panel.sessionContext.ready;
  await panel.sessionContext.session?.kernel?.info;
  app.shell.activateById(panel.id);
  await app.commands.execute("notebook:run-all-cells");
  const cells = panel.model?.sharedModel.cells ?? [];
  const outputs = cells.flatMap((cell) => (cell.cell_type === "code" ? cell.toJSON().outputs : []));
  if ((outputs as { output_type: string }[]).some((one) => one.output_type === "error"))
    throw new Error("a cell failed");
  return null;
}
