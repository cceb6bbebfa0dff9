/** SPEC's leading eigenpair for Gaussians on points of the plane, as in Python (`embwidget/spectral/spec.py`). Pure; owns no state. */
import { symmetricEigen } from "./symmetric_eigen";

/** Bandwidth in median distances of each space (`embwidget/widgets/state/three_meters.py`). */
const SHARE = 0.3;

export interface Leading {
  value: number;
  /** Of length 1. */
  vector: Float64Array;
}

/** exp(−d² / (2 · bandwidth²)); NaN where all points are in one place. */
export function gaussianKernel(squares: Float64Array): Float64Array {
  const bandwidth = SHARE * medianDistance(squares);
  return squares.map((d) => Math.exp(-d / (2 * bandwidth * bandwidth)));
}

/** Over pairs of points that are not in the same place. */
function medianDistance(squares: Float64Array): number {
  const n = Math.sqrt(squares.length);
  const found: number[] = [];
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) if (squares[i * n + j] > 0) found.push(squares[i * n + j]);
  const sorted = Float64Array.from(found).sort();
  const middle = (sorted.length - 1) / 2;
  return (Math.sqrt(sorted[Math.floor(middle)]) + Math.sqrt(sorted[Math.ceil(middle)])) / 2;
}

/** The eigenvalue of (K_X − K_Y) / n of largest size, and its vector. */
export function leadingPair(x: Float64Array, y: Float64Array): Leading {
  const n = Math.sqrt(x.length);
  const { values, vectors } = symmetricEigen(x.map((value, i) => (value - y[i]) / n));
  let best = 0;
  for (let j = 1; j < n; j++) if (Math.abs(values[j]) > Math.abs(values[best])) best = j;
  return { value: values[best], vector: Float64Array.from({ length: n }, (_, i) => vectors[i * n + best]) };
}

/** The points that decide the pair: at least half as strong as the strongest. */
export function namedBy({ vector }: Leading): number[] {
  const most = vector.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return [...vector.keys()].filter((i) => Math.abs(vector[i]) >= most / 2);
}
