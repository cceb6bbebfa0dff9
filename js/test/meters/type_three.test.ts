/** The curve of chance has the mean, the spread and the skewness that it is asked to have. */
import { expect, test } from "vitest";
import { skewnessOf, typeThree } from "../../src/meters/type_three";

test.each([0, 0.3, 0.9, 1.5])("with a skewness of %s", (skewness) => {
  const chance = { mean: 0.2, sd: 0.03 };
  const density = typeThree(chance, skewness);
  const at = Array.from({ length: 20_000 }, (_, i) => chance.mean + chance.sd * (-8 + (i + 0.5) / 1000));
  const weights = at.map(density);
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = (f: (v: number) => number) => at.reduce((sum, v, i) => sum + weights[i] * f(v), 0) / total;
  const middle = mean((v) => v);
  const sd = Math.sqrt(mean((v) => (v - middle) ** 2));
  expect(middle).toBeCloseTo(chance.mean, 4);
  expect(sd).toBeCloseTo(chance.sd, 4);
  expect(mean((v) => ((v - middle) / sd) ** 3)).toBeCloseTo(skewness, 2);
});

test("the skewness of numbers is that of their third moment", () => {
  expect(skewnessOf([1, 2, 3])).toBeCloseTo(0, 12);
  // One of four is 1: (1 - 2p) / sqrt(p (1 - p)).
  expect(skewnessOf([0, 0, 0, 1])).toBeCloseTo(0.5 / Math.sqrt(0.1875), 12);
});
