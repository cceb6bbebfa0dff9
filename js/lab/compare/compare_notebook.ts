/** The short notebook that compares two embeddings: a title, open, compare, show, and what next. */
import { isEmbedding, relativeTo, stem } from "../places";
import { isIdentifier, markdownText, pythonString } from "../python_source";

export type Source =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "variable"; readonly name: string };

/** What is compared, and how. */
export interface Comparing {
  readonly sources: readonly [Source, Source];
  readonly metric: string;
  readonly k: number;
  readonly maps: string;
  /** A column of the first file, a file, or a variable; empty for none. */
  readonly labels: string;
  readonly pictures: string;
}

interface Cell {
  readonly cell_type: "markdown" | "code";
  readonly source: string;
}

/** The cells, for a notebook in this folder; names that the kernel has already are left to it. */
export function compareCells(asked: Comparing, folder: string, taken: ReadonlySet<string>): Cell[] {
  const names = titles(asked.sources);
  const own = (name: string) => freeVariable(name, taken);
  const spaces = asked.sources.map((one, i) =>
    one.kind === "variable" ? one.name : own(i === 0 ? "first" : "second"),
  );
  const found = own("comparison");
  const { setUp, items } = described(asked, folder, spaces[0] ?? "", own("items"));
  const options = [
    `names=(${names.map(pythonString).join(", ")})`,
    `metric=${pythonString(asked.metric)}`,
    `k=${asked.k}`,
    ...(asked.maps === "pca" ? [] : [`maps=${pythonString(asked.maps)}`]),
    ...items,
  ];
  const both = spaces.join(", ");
  const ofKernel = (i: number) => asked.sources[i]?.kind === "variable";
  const seen = spaces.map((one, i) => (ofKernel(i) ? `${one}.shape` : one)).join(", ");
  const file = names.join(" and ").replaceAll(/[/\\:*?"<>|\p{C}]/gu, "_");
  return [
    markdown(
      `# ${names.map(markdownText).join(" and ")}\n\nHow alike are two embeddings of the same items, and where do they differ?`,
    ),
    code("import embwidget as ew", "", ...opened(asked, folder, spaces), ...setUp, seen),
    code(`${found} = ew.compare(`, `    ${both},`, ...options.map((one) => `    ${one},`), ")", found),
    code(`ew.show(${found})`),
    code(
      "# What next: take away a # and run this cell.",
      "# Which groups does one of them see and the other not?",
      `# ew.show(ew.spec(${both}, names=(${names.map(pythonString).join(", ")}), items=${found}.items))`,
      "# One file to send, which opens in any browser:",
      `# ew.to_html(${found}, ${pythonString(`${file}.html`)})`,
      "# The result itself, which opens here by a double click:",
      `# ${found}.save(${pythonString(`${file}.embw`)})`,
    ),
  ];
}

/** What the two are called: as short as tells them apart. */
export function titles([one, other]: Comparing["sources"]): [string, string] {
  const short = (source: Source) => (source.kind === "file" ? stem(source.path) : source.name);
  const long = (source: Source) => (source.kind === "file" ? source.path : source.name);
  if (short(one) !== short(other)) return [short(one), short(other)];
  return long(one) === long(other) ? [short(one), `${short(other)} (2)`] : [long(one), long(other)];
}

/** A notebook as Jupyter stores it. */
export function notebookOf(cells: readonly Cell[], kernel: { name: string; display_name: string }): object {
  const kernelspec = { ...kernel, language: "python" };
  const filled = cells.map((cell, i) => ({
    ...cell,
    id: `embwidget-${i + 1}`,
    metadata: {},
    ...(cell.cell_type === "code" ? { execution_count: null, outputs: [] } : {}),
  }));
  return { cells: filled, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
}

/** The cells that load a saved result and show it. */
export function resultCells(path: string, folder: string): Cell[] {
  return [
    markdown(`# ${markdownText(stem(path))}`),
    code("import embwidget as ew", "", `result = ew.load(${pythonString(relativeTo(folder, path))})`, "result"),
    code("ew.show(result)"),
  ];
}

function opened(asked: Comparing, folder: string, spaces: readonly string[]): string[] {
  return asked.sources.flatMap((one, i) => {
    if (one.kind === "variable") return [];
    const columns = i === 0 ? [...columnOf("labels", asked.labels), ...columnOf("images", asked.pictures)] : [];
    return [`${spaces[i]} = ew.open(${[pythonString(relativeTo(folder, one.path)), ...columns].join(", ")})`];
  });
}

const columnOf = (role: string, value: string): string[] =>
  value === "" || isEmbedding(value) ? [] : [`${role}=${pythonString(value)}`];

/** What the rows are, where the opened file itself does not say it. */
function described(
  { sources: [first], labels, pictures }: Comparing,
  folder: string,
  space: string,
  items: string,
): { setUp: string[]; items: string[] } {
  if (isEmbedding(labels)) {
    const path = pythonString(relativeTo(folder, labels));
    const read = isArray(labels)
      ? ["import numpy", "", `${items} = ew.Items(labels=numpy.load(${path}))`]
      : [`${items} = ew.sources.described_rows(${path}, ${space})`];
    return { setUp: read, items: [`items=${items}`] };
  }
  if (first.kind === "file") return { setUp: [], items: [] };
  const given = [labels && `labels=${labels}`, pictures && `images=${pictures}`].filter(Boolean);
  return { setUp: [], items: given.length > 0 ? [`items=ew.Items(${given.join(", ")})`] : [] };
}

/** Which of the two descriptions cannot be written so; undefined where both can. */
export function refusedDescription({
  sources: [first],
  labels,
  pictures,
}: Comparing): "labels" | "pictures" | undefined {
  if (pictures !== "" && (isEmbedding(labels) || isEmbedding(pictures))) return "pictures";
  if (first.kind === "file") return undefined;
  if (isEmbedding(labels) ? !isArray(labels) : labels !== "" && !isIdentifier(labels)) return "labels";
  return pictures === "" || isIdentifier(pictures) ? undefined : "pictures";
}

const isArray = (path: string): boolean => /\.npy$/i.test(path);

function freeVariable(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name}_${i}`;
  return free;
}

const markdown = (source: string): Cell => ({ cell_type: "markdown", source });
const code = (...lines: string[]): Cell => ({ cell_type: "code", source: lines.join("\n") });
