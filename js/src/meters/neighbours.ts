/** Who is next to whom among points of the plane, and how many neighbours two spaces share. Pure; owns no state. */

/** (n · 2): one point after the other. */
export type Points = Float64Array;

export const countOf = (points: Points): number => points.length >> 1;

/** (n · n): squared Euclidean distances. */
export function squaredDistances(points: Points): Float64Array {
  const n = countOf(points);
  const found = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const [dx, dy] = [points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1]];
      found[i * n + j] = found[j * n + i] = dx * dx + dy * dy;
    }
  }
  return found;
}

/** (n · (n − 1)): every point's others, nearest first; of equally far ones the lower number first. */
export function neighbourLists(squares: Float64Array): Uint8Array {
  const n = Math.sqrt(squares.length);
  const lists = new Uint8Array(n * (n - 1));
  const others = Array.from({ length: n }, (_, j) => j);
  for (let i = 0; i < n; i++) {
    const from = i * n;
    const order = others.filter((j) => j !== i).sort((a, b) => squares[from + a] - squares[from + b] || a - b);
    lists.set(order, i * (n - 1));
  }
  return lists;
}

/** (n · n): the place of j on i's list, from 0; the point itself stands behind all. */
export function ranksOf(lists: Uint8Array, n: number): Uint8Array {
  const ranks = new Uint8Array(n * n).fill(n);
  for (let i = 0; i < n; i++) {
    for (let place = 0; place < n - 1; place++) ranks[i * n + lists[i * (n - 1) + place]] = place;
  }
  return ranks;
}

/** NNGS at every k from 1 to n − 1: mean Jaccard similarity of the two sets of k neighbours. */
export function nngsCurve(x: Uint8Array, y: Uint8Array, n: number): Float64Array {
  const curve = new Float64Array(n - 1);
  const entered = new Uint16Array(n);
  for (let i = 0; i < n; i++) {
    entered.fill(0);
    // A neighbour on both lists is shared from the larger of its two places on.
    for (let j = 0; j < n; j++) if (j !== i) entered[Math.max(x[i * n + j], y[i * n + j])]++;
    let shared = 0;
    for (let k = 1; k < n; k++) {
      shared += entered[k - 1];
      curve[k - 1] += shared / (2 * k - shared) / n;
    }
  }
  return curve;
}
