/** Scores of single items, decoded. Written by Python only; owns no state but caches. */

import { type Ends, share } from "../page/ends";
import { value } from "../page/format";
import { decode } from "./arrays";
import type { ItemScoreRow, Model } from "./scene";

/** Share of the items beyond each end of the colours; they take the end's colour. */
const BEYOND = 0.02;

export class ItemScores {
  readonly rows: readonly ItemScoreRow[];
  private readonly all: Float32Array;
  private readonly found: (Ends | undefined)[] = [];
  private readonly placed: (Float32Array | undefined)[] = [];

  constructor(
    model: Model,
    private readonly n: number,
  ) {
    this.rows = model.get("item_scores") ?? [];
    this.all = decode(model.get("item_values")) as Float32Array;
  }

  /** NaN where an item has none. */
  values(at: number): Float32Array {
    return this.all.subarray(at * this.n, (at + 1) * this.n);
  }

  /** What the colours span; of a distance the less similar end is the larger number. */
  ends(at: number): Ends {
    const ends = this.found[at] ?? this.span(at);
    this.found[at] = ends;
    return ends;
  }

  /** Each item's place from the least (0) to the most alike (1); NaN where there is no value. */
  shares(at: number): Float32Array {
    const ends = this.ends(at);
    const shares = this.placed[at] ?? this.values(at).map((v) => share(v, ends));
    this.placed[at] = shares;
    return shares;
  }

  mean(at: number): number {
    const known = this.values(at).filter(Number.isFinite);
    return known.reduce((sum, v) => sum + v, 0) / known.length;
  }

  /** An item's score in words. */
  text(at: number, row: number): string {
    return `${this.rows[at].name} ${value(this.values(at)[row])}`;
  }

  private span(at: number): Ends {
    const sorted = this.values(at).filter(Number.isFinite).sort();
    const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
    const [low, high] = [quantile(BEYOND), quantile(1 - BEYOND)];
    const [from, to] =
      high - low > 1e-6 * Math.max(Math.abs(low), Math.abs(high)) ? [low, high] : [low - 0.5, low + 0.5];
    return this.rows[at].higher_is_similar ? { less: from, more: to } : { less: to, more: from };
  }
}
