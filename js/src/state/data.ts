/** The scene's data, decoded once and shared by all views. Written by Python only; owns no state but caches. */
import { decode, type Numbers } from "./arrays";
import { Spectral } from "./clusters";
import { Comparing } from "./comparing";
import {
  type Chance,
  type Counts,
  columnOf,
  type GroupSums,
  groupSums,
  jaccardAt,
  type MeanCurves,
  rowMeans,
} from "./curves";
import { ItemScores } from "./item_scores";
import { Maps } from "./maps";
import type { WholeLists } from "./neighbors";
import { type NeighborChange, neighborChange, neighborRanks } from "./neighbors";
import type { ClusterRow, Directions, ItemScoreRow, Model, ScoreRow } from "./scene";

interface ClassInfo {
  code: number;
  name: string;
  size: number;
}

export class SceneData {
  readonly comparing: Comparing;
  /** Items that are drawn; of a sample, those that were searched for come first, then their neighbours. */
  readonly n: number;
  readonly sampled: boolean;
  /** Items among which neighbours were searched for. */
  readonly among: number;
  readonly kMax: number;
  readonly names: readonly [string, string];
  readonly counts: Counts;
  /** The mean over all items; NaN where Python withholds it. */
  readonly overall: MeanCurves;
  readonly chance: Chance;
  readonly interval: Float32Array;
  /** Empty where no re-runs were compared. */
  readonly runs: Float32Array;
  readonly maps: Maps;
  readonly neighbors: readonly [Numbers, Numbers];
  readonly listLength: number;
  readonly codes: Numbers;
  readonly labelNames: readonly string[];
  readonly texts: readonly string[];
  readonly changed: { rows: Numbers; value: Numbers };
  /** Classes, largest first. */
  readonly classes: readonly ClassInfo[];
  /** Whether an item's p follows from its count. */
  readonly pByCount: boolean;
  private sums: GroupSums | undefined;
  private readonly curves = new WeakMap<Uint32Array, MeanCurves>();
  private scored: { of: ItemScoreRow[]; scores: ItemScores } | undefined;
  private latest: { of: ClusterRow[]; spectral: Spectral } | undefined;

  constructor(
    private readonly model: Model,
    private readonly lists?: WholeLists,
  ) {
    this.comparing = new Comparing(model);
    this.n = model.get("n");
    this.kMax = model.get("k_max");
    const { searched = this.n, among = this.n } = model.get("sample") ?? {};
    this.sampled = searched < this.n || among > this.n;
    this.among = among;
    const [x = "X", y = "Y"] = model.get("names") ?? [];
    this.names = [x, y];
    const sizes: readonly number[] = model.get("count_sizes") ?? [];
    this.counts = {
      values: decode(model.get("counts")),
      similarities: decode(model.get("similarities")),
      n: searched,
      kMax: this.kMax,
      ks: sizes.length ? sizes : Array.from({ length: this.kMax }, (_, j) => j + 1),
    };
    this.overall = readCurve(decode(model.get("curve")) as Float32Array, this.kMax);
    this.chance = readChance(decode(model.get("null")) as Float32Array, this.kMax);
    this.interval = decode(model.get("interval")) as Float32Array;
    this.runs = decode(model.get("runs")) as Float32Array;
    this.maps = new Maps(model);
    this.neighbors = [decode(model.get("neighbors_x")), decode(model.get("neighbors_y"))];
    this.listLength = model.get("neighbors_x")?.shape?.[1] ?? 0;
    this.codes = decode(model.get("label_codes"));
    this.labelNames = model.get("label_names") ?? [];
    this.texts = model.get("texts") ?? [];
    this.pByCount = model.get("p_by_count") ?? true;
    this.classes = countClasses(this.codes, this.labelNames);
    this.changed = {
      rows: decode(model.get("changed")),
      value: decode(model.get("changed_value")),
    };
  }

  get sentence(): string {
    return this.model.get("sentence") ?? "";
  }
  get provenance(): string {
    return this.model.get("provenance") ?? "";
  }
  get notes(): readonly string[] {
    return this.model.get("notes") ?? [];
  }
  get scores(): readonly ScoreRow[] {
    return this.model.get("scores") ?? [];
  }

  /** Whether there are curves and neighbours, that is, whether a comparison was put on this scene. */
  get compared(): boolean {
    return this.counts.values.length > 0;
  }

  /** The clusters; Python may add them, or put others in their place, while views are open. */
  get spectral(): Spectral {
    const rows = this.model.get("clusters") ?? [];
    if (this.latest?.of !== rows) this.latest = { of: rows, spectral: new Spectral(this.model, this.n) };
    return this.latest.spectral;
  }

  /** The switch between close groups and broad directions; undefined where Python knows of none. */
  get directions(): Directions | undefined {
    const found = this.model.get("directions");
    return found && "shown" in found ? (found as Directions) : undefined;
  }

