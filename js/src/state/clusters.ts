/** The clusters of a spectral comparison, decoded. Written by Python only; owns no state. */
import { decode, type Numbers } from "./arrays";
import type { ClusterRow, Model, SpectralInfo } from "./scene";

const NOBODY = 0xffffffff;
/** Share of an eigenvector's mass on the constant vector beyond which it holds everything. */
const CONSTANT = 0.5;

/** Of loadings that crossed as bytes: from 0 to the largest, on either side. */
const STEPS = 127;

/** The members of groups, one group after the other. */
export class GroupMembers {
  private readonly counts: readonly number[];

  constructor(
    private readonly rows: Numbers,
    listed: readonly number[],
    members: readonly number[],
  ) {
    this.counts = listed.length ? listed : members;
  }

  of(group: number): Uint32Array {
    const start = this.counts.slice(0, group).reduce((sum, count) => sum + count, 0);
    return Uint32Array.from(this.rows.subarray(start, start + (this.counts[group] ?? 0)));
  }
}

export interface Densities {
  edges: Float32Array;
  within: Float32Array;
  between: Float32Array;
}

export class Spectral {
  readonly clusters: readonly ClusterRow[];
  /** Undefined until a spectral comparison is on the scene. */
  readonly info: SpectralInfo | undefined;
  readonly names: readonly [string, string];
  private readonly loadings: Numbers;
  private readonly decoded = new Map<number, Float32Array>();
  private readonly listed: GroupMembers;
  private readonly histograms: Float32Array;
  private readonly edges: Float32Array;
  private readonly bins: number;
  private readonly nearestRows: Numbers;
  private readonly nearestLength: number;

  constructor(
    model: Model,
    private readonly n: number,
  ) {
    this.clusters = model.get("clusters") ?? [];
    const info = model.get("spectral");
    this.info = info && "names" in info ? (info as SpectralInfo) : undefined;
    const [x = "X", y = "Y"] = this.info?.names ?? [];
    this.names = [x, y];
    this.loadings = decode(model.get("loadings"));
    const members = this.clusters.map((c) => c.members);
    this.listed = new GroupMembers(decode(model.get("member_rows")), model.get("members_listed") ?? [], members);
    this.histograms = decode(model.get("histograms")) as Float32Array;
    this.edges = decode(model.get("edges")) as Float32Array;
    this.bins = model.get("histograms")?.shape?.[2] ?? 0;
    this.nearestRows = decode(model.get("nearest"));
    this.nearestLength = model.get("nearest")?.shape?.[1] ?? 0;
  }

  /** Signed loading of every row; none is stored for a cluster that is not there, or had no room in the page. */
  loading(cluster: number): Float32Array {
    const stored = this.loadings.subarray(cluster * this.n, (cluster + 1) * this.n);
    if (stored instanceof Float32Array) return stored;
    const step = (this.clusters[cluster]?.largest_loading ?? 0) / STEPS;
    const found = this.decoded.get(cluster) ?? Float32Array.from(stored, (v) => (v - STEPS - 1) * step);
    // One at a time is looked at, and they are large.
    if (!this.decoded.has(cluster)) this.decoded.clear();
    this.decoded.set(cluster, found);
    return found;
  }

  /** Members, strongest first; of very many the first of them. */
  members(cluster: number): Uint32Array {
    return this.listed.of(cluster);
  }

  /** The rows with the highest loadings: the members, and after them the next. */
  strongest(cluster: number, count: number): number[] {
    const members = Array.from(this.members(cluster).subarray(0, count));
    if (members.length === count) return members;
    const inside = new Set(members);
    const more = topRows(this.loading(cluster), count).filter((row) => !inside.has(row));
    return [...members, ...more].slice(0, count);
  }

  /** The rows with the most negative loadings, most negative first. */
  opposite(cluster: number, count: number): number[] {
    const loading = this.loading(cluster);
    return topRows(
      loading.map((u) => -u),
      count,
    ).filter((row) => loading[row] < 0);
  }

  /** Outsiders that the other space puts nearest to the members, nearest first. */
  nearest(cluster: number): number[] {
    const from = cluster * this.nearestLength;
    return Array.from(this.nearestRows.subarray(from, from + this.nearestLength)).filter((row) => row !== NOBODY);
  }

  /** Similarities in X (0) or Y (1). */
  densities(cluster: number, space: 0 | 1): Densities {
    const row = (i: number) => {
      const from = (cluster * 4 + 2 * space + i) * this.bins;
      return this.histograms.subarray(from, from + this.bins);
    };
    const from = (cluster * 2 + space) * (this.bins + 1);
    return { edges: this.edges.subarray(from, from + this.bins + 1), within: row(0), between: row(1) };
  }

  /** What the group is called, on every screen. */
  title(cluster: number): string {
    return this.clusters[cluster]?.title ?? "";
  }

  /** 0 where X groups the cluster, 1 where Y does. */
  side(cluster: number): 0 | 1 {
    return this.clusters[cluster]?.side === "Y" ? 1 : 0;
  }

  constant(cluster: number): boolean {
    return (this.clusters[cluster]?.constant_share ?? 0) > CONSTANT;
  }
}

/** Rows of the `count` largest values, largest first; equal ones by their row. */
export function topRows(values: Float32Array, count: number): number[] {
  const rows: number[] = [];
  if (count <= 0) return rows;
  for (let i = 0; i < values.length; i++) {
    if (rows.length === count && values[i] <= values[rows[count - 1]]) continue;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[rows[middle]] >= values[i]) low = middle + 1;
      else high = middle;
    }
    rows.splice(low, 0, i);
    if (rows.length > count) rows.pop();
  }
  return rows;
}

/** Whether they are the same but for what they are called. */
export function sameGroups(a: readonly ClusterRow[], b: readonly ClusterRow[]): boolean {
  const known = ({ index, eigenvalue, members, effective_size }: ClusterRow) =>
    [index, eigenvalue, members, effective_size].join();
  return a.length > 0 && a.length === b.length && a.every((one, i) => known(one) === known(b[i]));
}
