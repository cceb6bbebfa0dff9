import { expect, test } from "vitest";
import { SceneData } from "../../../src/state/data";
import { classRows, standing } from "../../../src/views/rows/class_numbers";
import { pOf, rankItems, sharedTail } from "../../../src/views/rows/ranking";
import { FakeModel, K_MAX, N, NULL, sampleState, sharedCount, wire } from "../../support/model";

const made = (change = {}) => new SceneData(new FakeModel(sampleState(change)).model);
const none = { changed: wire("<u4", [0], []), changed_value: wire("<f4", [0], []), changed_p: wire("<f4", [0], []) };

function choose(n: number, k: number): number {
  let found = 1;
  for (let i = 1; i <= k; i++) found = (found * (n - k + i)) / i;
  return found;
}

test("the tail is that of two random choices of k among the others", () => {
  for (const [n, k] of [
    [40, 1],
    [40, 5],
    [12, 7],
    [9, 8],
  ]) {
    const tail = sharedTail(n, k);
    const p = (x: number) => (choose(k, x) * choose(n - 1 - k, k - x)) / choose(n - 1, k);
    for (let x = 0; x <= k; x++) {
      let sum = 0;
      for (let more = x; more <= k; more++) sum += k - more <= n - 1 - k ? p(more) : 0;
      expect(tail[x]).toBeCloseTo(Math.min(1, sum), 12);
    }
  }
  // scipy.stats.hypergeom.sf(30, 4999, 300, 300), scipy.stats.hypergeom.sf(2, 999_999, 100, 100)
  expect(sharedTail(5000, 300)[31]).toBeCloseTo(0.001785779658312829, 12);
  expect(sharedTail(1_000_000, 100)[3] / 1.5577926879436452e-7).toBeCloseTo(1, 9);
});

test("items are ranked by their chance-adjusted similarity, averaged over ln k", () => {
  const data = made(none);
  const { order, rank, agreement } = rankItems(data);
  const weights = Array.from({ length: K_MAX }, (_, j) => 1 / (j + 1));
  const total = weights.reduce((a, b) => a + b);
  for (const row of [0, 17, 39]) {
    const mean = weights.reduce((sum, w, j) => {
      const [k, x] = [j + 1, sharedCount(row, j + 1)];
      return sum + ((w / total) * (x / (2 * k - x) - NULL.nngs[j])) / (1 - NULL.nngs[j]);
    }, 0);
    expect(agreement[row]).toBeCloseTo(mean, 6);
  }
  expect(order.length).toBe(N);
  for (let i = 1; i < N; i++) expect(agreement[order[i]]).toBeGreaterThanOrEqual(agreement[order[i - 1]]);
  expect(rank[order[7]]).toBe(8);
});

test("what Python listed stands first, as it stands", () => {
  const { order, agreement } = rankItems(made());
  expect([...order.slice(0, 3)]).toEqual([17, 4, 30]);
  expect([agreement[17], agreement[4]]).toEqual([0, 0.125]);
  expect(new Set(order).size).toBe(N);
});

test("an item's p is the tail at its count, and none where there are placeholders", () => {
  const tail = sharedTail(N, 5);
  expect(pOf(made(), tail, 3, 5)).toBe(tail[sharedCount(3, 5)]);
  expect(pOf(made({ p_by_count: false }), tail, 3, 5)).toBeNaN();
});

test("classes keep what their items keep on average, beside all items, with Python's intervals", () => {
  // Low and high of the mean share, then of the difference; class 2 has none.
  const ends = [0.2, 0.6, -0.3, -0.1].flatMap((end) =>
    [0, 1, 2].flatMap((code) => new Array(K_MAX).fill(code < 2 ? end : Number.NaN)),
  );
  const data = made({ class_interval: wire("<f4", [4, 3, K_MAX], ends) });
  const rows = classRows(data, 5);
  expect(rows.map((row) => row.name).sort()).toEqual(["<b>birds</b>", "cats", "dogs"]);
  const all = Array.from({ length: N }, (_, i) => i);
  const mean = (of: number[]) => of.reduce((sum, i) => sum + sharedCount(i, 5), 0) / of.length;
  for (const row of rows) {
    const own = all.filter((i) => data.codes[i] === row.code);
    expect([row.size, row.kept]).toEqual([own.length, expect.closeTo(mean(own), 12)]);
    expect(row.against).toBeCloseTo(mean(own) - mean(all), 12);
    expect(row.low).toEqual(row.code < 2 ? expect.closeTo(1, 6) : Number.NaN);
    expect(standing(row)).toBe(row.code < 2 ? "below" : "");
  }
  expect(rows[0].againstLow).toBeCloseTo(-1.5, 6);
  expect(classRows(made(), 5)[0].low).toBeNaN();
});

test("a class is apart from all items only where 0 is outside its interval", () => {
  const [row] = classRows(made(), 5);
  expect(standing({ ...row, againstLow: 0.1, againstHigh: 0.3 })).toBe("above");
  expect(standing({ ...row, againstLow: -0.1, againstHigh: 0.3 })).toBe("");
});
