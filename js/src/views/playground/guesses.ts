/** What the reader thinks the meters will say, and how far that was off. View state: never sent. */

export type Meter = "nngs" | "cka" | "spec";
export const METERS: readonly Meter[] = ["nngs", "cka", "spec"];

/** Where each meter's axis ends: λ of three clusters of twenty never comes near 1. */
export const ENDS: Record<Meter, number> = { nngs: 1, cka: 1, spec: 0.5 };

export type Truth = Record<Meter, number>;

export class Guesses {
  /** Whether one guesses before one sees. */
  first = true;
  open = true;
  values: Partial<Truth> = {};
  /** One for each guess that was made, as shares of its axis. */
  readonly gaps: number[] = [];

  begin(): void {
    this.open = this.first;
    this.values = {};
  }

  set(meter: Meter, value: number): void {
    if (this.open) this.values[meter] = value;
  }

  /** The end of guessing; what was guessed counts. */
  show(truth: Truth): void {
    if (!this.open) return;
    this.open = false;
    for (const meter of METERS) {
      const gap = this.gap(meter, truth);
      if (gap !== undefined) this.gaps.push(gap / ENDS[meter]);
    }
  }

  skip(): void {
    this.open = false;
    this.values = {};
  }

  gap(meter: Meter, truth: Truth): number | undefined {
    const [guess, value] = [this.values[meter], meter === "spec" ? Math.abs(truth[meter]) : truth[meter]];
    return guess === undefined || !Number.isFinite(value) ? undefined : Math.abs(guess - value);
  }

  get score(): string {
    const count = this.gaps.length;
    if (count === 0) return "";
    const mean = this.gaps.reduce((a, b) => a + b, 0) / count;
    return `${count} ${count === 1 ? "guess" : "guesses"}, off by ${Math.round(100 * mean)}% of the axis on average`;
  }
}

/** λ counts by its size, and what is below 0 stands at the axis's begin. */
export function onAxis(meter: Meter, value: number): number {
  const size = meter === "spec" ? Math.abs(value) : value;
  return Math.max(0, Math.min(ENDS[meter], size));
}
