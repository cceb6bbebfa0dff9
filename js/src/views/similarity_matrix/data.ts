/**
 * A matrix of comparisons, decoded once; of the layers of two networks one for each measure.
 *   synced  written by Python only   view  which measure is looked at
 */
import type { Ends } from "../../page/ends";
import { decode, type Numbers } from "../../state/arrays";
import type { MatrixModel, MeasureRow } from "../../state/matrix";

/** What the cells show. */
export type Quantity = "calibrated" | "value";
/** What the colours span: the values that there are, or everything from chance to sameness. */
export type Span = "these" | "whole";
export type Pair = readonly [number, number];

interface Facts {
  value: number;
  chance: number;
  sd: number;
  calibrated: number;
  z: number;
  p: number;
}

/** No more alike than chance: the share of unrelated pairs that are as alike is this or more. */
export const LEVEL = 0.05;

/** Spaces as they stand along both axes; their names there. */
export interface Axes {
  names: readonly string[];
  rows: readonly number[];
  columns: readonly number[];
}

export class MatrixData {
  readonly names: readonly string[];
  readonly m: number;
  readonly symmetric: boolean;
  readonly order: readonly number[];
  /** The two networks whose layers are the rows and the columns; else none. */
  readonly networks: readonly string[];
  readonly measures: readonly MeasureRow[];
  readonly axes: Axes;
  private which = 0;
  private readonly ties: Numbers;
  private readonly maps: Float32Array;
  private readonly arrays: Record<keyof Facts, Numbers>;

  constructor(private readonly model: MatrixModel) {
    this.names = model.get("names");
    this.m = this.names.length;
    this.symmetric = model.get("symmetric");
    this.order = [...decode(model.get("order"))];
    this.ties = decode(model.get("ties"));
    this.maps = decode(model.get("map")) as Float32Array;
    this.networks = model.get("networks");
    const [down, across] = model.get("layers");
    const all = [...this.names.keys()];
    this.axes = down
      ? { names: [...down, ...across], rows: all.slice(0, down.length), columns: all.slice(down.length) }
      : { names: this.names, rows: all, columns: all };
    const larger = model.get("larger_is_more_similar");
    const only = { title: model.get("title"), k: model.get("k"), larger_is_more_similar: larger, same: null };
    this.measures = model.get("measures").length ? model.get("measures") : [only];
    const traits = { value: "values", chance: "null_mean", sd: "null_sd", calibrated: "calibrated", z: "z", p: "p" };
    const read = ([fact, trait]: string[]) => [fact, decode(model.get(trait as "values"))];
    this.arrays = Object.fromEntries(Object.entries(traits).map(read));
  }

  /** Looks at another measure. */
  choose(which: number): void {
    this.which = which;
  }
  get chosen(): number {
    return this.which;
  }

  /** Whether rows and columns are layers of two networks, and not the same spaces. */
  get layered(): boolean {
    return this.networks.length === 2;
  }

  get quantities(): Quantity[] {
    const calibrated = this.pairs().some(([i, j]) => Number.isFinite(this.facts(i, j).calibrated));
    return calibrated ? ["calibrated", "value"] : ["value"];
  }

  get map(): Float32Array {
    return this.maps.subarray(2 * this.m * this.which, 2 * this.m * (this.which + 1));
  }

  /** Whether the map keeps 1 − calibrated; else it keeps differences of the values as shares of their range. */
  get mapsCalibrated(): boolean {
    return this.pairs().every(([i, j]) => Number.isFinite(this.get("calibrated", i, j)));
  }

  get sentence(): string {
    return this.model.get("sentence");
  }
  get provenance(): string {
    return this.model.get("provenance");
  }
  get notes(): readonly string[] {
    return this.model.get("notes");
  }

  /** The measure with its k, as a heading. */
  get measure(): string {
    return this.measureTitle(this.which);
  }

  measureTitle(which: number): string {
    const { title, k } = this.measures[which];
    return `${title}${k === null ? "" : `, k = ${k}`}`;
  }

  name(i: number): string {
    return this.names[i] || "(empty name)";
  }

