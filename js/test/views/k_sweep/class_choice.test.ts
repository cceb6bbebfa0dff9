// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { SceneData } from "../../../src/state/data";
import { ClassChoice, firstClasses } from "../../../src/views/k_sweep/class_choice";
import { standOut, sweepLines } from "../../../src/views/k_sweep/lines";
import { FakeModel, K_MAX, N, sampleState, sharedCount, wire } from "../../support/model";

/** So many classes in turn, of 40 items. */
const dataOf = (classes: number) => {
  const codes = Array.from({ length: N }, (_, i) => i % classes);
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
  return new SceneData(new FakeModel(sampleState({ label_names: names, label_codes: wire("<u2", [N], codes) })).model);
};

/** Counted from the neighbour lists. */
function lowest(classes: number, k: number): string[] {
  const kept = Array.from({ length: classes }, (_, c) => {
    const rows = Array.from({ length: N }, (_, i) => i).filter((i) => i % classes === c);
    return { name: `class ${c}`, mean: rows.reduce((sum, i) => sum + sharedCount(i, k), 0) / rows.length };
  });
  return kept.sort((a, b) => a.mean - b.mean).map(({ name }) => name);
}

test("lines are of the three classes that keep fewest neighbours at k, and of all on demand", () => {
  const data = dataOf(8);
  const life = new AbortController();
  let changed = 0;
  const choice = new ClassChoice(data, 5, () => changed++, life.signal);
  const names = () => choice.shown.map(({ name }) => name);
  expect(names()).toEqual(lowest(8, 5).slice(0, 3));
  expect(lowest(8, 5).slice(0, 3)).not.toEqual(["class 0", "class 1", "class 2"]);
  expect(choice.node.textContent).toBe("Show all 8 classes");
  choice.node.click();
  expect([names().length, changed, choice.node.textContent]).toEqual([8, 1, "Only the 3 lowest"]);
  choice.node.click();
  expect(names()).toEqual(lowest(8, 5).slice(0, 3));
});

test("of very many classes the largest are beside the lowest, and of few all are shown", () => {
  const life = new AbortController();
  const many = new ClassChoice(dataOf(15), 5, () => undefined, life.signal);
  const low = many.shown.map(({ name }) => name);
  expect(many.node.textContent).toBe("Show 12 of 15 classes");
  many.node.click();
  expect(many.shown).toHaveLength(12);
  expect(many.shown.map(({ name }) => name)).toEqual(expect.arrayContaining(low));
  const few = new ClassChoice(dataOf(4), 5, () => undefined, life.signal);
  expect([few.shown.length, few.node.hidden]).toEqual([4, true]);
});

test("classes of few items do not come first where others have more", () => {
  const codes = Array.from({ length: N }, (_, i) => (i < 30 ? i % 6 : 6 + (i % 2)));
  const names = Array.from({ length: 8 }, (_, c) => `class ${c}`);
  const large = Array.from({ length: 100 * N }, (_, i) => codes[i % N]);
  const counts = Array.from({ length: 100 * N * K_MAX }, (_, at) => (codes[Math.floor(at / K_MAX) % N] === 7 ? 0 : 1));
  const state = sampleState({
    n: 100 * N,
    label_names: [...names, "tiny"],
    label_codes: wire("<u2", [100 * N], [8, 8, ...large.slice(2)]),
    counts: wire(
      "|u1",
      [100 * N, K_MAX],
      counts.map((x, at) => (at < 2 * K_MAX ? 0 : x)),
    ),
    similarities: wire("<f4", [0, 0], []),
  });
  const first = firstClasses(new SceneData(new FakeModel(state).model), 5).map(({ name }) => name);
  expect(first[0]).toBe("class 7");
  expect(first).not.toContain("tiny");
});

test("the line that is pointed at stands out, and a line that is not there dims none", () => {
  const data = dataOf(8);
  const theme = { dark: false, background: [255, 255, 255], text: [0, 0, 0] } as const;
  const shown = { measure: "mutual_knn", selected: new Uint32Array(0), hovered: -1, pinned: -1 } as const;
  const lines = sweepLines(data, { ...shown, classes: firstClasses(data, 5) }, theme);
  expect(standOut(lines, undefined)).toEqual(lines);
  expect(standOut(lines, "hovered")).toEqual(lines);
  const faint = standOut(lines, "all").filter((line) => (line.opacity ?? 1) < 0.3);
  expect(faint).toHaveLength(lines.length - 1);
});
