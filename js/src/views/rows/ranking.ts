/** How much the neighbourhood of each item changed, and how likely that is by chance. Pure; owns no state. */
import { jaccard } from "../../state/curves";
import type { SceneData } from "../../state/data";

export interface Ranking {
  /** Rows that were searched for, most changed first. */
  order: Uint32Array;
  /** The place of each in it, from 1. */
  rank: Uint32Array;
  /** What the ranking goes by: chance-adjusted J averaged over ln k. */
  agreement: Float64Array;
}

/** Python's own list first, as it stands; then the others by what the counts here say. */
export function rankItems(data: SceneData): Ranking {
  const agreement = itemAgreement(data);
  const listed = Array.from(data.changed.rows);
  listed.forEach((row, i) => {
    agreement[row] = data.changed.value[i];
  });
  const known = new Set(listed);
  const others = Array.from({ length: data.counts.n }, (_, row) => row).filter((row) => !known.has(row));
  others.sort((a, b) => agreement[a] - agreement[b] || a - b);
  const order = Uint32Array.from([...listed, ...others]);
  const rank = new Uint32Array(data.counts.n);
  order.forEach((row, i) => {
    rank[row] = i + 1;
  });
  return { order, rank, agreement };
}

/** Over the sizes that there are counts of; the weight 1 / k makes it a mean over ln k. */
function itemAgreement(data: SceneData): Float64Array {
  const { counts, chance, among } = data;
  const columns = Array.from(counts.ks.entries()).filter(([, k]) => k < among - 1 && !data.withheld(k));
  const total = columns.reduce((sum, [, k]) => sum + 1 / k, 0);
  const found = new Float64Array(counts.n).fill(columns.length ? 0 : Number.NaN);
  const { values, similarities, ks } = counts;
  const tied = similarities.length > 0;
  for (const [column, k] of columns) {
    const expected = chance.nngs[k - 1];
    const weight = 1 / k / total / (1 - expected);
    for (let row = 0, at = column; row < counts.n; row++, at += ks.length)
      found[row] += weight * ((tied ? similarities[at] : jaccard(values[at], k)) - expected);
  }
  return found;
}

/** P(X ≥ x) for x = 0 … k, X hypergeometric: of m = n - 1 others both spaces choose k at random. */
export function sharedTail(n: number, k: number): Float64Array {
  const m = n - 1;
  const least = Math.max(0, 2 * k - m);
  const logs = new Float64Array(k + 1).fill(Number.NEGATIVE_INFINITY);
  logs[least] = leastLog(m, k, least);
  // P(x + 1) / P(x) = (k - x)² / ((x + 1)(m - 2k + x + 1))
  for (let x = least; x < k; x++) logs[x + 1] = logs[x] + Math.log((k - x) ** 2 / ((x + 1) * (m - 2 * k + x + 1)));
  const tail = new Float64Array(k + 1);
  let sum = 0;
  for (let x = k; x >= 0; x--) {
    sum += Math.exp(logs[x]);
    tail[x] = Math.min(1, sum);
  }
  return tail.fill(1, 0, least + 1);
}

/** ln of C(k, x) C(m - k, k - x) / C(m, k) at the smallest overlap x that is possible. */
function leastLog(m: number, k: number, x: number): number {
  const choose = (n: number, r: number) => {
    let log = 0;
    for (let i = 1; i <= r; i++) log += Math.log((n - r + i) / i);
    return log;
  };
  return choose(k, Math.min(x, k - x)) + choose(m - k, Math.min(k - x, m - 2 * k + x)) - choose(m, Math.min(k, m - k));
}

/** An item's p at k, NaN where it does not follow from the count; a mean over ties counts as the number below it. */
export function pOf(data: SceneData, tail: Float64Array, row: number, k: number): number {
  const shared = data.shared(row, k);
  if (!data.pByCount || data.withheld(k) || Number.isNaN(shared)) return Number.NaN;
  return tail[Math.floor(shared + 1e-6)];
}
