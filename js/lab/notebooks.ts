/** The example notebooks that travel inside the extension, and how a copy of one reaches the user's folder. */
import type { JupyterFrontEnd } from "@jupyterlab/application";

type Contents = JupyterFrontEnd["serviceManager"]["contents"];

export interface Bundled {
  /** File name, such as 01_compare.ipynb. */
  readonly file: string;
  /** What it is about and its first heading. */
  readonly title: string;
  readonly load: () => Promise<{ default: unknown }>;
}

/** The first of name.ipynb, name-1.ipynb, name-2.ipynb, ... that is not taken. */
export function freeName(file: string, taken: ReadonlySet<string>): string {
  const stem = file.replace(/\.ipynb$/, "");
  let name = file;
  for (let i = 1; taken.has(name); i++) name = `${stem}-${i}.ipynb`;
  return name;
}

/** Writes a copy of the notebook into the folder beside what is there, and returns the copy's path. */
export async function copyInto(
  contents: Pick<Contents, "get" | "save">,
  folder: string,
  notebook: Bundled,
): Promise<string> {
  const [listing, source] = await Promise.all([contents.get(folder, { content: true }), notebook.load()]);
  const present = (listing.content as readonly { name: string }[]).map((entry) => entry.name);
  const name = freeName(notebook.file, new Set(present));
  const separator = folder === "" || folder.endsWith("/") || folder.endsWith(":") ? "" : "/";
  const path = `${folder}${separator}${name}`;
  await contents.save(path, { type: "notebook", format: "json", content: source.default });
  return path;
}