  facts(i: number, j: number): Facts {
    const at = this.at(i, j);
    const one = (fact: keyof Facts) => this.arrays[fact][at];
    return {
      value: one("value"),
      chance: one("chance"),
      sd: one("sd"),
      calibrated: one("calibrated"),
      z: one("z"),
      p: one("p"),
    };
  }

  get(quantity: Quantity, i: number, j: number): number {
    return this.arrays[quantity][this.at(i, j)];
  }

  private at(i: number, j: number): number {
    const { rows, columns } = this.axes;
    return (this.which * rows.length + i) * columns.length + j - columns[0];
  }

  /** Whether larger numbers mean more alike; calibrated ones always do. */
  rises(quantity: Quantity): boolean {
    return quantity === "calibrated" || this.measures[this.which].larger_is_more_similar;
  }

  /** Whether the two are no more alike than chance, where that is known. */
  byChance(i: number, j: number): boolean {
    return i !== j && this.facts(i, j).p >= LEVEL;
  }

  /** Of the spaces that are nearest to one: alone, or not told apart from others; undefined where it is not among them. */
  nearest(i: number, j: number): "alone" | "not told apart" | undefined {
    const row = Array.from(this.ties).slice(i * this.m, (i + 1) * this.m);
    if (!row[j]) return undefined;
    return row.filter(Boolean).length > 1 ? "not told apart" : "alone";
  }

  /** Every two different spaces; of a symmetric matrix once. */
  pairs(): Pair[] {
    const { rows, columns } = this.axes;
    return rows.flatMap((i) => columns.filter((j) => (this.symmetric ? i < j : i !== j)).map((j): Pair => [i, j]));
  }

  /** The two that are most alike. */
  best(quantity: Quantity): Pair | undefined {
    const sign = this.rises(quantity) ? 1 : -1;
    let most = Number.NEGATIVE_INFINITY;
    let best: Pair | undefined;
    for (const [i, j] of this.pairs()) {
      const likeness = sign * this.get(quantity, i, j);
      if (likeness > most) [most, best] = [likeness, [i, j]];
    }
    return best;
  }

  /** Columns of the most similar layer of a row, by the value of the measure; several where they are tied. */
  bestOf(row: number): number[] {
    const sign = this.rises("value") ? 1 : -1;
    const { columns } = this.axes;
    const likeness = columns.map((j) => sign * this.get("value", row, j));
    const most = Math.max(...likeness.filter(Number.isFinite));
    return columns.filter((_, at) => likeness[at] === most);
  }

  /** Whether two layers have the same index, where the networks are as deep. */
  sameIndex(row: number, column: number): boolean {
    const { rows, columns } = this.axes;
    return this.layered && rows.length === columns.length && column - columns[0] === row;
  }

  /** Mean chance level of the pairs, and mean of a space with itself: what the numbers are measured against. */
  marks(quantity: Quantity): { chance: number; same: number } {
    if (quantity === "calibrated") return { chance: 0, same: 1 };
    const chance = mean(this.pairs().map(([i, j]) => this.facts(i, j).chance));
    if (this.layered) return { chance, same: this.measures[this.which].same ?? Number.NaN };
    return { chance, same: mean(this.names.map((_, i) => this.get("value", i, i))) };
  }

  /** What the colours span; the whole where there is but one value, these where chance or sameness is not known. */
  ends(quantity: Quantity, span: Span): Ends {
    const { chance, same } = this.marks(quantity);
    const found = this.pairs()
      .map(([i, j]) => this.get(quantity, i, j))
      .filter(Number.isFinite);
    const [low, high] = [Math.min(...found), Math.max(...found)];
    const known = Number.isFinite(chance) && Number.isFinite(same) && chance !== same;
    const flat = !(high - low > 1e-6 * Math.max(Math.abs(high), Math.abs(low)));
    if (known && (span === "whole" || flat)) return { less: chance, more: same };
    if (found.length === 0) return { less: 0, more: 1 };
    const [from, to] = flat ? [low - 0.5, high + 0.5] : [low, high];
    return this.rises(quantity) ? { less: from, more: to } : { less: to, more: from };
  }
}

function mean(values: readonly number[]): number {
  const found = values.filter(Number.isFinite);
  return found.reduce((sum, v) => sum + v, 0) / found.length;
}
