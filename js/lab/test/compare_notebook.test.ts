import { describe, expect, it } from "vitest";
import {
  type Comparing,
  compareCells,
  notebookOf,
  refusedDescription,
  resultCells,
  titles,
} from "../compare/compare_notebook";

const file = (path: string) => ({ kind: "file", path }) as const;
const variable = (name: string) => ({ kind: "variable", name }) as const;
const asked = (given: Partial<Comparing>): Comparing => ({
  sources: [file("data/old.npy"), file("data/new.npy")],
  metric: "cosine",
  k: 10,
  maps: "pca",
  labels: "",
  pictures: "",
  ...given,
});
const code = (given: Partial<Comparing>, folder = "data", taken: string[] = []) =>
  compareCells(asked(given), folder, new Set(taken)).map((cell) => cell.source);

describe("compareCells", () => {
  it("writes five cells: title, open, compare, show, what next", () => {
    const [title, open, compare, show, next] = code({});
    expect(title).toMatch(/^# old and new\n/);
    expect(open).toBe(
      'import embwidget as ew\n\nfirst = ew.open("old.npy")\nsecond = ew.open("new.npy")\nfirst, second',
    );
    expect(compare).toContain('    first, second,\n    names=("old", "new"),\n    metric="cosine",\n    k=10,\n)');
    expect(show).toBe("ew.show(comparison)");
    expect(next.split("\n").every((line) => line.startsWith("#"))).toBe(true);
  });
  it("reaches files from the notebook's folder", () => {
    expect(code({ sources: [file("a/b/old.npy"), file("c/new.npz")] }, "a/b")[1]).toContain(
      'second = ew.open("../../c/new.npz")',
    );
  });
  it("uses variables by their names and makes none that the kernel has", () => {
    const [, open, compare] = code({ sources: [variable("clip"), variable("dino")] }, "", ["comparison", "first"]);
    expect(open).toBe("import embwidget as ew\n\nclip.shape, dino.shape");
    expect(compare).toMatch(/^comparison_2 = ew\.compare\(\n {4}clip, dino,\n {4}names=\("clip", "dino"\)/);
    expect(code({ sources: [file("x.npy"), variable("dino")] }, "", ["first"])[1]).toContain(
      'first_2 = ew.open("x.npy")',
    );
  });
  it.each([
    [{ labels: "cell type" }, 'ew.open("old.npy", labels="cell type")', undefined],
    [{ labels: "l", pictures: "p" }, 'ew.open("old.npy", labels="l", images="p")', undefined],
    [{ labels: "data/y.npy" }, 'items = ew.Items(labels=numpy.load("y.npy"))', "items=items"],
    [{ labels: "t.parquet" }, 'items = ew.sources.described_rows("../t.parquet", first)', "items=items"],
    [{ sources: [variable("a"), variable("b")], labels: "y" }, "a.shape, b.shape", "items=ew.Items(labels=y)"],
    [{ maps: "umap" }, "first, second", 'maps="umap"'],
  ] as const)("describes the items: %j", (given, open, compare) => {
    const cells = code(given as Partial<Comparing>);
    expect(cells[1]).toContain(open);
    expect(cells[2]).toContain(compare ?? "k=10,\n)");
  });
  it("takes names of files as data", () => {
    const [title, open, , , next] = code({ sources: [file('a"\n#<b>.npy'), file("__import__.npy")] }, "");
    expect(title.split("\n")[0]).toBe('# a\\"\\#\\<b\\> and \\_\\_import\\_\\_'.replace('\\"\\#', '\\" \\#'));
    expect(open).toContain('first = ew.open("a\\"\\u000a#<b>.npy")');
    expect(next).not.toMatch(/^[^#]/m);
  });
});

describe("refusedDescription", () => {
  it.each([
    [{}, undefined],
    [{ labels: "any column", pictures: "another" }, undefined],
    [{ pictures: "p.npy" }, "pictures"],
    [{ labels: "y.npy", pictures: "p" }, "pictures"],
    [{ sources: [variable("a"), variable("b")], labels: "1 + 1" }, "labels"],
    [{ sources: [variable("a"), variable("b")], labels: "y.parquet" }, "labels"],
    [{ sources: [variable("a"), variable("b")], labels: "y.npy" }, undefined],
    [{ sources: [variable("a"), variable("b")], pictures: "f()" }, "pictures"],
  ] as const)("%j: %s", (given, refused) => {
    expect(refusedDescription(asked(given as Partial<Comparing>))).toBe(refused);
  });
});

describe("titles", () => {
  it.each([
    ["a/old.npy", "b/new.npz", ["old", "new"]],
    ["a/x.npy", "b/x.npy", ["a/x.npy", "b/x.npy"]],
    ["a/x.npy", "a/x.npy", ["x", "x (2)"]],
    [".npy", "b/x.y.npy", [".npy", "x.y"]],
  ])("of %s and %s", (one, other, expected) => {
    expect(titles([file(one), file(other)])).toEqual(expected);
  });
});

describe("notebookOf", () => {
  it("is a notebook of format 4.5 without outputs, each cell with an id of its own", () => {
    const made = notebookOf(resultCells("d/x.embw", "d"), { name: "py", display_name: "P" }) as {
      cells: { id: string; cell_type: string; source: string; outputs?: unknown[] }[];
      nbformat: number;
    };
    expect(made.nbformat).toBe(4);
    expect(new Set(made.cells.map((cell) => cell.id)).size).toBe(3);
    expect(made.cells[1].source).toContain('result = ew.load("x.embw")');
    expect(made.cells.filter((cell) => cell.cell_type === "code").every((cell) => cell.outputs?.length === 0)).toBe(
      true,
    );
  });
});
