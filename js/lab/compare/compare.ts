/** Compare embeddings…: the dialog, the notebook that is made of its answer, and its run. */
import { showErrorMessage } from "@jupyterlab/apputils";
import { type Desk, pythonSpec } from "../desk";
import { writeInto } from "../notebooks";
import { fileName, folderOf, stem } from "../places";
import { openAndRun } from "../run_notebook";
import { type Asked, askComparing } from "./compare_dialog";
import { compareCells, notebookOf, resultCells, titles } from "./compare_notebook";

/** Asks what to compare, begun with these files, then writes the notebook beside them and runs it. */
export async function compare(desk: Desk, paths: readonly string[]): Promise<void> {
  const { trans } = desk;
  try {
    const asked = await askComparing(desk, paths);
    if (asked) await writeAndRun(desk, asked);
  } catch (error) {
    await showErrorMessage(trans.__("Could not compare the embeddings"), error as Error);
  }
}

async function writeAndRun(desk: Desk, { comparing, kernel, taken }: Asked): Promise<void> {
  const { trans, app } = desk;
  const [first] = comparing.sources;
  // The kernel of a notebook works in that notebook's folder, one that is begun here beside the first file.
  const folder = kernel ? folderOf(kernel.path) : first.kind === "file" ? folderOf(first.path) : "";
  const names = titles(comparing.sources);
  const content = notebookOf(compareCells(comparing, folder, taken), pythonSpec(desk));
  const file = `compare ${names.join(" and ")}`.replaceAll(/[/\\:*?"<>|\p{C}]/gu, "_").replaceAll(" ", "_");
  const path = await writeInto(app.serviceManager.contents, folder, `${file.slice(0, 80)}.ipynb`, content);
  await openAndRun(desk, path, kernel, {
    pending: trans.__("Comparing %1 and %2…", ...names),
    success: trans.__("%1 and %2 are compared.", ...names),
    error: trans.__("%1 and %2 could not be compared: the notebook says why.", ...names),
  });
}

/** A saved result in a notebook of its own, where its views are linked to Python. */
export async function openResultNotebook(desk: Desk, result: string): Promise<void> {
  const { trans, app } = desk;
  const folder = folderOf(result);
  const name = fileName(result);
  try {
    const content = notebookOf(resultCells(result, folder), pythonSpec(desk));
    const path = await writeInto(app.serviceManager.contents, folder, `${stem(result)}.ipynb`, content);
    await openAndRun(desk, path, undefined, {
      pending: trans.__("Loading %1…", name),
      success: trans.__("%1 is loaded.", name),
      error: trans.__("%1 could not be loaded: the notebook says why.", name),
    });
  } catch (error) {
    await showErrorMessage(trans.__("Could not open %1 as a notebook", name), error as Error);
  }
}
