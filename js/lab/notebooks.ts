/** Notebooks that are written beside what is there: copies of the lessons, and those made for two embeddings. */
import type { ServiceManager } from "@jupyterlab/services";
import { freeName, inside } from "./places";

type Contents = ServiceManager.IManager["contents"];

export interface Bundled {
  /** File name, such as 01_compare.ipynb. */
  readonly file: string;
  /** What it is about and its first heading. */
  readonly title: string;
  readonly load: () => Promise<{ default: unknown }>;
}

/** Writes the notebook into the folder under the first name that is free, and returns its path. */
export async function writeInto(
  contents: Pick<Contents, "get" | "save">,
  folder: string,
  file: string,
  content: unknown,
): Promise<string> {
  const listing = await contents.get(folder, { content: true });
  const present = (listing.content as readonly { name: string }[]).map((entry) => entry.name);
  const path = inside(folder, freeName(file, new Set(present)));
  await contents.save(path, { type: "notebook", format: "json", content });
  return path;
}

/** Writes a copy of a lesson into the folder, and returns the copy's path. */
export async function copyInto(
  contents: Pick<Contents, "get" | "save">,
  folder: string,
  notebook: Bundled,
): Promise<string> {
  return writeInto(contents, folder, notebook.file, (await notebook.load()).default);
}
