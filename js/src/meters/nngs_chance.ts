/**
 * NNGS when the items of one space are relabelled at random: exact mean, closed-form spread, as in Python
 * (`embwidget/scores/overlap_chance.py`). Pure; owns no state.
 */

export interface Chance {
  mean: number;
  sd: number;
}

/** Of one item: mean of its Jaccard similarity, its nearest line of the overlap, and what varies beside that. */
interface ItemChance {
  mean: number;
  slope: number;
  rest: number;
}

/** An item's overlap is hypergeometric(n − 1, k, k). */
function itemChance(n: number, k: number): ItemChance {
  const m = n - 1;
  const least = Math.max(0, 2 * k - m);
  const weights = [1];
  // Neighbouring terms follow from each other; from a mode far away the first can be small, but n is.
  for (let x = least; x < k; x++) weights.push((weights[x - least] * (k - x) ** 2) / ((x + 1) * (m - 2 * k + x + 1)));
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = (f: (x: number) => number) => weights.reduce((sum, w, i) => sum + w * f(least + i), 0) / total;
  const jaccard = (x: number) => x / (2 * k - x);
  const [meanX, meanF] = [mean((x) => x), mean(jaccard)];
  const varX = mean((x) => (x - meanX) ** 2);
  const varF = mean((x) => (jaccard(x) - meanF) ** 2);
  const slope = varX > 0 ? mean((x) => (x - meanX) * (jaccard(x) - meanF)) / varX : 0;
  return { mean: meanF, slope, rest: varF - slope * slope * varX };
}

/** Ordered pairs of edges at every k: each other's reverse, and into the same item. */
interface EdgePairs {
  mutual: number;
  into: number;
}

export function edgePairs(lists: Uint8Array, n: number): EdgePairs[] {
  const [degree, linked] = [new Uint16Array(n), new Uint8Array(n * n)];
  let mutual = 0;
  return Array.from({ length: n - 1 }, (_, place) => {
    for (let i = 0; i < n; i++) {
      const j = lists[i * (n - 1) + place];
      degree[j]++;
      linked[i * n + j] = 1;
      if (linked[j * n + i]) mutual += 2;
    }
    return { mutual, into: degree.reduce((sum, d) => sum + d * (d - 1), 0) };
  });
}

/** Variance of the mean overlap over all n! relabellings: a quadratic assignment, in closed form. */
function overlapVariance(a: EdgePairs, b: EdgePairs, n: number, k: number): number {
  const pairs = n * (n - 1);
  const [triples, quadruples] = [pairs * (n - 2), pairs * (n - 2) * (n - 3)];
  const edges = n * k;
  const out = edges * (k - 1);
  const line = (one: EdgePairs) => edges * k - one.mutual;
  const apart = (one: EdgePairs) => edges ** 2 - edges - one.mutual - out - one.into - 2 * line(one);
  const same = (edges * edges + a.mutual * b.mutual) / pairs;
  const touching = (out * out + a.into * b.into + 2 * line(a) * line(b)) / triples;
  const disjoint = n > 3 ? (apart(a) * apart(b)) / quadruples : 0;
  return Math.max(same + touching + disjoint - (edges ** 2 / pairs) ** 2, 0) / n ** 2;
}

const known = new Map<number, ItemChance[]>();

/** Mean and spread of NNGS at every k. */
export function nngsChance(x: readonly EdgePairs[], y: readonly EdgePairs[], n: number): Chance[] {
  const items = known.get(n) ?? Array.from({ length: n - 1 }, (_, i) => itemChance(n, i + 1));
  known.set(n, items);
  return items.map(({ mean, slope, rest }, i) => {
    const variance = slope ** 2 * overlapVariance(x[i], y[i], n, i + 1) + rest / n;
    return { mean, sd: Math.sqrt(Math.max(variance, 0)) };
  });
}
