/** The dialog that asks what to compare, and how; it comes again, as it was left, until its answer can be written. */
import { Dialog } from "@jupyterlab/apputils";
import { FileDialog } from "@jupyterlab/filebrowser";
import type { Desk } from "../desk";
import { isEmbedding } from "../places";
import { type Draft, DraftForm } from "./compare_form";
import { type Comparing, refusedDescription, type Source } from "./compare_notebook";
import { pythonKernels, type RunningKernel } from "./kernel_arrays";

/** What is compared, and the kernel that has the variables, where some are. */
export interface Asked {
  readonly comparing: Comparing;
  readonly kernel: RunningKernel | undefined;
  /** Names that the kernel has already. */
  readonly taken: ReadonlySet<string>;
}

/** Asks until the answer can be written, or is given up: undefined. */
export async function askComparing(desk: Desk, paths: readonly string[]): Promise<Asked | undefined> {
  const { metric, k, maps } = desk.preferences();
  const files = [paths[0] ?? "", paths[1] ?? ""].map((path) => ({ kind: "file" as const, path, variable: "" }));
  let draft: Draft = { sources: [files[0], files[1]], kernel: "", metric, k, labels: "", pictures: "" };
  let problem = "";
  let focus = paths.length === 1 ? 1 : 0;
  const { serviceManager } = desk.app;
  await serviceManager.sessions.refreshRunning().catch(() => undefined);
  const kernels = pythonKernels(serviceManager);
  const known = await filesHere(desk);
  for (;;) {
    const form = new DraftForm(desk, draft, { kernels, known, problem });
    const title = desk.trans.__("Compare embeddings");
    const dialog = new Dialog({
      title,
      body: form,
      buttons: [Dialog.cancelButton(), Dialog.okButton({ label: desk.trans.__("Compare") })],
      focusNodeSelector: `#embw-path-${focus}`,
    });
    dialog.node.ariaLabel = title;
    form.onBrowse = () => dialog.reject();
    const { button } = await dialog.launch();
    draft = form.getValue();
    problem = "";
    if (form.browsing !== undefined) {
      focus = form.browsing;
      draft = await browsed(desk, draft, focus);
    } else if (!button.accept) return undefined;
    else {
      problem = await problemOf(desk, draft, form.variables);
      if (problem === "") return answer(draft, maps, kernels, form.taken);
    }
  }
}

function answer(draft: Draft, maps: string, kernels: readonly RunningKernel[], taken: readonly string[]): Asked {
  const comparing = comparingOf(draft, maps);
  const ofKernel = comparing.sources.some((one) => one.kind === "variable");
  const kernel = ofKernel ? kernels.find((one) => one.id === draft.kernel) : undefined;
  return { comparing, kernel, taken: new Set(ofKernel ? taken : []) };
}

function comparingOf(draft: Draft, maps: string): Comparing {
  const source = (i: 0 | 1): Source => {
    const { kind, path, variable } = draft.sources[i];
    return kind === "file" ? { kind, path } : { kind, name: variable };
  };
  return { ...draft, maps, sources: [source(0), source(1)] };
}

/** Another dialog cannot stand over this one: it comes in its place. */
async function browsed({ browser }: Desk, draft: Draft, place: number): Promise<Draft> {
  if (!browser) return draft;
  const { value } = await FileDialog.getOpenFiles({
    manager: browser.model.manager,
    filter: (item) => (item.type === "directory" || isEmbedding(item.name) ? {} : null),
  });
  const chosen = value?.find((item) => isEmbedding(item.path));
  if (!chosen) return draft;
  const sources = draft.sources.map((one, i) => (i === place ? { ...one, path: chosen.path } : one));
  return { ...draft, sources: [sources[0], sources[1]] };
}

/** Embeddings in the folder that the file browser shows, to be offered while a path is typed. */
async function filesHere({ app, browser }: Desk): Promise<string[]> {
  try {
    const folder = await app.serviceManager.contents.get(browser?.model.path ?? "", { content: true });
    const listed = folder.content as readonly { path: string }[];
    return listed.map((one) => one.path).filter(isEmbedding);
  } catch {
    return [];
  }
}

/** Why this cannot be compared, in one sentence; empty where it can. */
async function problemOf(desk: Desk, draft: Draft, variables: ReadonlySet<string>): Promise<string> {
  const { trans, app } = desk;
  for (const { kind, path, variable } of draft.sources) {
    if (kind === "variable") {
      if (!variables.has(variable)) return trans.__("Choose a variable, or a file in its place.");
      continue;
    }
    if (!isEmbedding(path))
      return trans.__("%1 is no file that embwidget opens: .npy, .npz, .parquet, .safetensors, .arrow, .h5ad.", path);
    const found = await app.serviceManager.contents.get(path, { content: false }).catch(() => undefined);
    if (!found) return trans.__("There is no file %1; paths begin at the top folder of the file browser.", path);
  }
  if (!(Number.isInteger(draft.k) && draft.k >= 1)) return trans.__("Neighbours are counted: 1 or more.");
  const refused = refusedDescription(comparingOf(draft, "pca"));
  if (refused === "labels")
    return trans.__("Labels: give a variable of the kernel, or a .npy file of one label a row.");
  if (refused === "pictures")
    return trans.__("Pictures: give a column of the first file, or a variable of the kernel.");
  return "";
}
