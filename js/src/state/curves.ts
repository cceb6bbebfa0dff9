/**
 * Agreement of neighbourhoods as arithmetic on shared-neighbour counts. Pure; owns no state.
 * x = counts[i, k-1] of k neighbours; J = x / (2k - x); m = n - 1 others among which they were searched for. Where neighbours are equally far, x is a mean over
 * their orders, and so is J, which then comes along, as it does not follow from x.
 */
import type { Numbers } from "./arrays";

export type Measure = "nngs" | "adjusted" | "mutual_knn" | "r_nx";

export interface Counts {
  values: Numbers;
  /** Mean J of each item at each k, where some are equally far; else empty. */
  similarities: Numbers;
  n: number;
  kMax: number;
  /** The sizes k that there are counts of, ascending: all of them but in scenes of very many items. */
  ks: readonly number[];
}

/** Sums of J and of x over groups of items, at every k there is. Group `groups` holds the items without a label. */
export interface GroupSums {
  groups: number;
  sizes: Uint32Array;
  ks: readonly number[];
  jaccard: Float64Array;
  shared: Float64Array;
}

/** Curves of the mean Jaccard and the mean shared count. */
export interface MeanCurves {
  jaccard: Float64Array;
  shared: Float64Array;
}

export interface Chance {
  nngs: Float32Array;
  nngsSd: Float32Array;
  mutual: Float32Array;
  mutualSd: Float32Array;
}

/** Where the counts of size k are, or of the largest that is no larger. */
export function columnOf({ ks, kMax }: Counts, k: number): number {
  if (ks.length === kMax) return k - 1;
  const after = ks.findIndex((size) => size > k);
  return after < 0 ? ks.length - 1 : Math.max(0, after - 1);
}

/** A curve at some sizes as one at all of them: straight over ln k in between. */
function atEvery(curve: Float64Array, ks: readonly number[], kMax: number): Float64Array {
  if (ks.length === kMax || ks.length === 0) return curve;
  let right = 0;
  return Float64Array.from({ length: kMax }, (_, j) => {
    const k = j + 1;
    while (right < ks.length - 1 && ks[right] < k) right++;
    const left = Math.max(0, right - 1);
    const share = left === right ? 0 : Math.log(k / ks[left]) / Math.log(ks[right] / ks[left]);
    return curve[left] + Math.max(0, Math.min(1, share)) * (curve[right] - curve[left]);
  });
}

/** J of an item at k; `at` is its place in the counts. */
export const jaccardAt = ({ values, similarities }: Counts, at: number, k: number): number =>
  similarities.length > 0 ? similarities[at] : jaccard(values[at], k);

export const jaccard = (x: number, k: number): number => x / (2 * k - x);
export const rNx = (q: number, k: number, m: number): number => (m > k ? (m * q - k) / (m - k) : Number.NaN);
export const adjusted = (value: number, chance: number): number =>
  1 - chance > 1e-9 ? (value - chance) / (1 - chance) : Number.NaN;

/** One pass over the counts for all groups at once; `codes` outside 0..groups-1 count as unlabelled. */
export function groupSums(counts: Counts, codes: Numbers | null, groups: number): GroupSums {
  const { values, n, ks } = counts;
  const width = ks.length;
  const sizes = new Uint32Array(groups + 1);
  const jac = new Float64Array((groups + 1) * width);
  const shared = new Float64Array((groups + 1) * width);
  for (let i = 0; i < n; i++) {
    const code = codes?.length ? codes[i] : groups;
    const g = code < groups ? code : groups;
    sizes[g]++;
    const from = i * width;
    const to = g * width;
    for (let j = 0; j < width; j++) {
      jac[to + j] += jaccardAt(counts, from + j, ks[j]);
      shared[to + j] += values[from + j];
    }
  }
  return { groups, sizes, ks, jaccard: jac, shared };
}

