import { expect, test } from "vitest";
import { linear, logarithmic, logTicks, niceTicks } from "../../src/chart/axes";
import { bandPath, linePath } from "../../src/chart/line_chart";
import { percent, pValue, value, zScore } from "../../src/page/format";
import { shorten } from "../../src/page/graphemes";
import { csv } from "../../src/page/save_file";

test("scales and their inverses agree", () => {
  for (const scale of [linear(1, 100, 40, 500), logarithmic(1, 100, 40, 500)]) {
    expect(scale(1)).toBeCloseTo(40);
    expect(scale(100)).toBeCloseTo(500);
    for (const k of [1, 3, 10, 64]) expect(scale.invert(scale(k))).toBeCloseTo(k, 9);
  }
  expect(logarithmic(1, 100, 0, 100)(10)).toBeCloseTo(50);
});

test("ticks are round numbers within the range", () => {
  expect(logTicks(100)).toEqual([1, 2, 5, 10, 20, 50, 100]);
  expect(logTicks(70)).toEqual([1, 2, 5, 10, 20, 50, 70]);
  expect(logTicks(1)).toEqual([1]);
  expect(niceTicks(0, 0.47).map((t) => t.toFixed(1))).toEqual(["0.0", "0.1", "0.2", "0.3", "0.4"]);
});

test("a line has a gap where there is no value", () => {
  const same = (v: number) => v;
  expect(linePath(Float64Array.of(1, 2, Number.NaN, 4), same, same)).toBe("M1.0 1.0L2.0 2.0M4.0 4.0");
});

test("a band has a gap where a bound is missing", () => {
  const same = (v: number) => v;
  const band = { low: Float64Array.of(0, 1, Number.NaN, 3), high: Float64Array.of(1, 2, Number.NaN, 5) };
  expect(bandPath(band, same, same)).toBe("M1.0 1.0L2.0 2.0L2.0 1.0L1.0 0.0ZM4.0 5.0L4.0 3.0Z");
  expect(bandPath({ low: Float64Array.of(Number.NaN), high: Float64Array.of(1) }, same, same)).toBe("");
});

test("numbers read well, and missing ones are a dash", () => {
  expect([value(0.3278), value(0.00104), value(-1e-9), value(-0.25), value(null), value(Number.NaN)]).toEqual([
    "0.328",
    "0.0010",
    "0.000",
    "−0.250",
    "–",
    "–",
  ]);
  expect([zScore(3.21), zScore(1234.5)]).toEqual(["3.2", "1,235"]);
  expect([pValue(0.04), pValue(3e-9)]).toEqual(["0.040", "3e−9"]);
  expect([percent(0.5), percent(0.0123)]).toEqual(["50%", "1.2%"]);
  expect(shorten("neighbourhood", 6)).toBe("neigh…");
});

test("copied text is quoted, and cannot be a formula", () => {
  expect(
    csv([
      ["k", 'a "b", c'],
      [1, 0.5],
      ["=SUM(A1)", Number.NaN],
    ]),
  ).toBe('k,"a ""b"", c"\n1,0.5\n\'=SUM(A1),\n');
});
