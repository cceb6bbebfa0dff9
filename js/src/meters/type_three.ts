/** The shape of chance: a law with a mean, a spread and a skewness. Pure; owns no state. */
import type { Chance } from "./nngs_chance";

/** Third moment about the mean, in standard deviations. */
export function skewnessOf(values: readonly number[]): number {
  const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length;
  const middle = mean(values);
  const moment = (power: number) => mean(values.map((v) => (v - middle) ** power));
  return moment(3) / moment(2) ** 1.5;
}

/** Pearson's type III law up to a factor; with hardly a skewness the normal one. */
export function typeThree({ mean, sd }: Chance, skewness: number): (value: number) => number {
  if (!(skewness > 0.05)) return (v) => Math.exp(-(((v - mean) / sd) ** 2) / 2);
  const shape = 4 / skewness ** 2;
  const log = (t: number) => (shape - 1) * Math.log(t) - t;
  // Both factors are huge or tiny: only their ratio to the mode's, or the middle's where there is none, is used.
  const top = log(Math.max(shape - 1, shape / 2));
  return (v) => {
    const t = shape + ((v - mean) / sd) * Math.sqrt(shape);
    return t > 0 ? Math.exp(log(t) - top) : 0;
  };
}
