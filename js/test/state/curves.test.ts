// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { agreementScale } from "../../src/map/colouring";
import { readTheme } from "../../src/page/theme";
import { adjusted, asMeasure, chanceBand, groupMeans, jaccard, rNx, rowMeans } from "../../src/state/curves";
import { SceneData } from "../../src/state/data";
import { firstClasses } from "../../src/views/k_sweep/class_choice";
import { sweepLines } from "../../src/views/k_sweep/lines";
import { FakeModel, K_MAX, LISTS, N, NULL, sampleState, sharedCount, wire } from "../support/model";

const data = new SceneData(new FakeModel().model);

/** From the sets themselves, not from counts. */
function plainJaccard(i: number, k: number): number {
  const xs = new Set(LISTS[0][i].slice(0, k));
  const both = new Set([...xs, ...LISTS[1][i].slice(0, k)]);
  return (2 * k - both.size) / both.size;
}

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const rows = Array.from({ length: N }, (_, i) => i);

test("the curve over all items is Python's, and the rows' own mean agrees with it", () => {
  const all = rowMeans(data.counts, rows);
  for (let k = 1; k <= K_MAX; k++) {
    expect(all.jaccard[k - 1]).toBeCloseTo(mean(rows.map((i) => plainJaccard(i, k))), 12);
    expect(all.shared[k - 1]).toBeCloseTo(mean(rows.map((i) => sharedCount(i, k))), 12);
    expect(data.overall.jaccard[k - 1]).toBeCloseTo(all.jaccard[k - 1], 6);
    expect(data.overall.shared[k - 1]).toBeCloseTo(all.shared[k - 1], 4);
  }
});

test("with ties, mean similarities come along and are taken instead of those of mean counts", () => {
  const shared = rows.flatMap(() => Array.from({ length: K_MAX }, (_, j) => (j + 1) / 2));
  const similar = rows.flatMap((i) => Array.from({ length: K_MAX }, (_, j) => (i + j) / 100));
  const tied = sampleState({
    counts: wire("<f4", [N, K_MAX], shared),
    similarities: wire("<f4", [N, K_MAX], similar),
  });
  const found = new SceneData(new FakeModel(tied).model);
  const half = rows.slice(0, N / 2);
  const means = rowMeans(found.counts, half);
  expect(means.jaccard[3]).toBeCloseTo(mean(half.map((i) => (i + 3) / 100)), 6);
  expect(means.shared[3]).toBeCloseTo(2, 6);
  expect(found.agreement(7, 4)).toBeCloseTo(0.1, 6);
  const all = found.classSums.jaccard.reduce((sum, v, at) => (at % K_MAX === 3 ? sum + v : sum), 0);
  expect(all / N).toBeCloseTo(mean(rows.map((i) => (i + 3) / 100)), 6);
  const colours = agreementScale(found, 4, "agreement");
  expect(colours.bins[2]).toBe(N);
});

test("of very many items some sizes are there: exact at these, straight over ln k between them", () => {
  const ks = [1, 3, 8, K_MAX];
  const some = sampleState({
    count_sizes: ks,
    counts: wire(
      "|u1",
      [N, ks.length],
      rows.flatMap((i) => ks.map((k) => sharedCount(i, k))),
    ),
  });
  const found = new SceneData(new FakeModel(some).model);
  const means = rowMeans(found.counts, rows);
  const whole = rowMeans(data.counts, rows);
  expect(means.jaccard).toHaveLength(K_MAX);
  for (const k of ks) {
    expect(means.jaccard[k - 1]).toBeCloseTo(whole.jaccard[k - 1], 12);
    expect(found.agreement(7, k)).toBe(data.agreement(7, k));
    expect(found.shared(7, k)).toBe(data.shared(7, k));
    expect(agreementScale(found, k, "agreement")).toEqual(agreementScale(data, k, "agreement"));
    const codes = data.labelNames.map((_, code) => code);
    for (const code of codes)
      expect(groupMeans(found.classSums, code, K_MAX).shared[k - 1]).toBeCloseTo(
        groupMeans(data.classSums, code, K_MAX).shared[k - 1],
        12,
      );
  }
  const share = Math.log(5 / 3) / Math.log(8 / 3);
  expect(means.shared[4]).toBeCloseTo(means.shared[2] + share * (means.shared[7] - means.shared[2]), 12);
});

