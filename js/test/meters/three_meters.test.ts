/** The meters of the page are those of Python, to the last digits that either has. */
import { expect, test } from "vitest";
import { dice, shuffledMeters, shuffledRows } from "../../src/meters/shuffle";
import { namedBy } from "../../src/meters/spec";
import { symmetricEigen } from "../../src/meters/symmetric_eigen";
import { sideOf, threeMeters } from "../../src/meters/three_meters";

interface Case {
  name: string;
  x: number[][];
  y: number[][];
  nngs: number[];
  nngs_mean: number[];
  nngs_sd: number[];
  cka: number;
  cka_sd: number;
  cka_skewness: number;
  spec: number;
}

// Written, and compared with what Python computes, by tests/support/playground_numbers.py and its test.
const found = import.meta.glob("../../../tests/support/playground_numbers.json", {
  query: "?raw",
  import: "default",
  eager: true,
});
const CASES: Case[] = JSON.parse(Object.values(found)[0]);
const N = 60;
const points = (rows: number[][]) => Float64Array.from(rows.flat());
const metersOf = ({ x, y }: Case) => threeMeters(sideOf(points(x)), sideOf(points(y)));
const named = (name: string) => CASES.find((one) => one.name === name) as Case;

function farthest(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...theirs.map((value, i) => Math.abs(value - ours[i])));
}

test("there are postures, and arrangements that are none", () => {
  expect(CASES.length).toBe(10);
  expect(CASES.every(({ x, y }) => x.length === N && y.length === N)).toBe(true);
});

test.each(CASES)("$name: all meters and their chance are Python's to 1e-9", (one) => {
  const ours = metersOf(one);
  expect(farthest(ours.nngs, one.nngs)).toBeLessThan(1e-9);
  const [means, sds] = [ours.nngsChance.map(({ mean }) => mean), ours.nngsChance.map(({ sd }) => sd)];
  expect(farthest(means, one.nngs_mean)).toBeLessThan(1e-9);
  expect(farthest(sds, one.nngs_sd)).toBeLessThan(1e-9);
  expect(Math.abs(ours.cka - one.cka)).toBeLessThan(1e-9);
  expect(Math.abs(ours.ckaChance.sd - one.cka_sd)).toBeLessThan(1e-9);
  expect(Math.abs(ours.ckaSkewness - one.cka_skewness)).toBeLessThan(1e-9);
  // Of a spectrum that is the same on both sides, either end leads.
  expect(Math.abs(Math.abs(ours.spec.value) - Math.abs(one.spec))).toBeLessThan(1e-9);
  if (Math.abs(one.spec) > 1e-3) expect(Math.sign(ours.spec.value)).toBe(Math.sign(one.spec));
});

test("eigenpairs put the matrix together again, tied ones and a diagonal too", () => {
  const n = 12;
  const next = dice(5);
  const some = Float64Array.from({ length: n * n }, () => next() - 0.5);
  const matrices = [
    some.map((_, at) => some[at] + some[(at % n) * n + Math.floor(at / n)]),
    new Float64Array(n * n).fill(1),
    new Float64Array(n * n).map((_, at) => (at % (n + 1) === 0 ? at : 0)),
    new Float64Array(n * n),
  ];
  for (const matrix of matrices) {
    const { values, vectors } = symmetricEigen(matrix);
    const product = (f: (j: number) => number, i: number, k: number) =>
      values.reduce((sum, _, j) => sum + f(j) * vectors[i * n + j] * vectors[k * n + j], 0);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < n; k++) {
        expect(product((j) => values[j], i, k)).toBeCloseTo(matrix[i * n + k], 11);
        expect(product(() => 1, i, k)).toBeCloseTo(i === k ? 1 : 0, 11);
      }
    }
  }
});

test("of two merged clusters SPEC names the points, and no others", () => {
  const rows = namedBy(metersOf(named("merged")).spec);
  expect(rows.length).toBeGreaterThanOrEqual(38);
  expect(rows.every((row) => row < 40)).toBe(true);
});

test("shuffled rows are those of Y in that order, and lie about chance", () => {
  const { x, y } = named("far");
  const [left, right] = [sideOf(points(x)), sideOf(points(y))];
  const truth = threeMeters(left, right);
  const next = dice(1);
  const many = Array.from({ length: 200 }, () => shuffledRows(N, next));
  expect([...many[0]].sort((a, b) => a - b)).toEqual(Array.from({ length: N }, (_, i) => i));
  const again = threeMeters(left, sideOf(points(many[0].map((row) => y[row]))));
  const dealt = shuffledMeters(left, right, many[0]);
  expect(farthest(dealt.nngs, [...again.nngs])).toBeLessThan(1e-12);
  expect(dealt.cka).toBeCloseTo(again.cka, 9);
  expect(dealt.spec).toBeCloseTo(again.spec.value, 9);
  const shown = many.map((order) => shuffledMeters(left, right, order));
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const sd = (values: number[]) => Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));
  for (const k of [3, 10, 40]) {
    const values = shown.map(({ nngs }) => nngs[k - 1]);
    const { mean: expected, sd: spread } = truth.nngsChance[k - 1];
    expect(Math.abs(mean(values) - expected)).toBeLessThan((4 * spread) / Math.sqrt(200));
    expect(sd(values) / spread).toBeGreaterThan(0.8);
    expect(sd(values) / spread).toBeLessThan(1.25);
  }
  const values = shown.map(({ cka }) => cka);
  expect(Math.abs(mean(values))).toBeLessThan((4 * truth.ckaChance.sd) / Math.sqrt(200));
});

test("what is not defined is no number, and nothing is raised", () => {
  const one = sideOf(new Float64Array(2 * N).fill(3));
  const other = sideOf(points(named("far").x));
  const { cka, spec } = threeMeters(one, other);
  expect(cka).toBeNaN();
  expect(spec.value).toBeNaN();
});
