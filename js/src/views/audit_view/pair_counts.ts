/** How many pairs pass at any threshold of old and of new, so that a line can be dragged without a kernel. Owns no state but what was decoded. */
import { decode, type Numbers } from "../../state/arrays";
import type { AuditModel, CarriedThreshold } from "../../state/audit";

export interface Passing {
  /** Thresholds. */
  old: number;
  fresh: number;
  both: number;
  oldOnly: number;
  newOnly: number;
  /** Whether they were counted in Python, each pair; else they are read off the cells. */
  exact: boolean;
}

export class PairCounts {
  readonly told: CarriedThreshold;
  /** (a, b) */
  readonly cells: { values: Numbers; shape: readonly [number, number]; edges: readonly [Float64Array, Float64Array] };
  /** Thresholds of each space, ascending, that the number of passing pairs is known of. */
  readonly edges: readonly [Float64Array, Float64Array];
  private readonly passing: readonly [Float64Array, Float64Array];

  constructor(model: AuditModel) {
    this.told = model.get("thresholds") as CarriedThreshold;
    const [a = 0, b = 0] = model.get("joint")?.shape ?? [];
    const cellEdges = halves(decode(model.get("joint_edges")));
    this.cells = { values: decode(model.get("joint")), shape: [a, b], edges: cellEdges };
    this.edges = halves(decode(model.get("edges")));
    this.passing = halves(decode(model.get("passing")));
  }

  /** The edge of old that is nearest. */
  nearest(threshold: number): number {
    const [edges] = this.edges;
    const above = edges.findIndex((edge) => edge >= threshold);
    if (above < 0) return edges.length - 1;
    return above > 0 && threshold - edges[above - 1] < edges[above] - threshold ? above - 1 : above;
  }

  /** What passes with old's threshold at this edge, and new's where as many do. */
  at(edge: number): Passing {
    const { told } = this;
    const old = this.edges[0][edge];
    if (old === this.edges[0][this.nearest(told.at)]) {
      const { both, old_only, new_only } = told.switched;
      return { old: told.at, fresh: told.value, both, oldOnly: old_only, newOnly: new_only, exact: true };
    }
    const passing = this.passing[0][edge];
    const fresh = crossing(this.edges[1], this.passing[1], passing);
    const both = Math.min(passing, this.both(old, fresh));
    return { old, fresh, both, oldOnly: passing - both, newOnly: passing - both, exact: false };
  }

  /** Pairs at or above both thresholds: of a cell that a threshold cuts, as large a part as lies above. */
  private both(old: number, fresh: number): number {
    const { values, shape, edges } = this.cells;
    const parts = [old, fresh].map((threshold, side) =>
      Float64Array.from({ length: shape[side] }, (_, i) => partAbove(edges[side][i], edges[side][i + 1], threshold)),
    );
    let sum = 0;
    for (let i = 0; i < shape[0]; i++) {
      if (parts[0][i] === 0) continue;
      for (let j = 0; j < shape[1]; j++) sum += parts[0][i] * parts[1][j] * values[i * shape[1] + j];
    }
    return Math.round(sum);
  }
}

/** Two rows of one length, without the NaN that fill up the shorter. */
function halves(values: Numbers): [Float64Array, Float64Array] {
  const half = values.length / 2;
  const row = (from: number) => Float64Array.from(values.subarray(from, from + half)).filter((v) => !Number.isNaN(v));
  return [row(0), row(half)];
}

export const partAbove = (low: number, high: number, threshold: number): number =>
  Math.max(0, Math.min(1, (high - threshold) / (high - low)));

/** Where a falling number of passing pairs is as many; between two edges as a straight line over its logarithm. */
export function crossing(edges: ArrayLike<number>, passing: ArrayLike<number>, wanted: number): number {
  let i = 0;
  while (i < edges.length && passing[i] > wanted) i++;
  if (i === 0) return edges[0];
  if (i === edges.length) return edges[i - 1];
  const [above, below, at] = [passing[i - 1], passing[i], wanted].map((n) => Math.log(n + 0.5));
  return edges[i - 1] + ((above - at) / (above - below)) * (edges[i] - edges[i - 1]);
}
