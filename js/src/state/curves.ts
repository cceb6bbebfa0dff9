/**
 * Agreement of neighbourhoods as arithmetic on shared-neighbour counts. Pure; owns no state.
 * x = counts[i, k-1] of k neighbours; J = x / (2k - x); m = n - 1. Where neighbours are equally far, x is a mean over
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
}

/** Sums of J and of x over groups of items, at every k. Group `groups` holds the items without a label. */
export interface GroupSums {
  groups: number;
  sizes: Uint32Array;
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

/** J of an item at k; `at` is its place in the counts. */
export const jaccardAt = ({ values, similarities }: Counts, at: number, k: number): number =>
  similarities.length > 0 ? similarities[at] : jaccard(values[at], k);

export const jaccard = (x: number, k: number): number => x / (2 * k - x);
export const rNx = (q: number, k: number, m: number): number => (m > k ? (m * q - k) / (m - k) : Number.NaN);
export const adjusted = (value: number, chance: number): number =>
  1 - chance > 1e-9 ? (value - chance) / (1 - chance) : Number.NaN;

/** One pass over the counts for all groups at once; `codes` outside 0..groups-1 count as unlabelled. */
export function groupSums(counts: Counts, codes: Numbers | null, groups: number): GroupSums {
  const { values, n, kMax } = counts;
  const sizes = new Uint32Array(groups + 1);
  const jac = new Float64Array((groups + 1) * kMax);
  const shared = new Float64Array((groups + 1) * kMax);
  for (let i = 0; i < n; i++) {
    const code = codes?.length ? codes[i] : groups;
    const g = code < groups ? code : groups;
    sizes[g]++;
    const from = i * kMax;
    const to = g * kMax;
    for (let j = 0; j < kMax; j++) {
      jac[to + j] += jaccardAt(counts, from + j, j + 1);
      shared[to + j] += values[from + j];
    }
  }
  return { groups, sizes, jaccard: jac, shared };
}

export function groupMeans(sums: GroupSums, group: number, kMax: number): MeanCurves {
  const size = sums.sizes[group];
  const from = group * kMax;
  const part = (all: Float64Array) => all.slice(from, from + kMax).map((v) => v / size);
  return { jaccard: part(sums.jaccard), shared: part(sums.shared) };
}

export function rowMeans(counts: Counts, rows: ArrayLike<number>): MeanCurves {
  const { values, kMax } = counts;
  const out: MeanCurves = { jaccard: new Float64Array(kMax), shared: new Float64Array(kMax) };
  for (let r = 0; r < rows.length; r++) {
    const from = rows[r] * kMax;
    for (let j = 0; j < kMax; j++) {
      out.jaccard[j] += jaccardAt(counts, from + j, j + 1) / rows.length;
      out.shared[j] += values[from + j] / rows.length;
    }
  }
  return out;
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

/** A value of NNGS (or of mutual kNN) moved to the scale of a measure derived from it. */
export function onScale(value: number, measure: Measure, k: number, n: number, nngsChance: number): number {
  if (measure === "adjusted") return adjusted(value, nngsChance);
  if (measure === "r_nx") return rNx(value, k, n - 1);
  return value;
}