test("where Python withholds the score, no line is drawn but chance", () => {
  const nothing = {
    dtype: "<f4" as const,
    shape: [2, K_MAX],
    data: new DataView(new Float32Array(2 * K_MAX).fill(NaN).buffer),
  };
  const withheld = new SceneData(new FakeModel(sampleState({ curve: nothing })).model);
  const shown = {
    measure: "nngs",
    classes: firstClasses(data, 5),
    selected: Uint32Array.of(1, 2),
    hovered: 3,
    pinned: -1,
  } as const;
  const drawn = sweepLines(withheld, shown, readTheme(document.body)).filter((l) => l.values.some(Number.isFinite));
  expect(drawn.map((line) => line.id)).toEqual(["chance"]);
  expect(sweepLines(data, shown, readTheme(document.body)).every((l) => l.values.some(Number.isFinite))).toBe(true);
});

test("a class curve is the mean over the class alone, and unlabelled items belong to none", () => {
  for (const { code, size } of data.classes) {
    const own = rows.filter((i) => data.codes[i] === code);
    expect(size).toBe(own.length);
    const sums = data.classSums;
    for (let k = 1; k <= K_MAX; k++) {
      const value = sums.jaccard[code * K_MAX + k - 1] / sums.sizes[code];
      expect(value).toBeCloseTo(mean(own.map((i) => plainJaccard(i, k))), 12);
    }
  }
  expect(data.classSums.sizes[data.labelNames.length]).toBe(1);
  expect(data.classSums).toBe(data.classSums);
});

test("the curve of some rows is their mean", () => {
  const some = [3, 9, 33];
  expect(rowMeans(data.counts, some).jaccard[6]).toBeCloseTo(mean(some.map((i) => plainJaccard(i, 7))), 12);
});

test("the formulas hold at their ends", () => {
  expect(jaccard(5, 5)).toBe(1);
  expect(jaccard(0, 5)).toBe(0);
  expect(jaccard(2, 5)).toBe(0.25);
  expect(adjusted(0.25, 0.25)).toBe(0);
  expect(adjusted(1, 0.25)).toBe(1);
  expect(adjusted(1, 1)).toBeNaN();
  expect(rNx(1, 5, 39)).toBe(1);
  expect(rNx(5 / 39, 5, 39)).toBeCloseTo(0, 12);
  expect(rNx(1, 39, 39)).toBeNaN();
});

test("each measure is its formula applied to the mean curve", () => {
  const k = 4;
  const q = mean(rows.map((i) => sharedCount(i, k))) / k;
  const nngs = mean(rows.map((i) => plainJaccard(i, k)));
  const at = (measure: Parameters<typeof asMeasure>[1]) => asMeasure(data.overall, measure, N, data.chance)[k - 1];
  expect(at("nngs")).toBeCloseTo(nngs, 6);
  expect(at("mutual_knn")).toBeCloseTo(q, 6);
  expect(at("r_nx")).toBeCloseTo(((N - 1) * q - k) / (N - 1 - k), 6);
  expect(at("adjusted")).toBeCloseTo((nngs - NULL.nngs[k - 1]) / (1 - NULL.nngs[k - 1]), 6);
});

test("chance is zero on the corrected scales, and its band keeps its width in their units", () => {
  const k = 4;
  const raw = chanceBand("nngs", N, data.chance);
  const tas = chanceBand("adjusted", N, data.chance);
  const corrected = chanceBand("r_nx", N, data.chance);
  expect(raw.mean[k - 1]).toBeCloseTo(NULL.nngs[k - 1], 6);
  expect(tas.mean[k - 1]).toBeCloseTo(0, 12);
  expect(corrected.mean[k - 1]).toBeCloseTo(0, 6);
  expect(raw.high[k - 1] - raw.low[k - 1]).toBeCloseTo(2 * 1.96 * 0.01, 6);
  expect(tas.high[k - 1] - tas.low[k - 1]).toBeCloseTo((2 * 1.96 * 0.01) / (1 - NULL.nngs[k - 1]), 6);
});