  /** Scores of single items; Python may add some while views are open. */
  get itemScores(): ItemScores {
    const rows = this.model.get("item_scores") ?? [];
    if (this.scored?.of !== rows) this.scored = { of: rows, scores: new ItemScores(this.model, this.n) };
    return this.scored.scores;
  }

  /** Curves per class in one pass, kept for the life of the scene. */
  get classSums(): GroupSums {
    this.sums ??= groupSums(this.counts, this.codes, this.labelNames.length);
    return this.sums;
  }

  /** Low and high of classes' mean shares and of their differences to all; of very many items Python is asked for it. */
  get classInterval(): { values: Float32Array; classes: number } {
    const wire = this.model.get("class_interval");
    return { values: decode(wire) as Float32Array, classes: wire?.shape[1] ?? 0 };
  }

  /** Hears when it has come. */
  onClassInterval(heard: () => void, signal: AbortSignal): void {
    this.model.on("change:class_interval", heard);
    signal.addEventListener("abort", () => this.model.off("change:class_interval", heard));
  }

  /** The curves of a set of rows, kept for as long as the set is. */
  meansOf(rows: Uint32Array): MeanCurves {
    const found = this.curves.get(rows) ?? rowMeans(this.counts, rows);
    this.curves.set(rows, found);
    return found;
  }

  /** The items of a class. */
  rowsOf(code: number): Uint32Array {
    const rows: number[] = [];
    for (let i = 0; i < this.n; i++) if (this.codes[i] === code) rows.push(i);
    return Uint32Array.from(rows);
  }

  /** Whether Python withholds the score at k, since ties alone decide the neighbours. */
  withheld(k: number): boolean {
    return Number.isNaN(this.overall.jaccard[k - 1]);
  }

  /** Whether an item's neighbours were searched for: of a sample, not of those that are its neighbours only. */
  searched(row: number): boolean {
    return row < this.counts.n;
  }

  /** NaN for an item that was not searched for, as is its agreement. */
  shared(row: number, k: number): number {
    if (!this.searched(row)) return Number.NaN;
    return this.counts.values[row * this.counts.ks.length + columnOf(this.counts, k)];
  }

  agreement(row: number, k: number): number {
    if (!this.searched(row)) return Number.NaN;
    const column = columnOf(this.counts, k);
    return jaccardAt(this.counts, row * this.counts.ks.length + column, this.counts.ks[column]);
  }

  /** Where the page holds fewer than k neighbours, Python is asked for the others, and views hear "lists". */
  neighborChange(row: number, k: number): NeighborChange {
    const whole = k > this.listLength ? this.lists?.of(row) : undefined;
    if (whole) return neighborChange(whole[0], whole[1], whole[0].length, 0, k);
    if (k > this.listLength && !this.sampled) this.lists?.ask(row);
    return neighborChange(this.neighbors[0], this.neighbors[1], this.listLength, row, k);
  }

  /** The places of an item's neighbours in X's list and in Y's, as far as they are here. */
  neighborRanks(row: number): readonly [Map<number, number>, Map<number, number>] {
    const whole = this.lists?.of(row);
    const places = (space: 0 | 1) =>
      whole
        ? neighborRanks(whole[space], whole[space].length, 0)
        : neighborRanks(this.neighbors[space], this.listLength, row);
    return [places(0), places(1)];
  }

  /** How many of an item's neighbours are here. */
  listed(row: number): number {
    return Math.max(this.listLength, this.lists?.of(row)?.[0].length ?? 0);
  }

  label(row: number): string {
    const code = this.codes[row];
    return code === undefined ? "" : (this.labelNames[code] ?? "");
  }

  /** What to call an item: its text, else its label with its number, else its number. */
  describe(row: number): string {
    const label = this.label(row);
    return this.texts[row] || (label ? `${label} · item ${row}` : `item ${row}`);
  }
}

function readCurve(rows: Float32Array, kMax: number): MeanCurves {
  return {
    jaccard: Float64Array.from(rows.subarray(0, kMax)),
    shared: Float64Array.from(rows.subarray(kMax, 2 * kMax), (q, j) => q * (j + 1)),
  };
}

function readChance(rows: Float32Array, kMax: number): Chance {
  const row = (i: number) => rows.subarray(i * kMax, (i + 1) * kMax);
  return { nngs: row(0), nngsSd: row(1), mutual: row(2), mutualSd: row(3) };
}

function countClasses(codes: Numbers, names: readonly string[]): ClassInfo[] {
  const sizes = new Uint32Array(names.length);
  for (const code of codes) if (code < names.length) sizes[code]++;
  return names
    .map((name, code) => ({ code, name, size: sizes[code] }))
    .filter((c) => c.size > 0)
    .sort((a, b) => b.size - a.size || a.code - b.code);
}
