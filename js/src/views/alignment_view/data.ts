/** An alignment, decoded once. Written by Python only; owns no state but caches. */
import type { AlignmentModel, ChangeRow, SpectrumInfo } from "../../state/alignment";
import { decode, type Numbers } from "../../state/arrays";
import { GroupMembers, topRows } from "../../state/clusters";

/** Of an item's part; 0 is left out. */
export const FITTED = 1;
export const HELD_OUT = 2;

export type Side = "before" | "after";

export class AlignmentData {
  readonly n: number;
  readonly names: readonly [string, string];
  readonly before: Float32Array;
  readonly after: Float32Array;
  readonly target: Float32Array;
  readonly parts: Numbers;
  readonly heldOut: Numbers;
  readonly changes: readonly ChangeRow[];
  readonly kMax: number;
  readonly curves: Record<Side, Float64Array>;
  readonly chance: { mean: Float64Array; sd: Float64Array };
  readonly intervals: readonly { low: Float64Array; high: Float64Array }[];
  /** Of every item, before and after; NaN where it is not held out. */
  readonly residuals: Record<Side, Float32Array>;
  private readonly listed: GroupMembers;
  private movement: Float32Array | undefined;

  constructor(readonly model: AlignmentModel) {
    this.n = model.get("n");
    const [x = "X", y = "Y"] = model.get("names");
    this.names = [x, y];
    const crossed = decode(model.get("maps"));
    const maps = crossed instanceof Float32Array ? crossed : Float32Array.from(crossed);
    const map = (i: number) => maps.subarray(i * 2 * this.n, (i + 1) * 2 * this.n);
    [this.before, this.after, this.target] = [map(0), map(1), map(2)];
    this.parts = decode(model.get("parts"));
    this.heldOut = decode(model.get("held_out"));
    this.changes = model.get("changes");
    const members = this.changes.map((c) => c.members);
    this.listed = new GroupMembers(decode(model.get("member_rows")), model.get("members_listed") ?? [], members);
    this.kMax = model.get("k_max");
    const curves = rowsOf(decode(model.get("curves")), 2);
    this.curves = { before: curves[0], after: curves[1] };
    const [mean, sd] = rowsOf(decode(model.get("chance")), 2);
    this.chance = { mean, sd };
    const ends = decode(model.get("intervals"));
    const [a, b, c, d] = rowsOf(ends, 4);
    this.intervals = ends.length
      ? [
          { low: a, high: b },
          { low: c, high: d },
        ]
      : [];
    const [before, after] = rowsOf(decode(model.get("residuals")), 2);
    this.residuals = { before: this.spread(before), after: this.spread(after) };
  }

  /** Values of the held-out items, at their rows. */
  private spread(values: Float64Array): Float32Array {
    const all = new Float32Array(this.n).fill(Number.NaN);
    this.heldOut.forEach((row, i) => {
      all[row] = values[i];
    });
    return all;
  }

  spectrum(side: Side): SpectrumInfo {
    const spectra = this.model.get("spectra");
    return "before" in spectra ? spectra[side] : { eigenvalues: [], unrelated: [], spec_diff: null };
  }

  /** Members of a group, strongest first; of very many the first of them. */
  members(cluster: number): Uint32Array {
    return this.listed.of(cluster);
  }

  /** The first group that each item is a member of; −1 for none. */
  get groups(): Int16Array {
    const groups = new Int16Array(this.n).fill(-1);
    for (let c = this.changes.length - 1; c >= 0; c--) for (const row of this.members(c)) groups[row] = c;
    return groups;
  }

  /** How far each item goes in the layout. */
  get distance(): Float32Array {
    this.movement ??= Float32Array.from({ length: this.n }, (_, i) =>
      Math.hypot(this.after[2 * i] - this.before[2 * i], this.after[2 * i + 1] - this.before[2 * i + 1]),
    );
    return this.movement;
  }

  /** The held-out items that move most, or, of some rows, those; farthest first. */
  movers(most: number, among?: Uint32Array): number[] {
    if (among && among.length <= most) return Array.from(among).sort((a, b) => this.distance[b] - this.distance[a]);
    const rows = among ?? this.heldOut;
    const distances = Float32Array.from(rows, (row) => this.distance[row]);
    return topRows(distances, most).map((at) => rows[at]);
  }
}

function rowsOf(values: Numbers, rows: number): Float64Array[] {
  const length = values.length / rows;
  return Array.from({ length: rows }, (_, r) => Float64Array.from(values.subarray(r * length, (r + 1) * length)));
}

/** The residual of an item on its way from before to after. */
export const between = (before: number, after: number, t: number): number => before + (after - before) * t;
