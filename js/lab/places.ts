/** Paths of the file browser, which begin at the server's folder and may name a drive: `RTC:data/old.npy`. */

/** How files and folders end that `embwidget.open` reads. */
const EMBEDDING = /\.(npy|npz|safetensors|parquet|pq|arrow|feather|ipc|h5ad|h5|hdf5|faiss|zarr|lance)$/i;

export const isEmbedding = (path: string): boolean => EMBEDDING.test(path);

/** Of what `Result.save` wrote: by its own ending, or any archive of arrays, which only opening can tell. */
export const mayBeResult = (path: string): boolean => /\.(embw|npz)$/i.test(path);

const split = (path: string): [drive: string, parts: string[]] => {
  const [, drive = "", local = ""] = /^([^/:]*:)?(.*)$/s.exec(path) ?? [];
  return [drive, local.split("/").filter((part) => part !== "")];
};

export const fileName = (path: string): string => split(path)[1].at(-1) ?? "";

/** The name without its ending. */
export const stem = (path: string): string => fileName(path).replace(/(?!^)\.[^.]*$/, "");

/** The folder that something lies in, as the file browser writes it. */
export function folderOf(path: string): string {
  const [drive, parts] = split(path);
  return drive + parts.slice(0, -1).join("/");
}

export const inside = (folder: string, name: string): string =>
  folder === "" || folder.endsWith("/") || folder.endsWith(":") ? folder + name : `${folder}/${name}`;

/** How Python, begun in the folder, reaches the file. */
export function relativeTo(folder: string, path: string): string {
  const [, from] = split(folder);
  const [, to] = split(path);
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/");
}

/** The first of name.end, name-1.end, name-2.end, ... that is not taken. */
export function freeName(file: string, taken: ReadonlySet<string>): string {
  const [, start = file, end = ""] = /^(.+?)(\.[^.]+)?$/s.exec(file) ?? [];
  let name = file;
  for (let i = 1; taken.has(name); i++) name = `${start}-${i}${end}`;
  return name;
}