export function groupMeans(sums: GroupSums, group: number, kMax: number): MeanCurves {
  const size = sums.sizes[group];
  const width = sums.ks.length;
  const from = group * width;
  const part = (all: Float64Array) => atEvery(all.slice(from, from + width), sums.ks, kMax).map((v) => v / size);
  return { jaccard: part(sums.jaccard), shared: part(sums.shared) };
}

/** Over those of the rows that have counts. */
export function rowMeans(counts: Counts, wanted: ArrayLike<number>): MeanCurves {
  const { values, similarities, kMax, ks, n } = counts;
  const rows = Array.from(wanted).filter((row) => row < n);
  const width = ks.length;
  const tied = similarities.length > 0;
  const twice = Float64Array.from(ks, (k) => 2 * k);
  const [jac, shared] = [0, 1].map(() => new Float64Array(width).fill(rows.length > 0 ? 0 : Number.NaN));
  for (let r = 0; r < rows.length; r++) {
    const from = rows[r] * width;
    for (let j = 0; j < width; j++) {
      const x = values[from + j];
      jac[j] += tied ? similarities[from + j] : x / (twice[j] - x);
      shared[j] += x;
    }
  }
  const mean = (sums: Float64Array) => atEvery(sums, ks, kMax).map((sum) => sum / Math.max(1, rows.length));
  return { jaccard: mean(jac), shared: mean(shared) };
}

/** A mean curve in the units of one measure. */
export function asMeasure(curve: MeanCurves, measure: Measure, n: number, chance: Chance): Float64Array {
  const m = n - 1;
  return curve.jaccard.map((nngs, j) => {
    const k = j + 1;
    if (measure === "nngs") return nngs;
    if (measure === "adjusted") return adjusted(nngs, chance.nngs[j]);
    const q = curve.shared[j] / k;
    return measure === "mutual_knn" ? q : rNx(q, k, m);
  });
}

/** Chance level with its 95 % band (mean ± 1.96 sd) in the units of one measure. */
export function chanceBand(measure: Measure, n: number, chance: Chance) {
  const kMax = chance.nngs.length;
  const mean = new Float64Array(kMax);
  const low = new Float64Array(kMax);
  const high = new Float64Array(kMax);
  for (let j = 0; j < kMax; j++) {
    const mutual = measure === "mutual_knn" || measure === "r_nx";
    const centre = mutual ? chance.mutual[j] : chance.nngs[j];
    const half = 1.96 * (mutual ? chance.mutualSd[j] : chance.nngsSd[j]);
    const put = (value: number) => onScale(value, measure, j + 1, n, chance.nngs[j]);
    mean[j] = put(centre);
    low[j] = put(centre - half);
    high[j] = put(centre + half);
  }
  return { mean, low, high };
}

/** Least, mean and largest curve of re-runs in the units of one measure; undefined where there are none. */
export function runsBand(measure: Measure, n: number, chance: Chance, runs: Float32Array) {
  const kMax = chance.nngs.length;
  if (runs.length !== 6 * kMax) return undefined;
  const from = measure === "mutual_knn" || measure === "r_nx" ? 3 : 0;
  const put = (row: number) =>
    Float64Array.from({ length: kMax }, (_, j) =>
      onScale(runs[(from + row) * kMax + j], measure, j + 1, n, chance.nngs[j]),
    );
  return { low: put(0), mean: put(1), high: put(2) };
}

/** A value of NNGS (or of mutual kNN) moved to the scale of a measure derived from it. */
export function onScale(value: number, measure: Measure, k: number, n: number, nngsChance: number): number {
  if (measure === "adjusted") return adjusted(value, nngsChance);
  if (measure === "r_nx") return rNx(value, k, n - 1);
  return value;
}

/** The size nearest to k, in ratio, of those there are; all up to kMax where none are listed. */
export function nearestSize(k: number, kMax: number, sizes: readonly number[]): number {
  const within = Math.max(1, Math.min(kMax, Math.round(k)));
  const away = (size: number) => Math.abs(Math.log(size / within));
  const [first = within, ...rest] = sizes;
  return rest.reduce((best, size) => (away(size) < away(best) ? size : best), first);
}
