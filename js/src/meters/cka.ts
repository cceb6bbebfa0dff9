/** Debiased linear CKA of points of the plane, and its chance, as in Python (`embwidget/measures/cka.py`). Pure; owns no state. */
import { countOf, type Points } from "./neighbours";

/** Inner products about the mean, U-centred: no diagonal, no row sums (Song et al., 2012). */
export function uCentred(points: Points): Float64Array {
  const n = countOf(points);
  const centred = aboutMean(points);
  const kernel = new Float64Array(n * n);
  const rows = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const value = centred[2 * i] * centred[2 * j] + centred[2 * i + 1] * centred[2 * j + 1];
      kernel[i * n + j] = value;
      rows[i] += value;
    }
  }
  const total = rows.reduce((a, b) => a + b, 0) / ((n - 1) * (n - 2));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (i !== j) kernel[i * n + j] += total - (rows[i] + rows[j]) / (n - 2);
  }
  return kernel;
}

/** 1 means the same similarities but for scale, 0 is chance; NaN where a space has none. */
export function debiasedCka(x: Float64Array, y: Float64Array): number {
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

/** Over relabellings, whatever the spaces; the mean is 0. */
export const ckaSd = (n: number): number => Math.sqrt(2 / (n * (n - 3)));

/** Skewness of the limit law: chi-squares weighted by products of both kernels' eigenvalues. */
export function ckaSkewness(x: Points, y: Points): number {
  return Math.sqrt(8) * cubeShape(x) * cubeShape(y);
}

/** Third moment of a linear kernel's eigenvalues, of which the plane has two, in units of their second. */
function cubeShape(points: Points): number {
  const centred = aboutMean(points);
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < centred.length; i += 2) {
    xx += centred[i] ** 2;
    xy += centred[i] * centred[i + 1];
    yy += centred[i + 1] ** 2;
  }
  const half = Math.hypot((xx - yy) / 2, xy);
  const [one, other] = [(xx + yy) / 2 + half, (xx + yy) / 2 - half];
  return (one ** 3 + other ** 3) / (one ** 2 + other ** 2) ** 1.5;
}

/** How much of a space's variation its farthest point makes. */
export function heaviestShare(points: Points): number {
  const centred = aboutMean(points);
  const squares = Array.from({ length: countOf(points) }, (_, i) => centred[2 * i] ** 2 + centred[2 * i + 1] ** 2);
  return Math.max(...squares) / squares.reduce((a, b) => a + b, 0);
}

function aboutMean(points: Points): Points {
  const n = countOf(points);
  let [x, y] = [0, 0];
  for (let i = 0; i < n; i++) {
    x += points[2 * i] / n;
    y += points[2 * i + 1] / n;
  }
  return points.map((value, i) => value - (i % 2 ? y : x));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
