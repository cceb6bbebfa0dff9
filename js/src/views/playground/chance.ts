/**
 * Chance, by trying: rows of Y dealt at random, a dot a time, beside what theory says.
 *   synced  nothing   view  the shuffles of the present points
 */
import { dice, type Shuffled, shuffledMeters, shuffledRows } from "../../meters/shuffle";
import type { Meters } from "../../meters/three_meters";
import { button, h, svg } from "../../page/dom";
import type { Arrangement } from "./arrangement";
import { drawStrip, type Strip } from "./chance_strip";
import { ENDS, METERS, type Meter } from "./guesses";
import { short } from "./words";

const MANY = 20;
const MOST = 400;
const WIDTH = 4;

export class ChancePanel {
  readonly node: HTMLElement;
  readonly shuffles: Shuffled[] = [];
  private readonly next = dice(1);
  private readonly charts = METERS.map(() => svg("svg", { class: "embw-play-strip", role: "img" }));
  private readonly titles = METERS.map(() => h("figcaption"));
  private readonly said = h("span", { class: "embw-muted", role: "status" });
  private expected: number | undefined;

  constructor(
    private readonly at: Arrangement,
    private readonly changed: () => void,
    signal: AbortSignal,
  ) {
    const once = button(
      "Shuffle the rows of Y",
      "Deal the items of Y onto its places at random, once",
      () => this.drop(1),
      signal,
      "embw-play-solid",
    );
    const more = button(`${MANY} more`, "Shuffle so many times", () => this.drop(MANY), signal, "embw-play-plain");
    const clear = button("Clear", "Take the dots away", () => this.clear(), signal, "embw-link");
    const strips = METERS.map((_, i) => h("figure", {}, this.titles[i], this.charts[i]));
    this.node = h(
      "section",
      { class: "embw-play-shuffles", "aria-label": "Chance" },
      h("div", { class: "embw-toolbar" }, h("h4", {}, "What does chance give?"), once, more, clear, this.said),
      h("div", { class: "embw-play-strips" }, ...strips),
    );
  }

  /** The points have moved: dots of others would say nothing. */
  forget(): void {
    this.shuffles.length = 0;
    this.expected = undefined;
  }

  /** Values of the shuffles, of one meter. */
  dots(meter: Meter): number[] {
    return this.shuffles.map((one) => this.valueOf(meter, one));
  }

  /** Mean size of λ over shuffles, for which there is no formula: that of the dots, else of some of its own. */
  get spec(): number {
    this.expected ??= mean(this.dealt(MANY, dice(2)).map((one) => Math.abs(one.spec)));
    return this.shuffles.length >= MANY ? mean(this.dots("spec")) : this.expected;
  }

  draw(meters: Meters, told: boolean): void {
    const k = this.at.k;
    const names = { nngs: `NNGS at k = ${k}`, cka: "CKA", spec: "SPEC's λ" };
    for (const [i, meter] of METERS.entries()) {
      const strip = { ...this.law(meter, meters), title: names[meter], dots: this.dots(meter) };
      this.titles[i].textContent = `${names[meter]}: ${this.words(meter, meters)}`;
      drawStrip(this.charts[i], { ...strip, value: told ? strip.value : Number.NaN }, short);
    }
    const count = this.shuffles.length;
    this.said.textContent = count > 0 ? `${count} ${count === 1 ? "shuffle" : "shuffles"}` : "";
  }

  private law(meter: Meter, meters: Meters): Omit<Strip, "title" | "dots"> {
    if (meter === "spec") return { from: 0, to: ENDS.spec, density: undefined, value: Math.abs(meters.spec.value) };
    if (meter === "nngs") {
      const { mean, sd } = meters.nngsChance[this.at.k - 1];
      const density = (v: number) => Math.exp(-((v - mean) ** 2) / (2 * sd * sd || 1));
      return {
        from: mean - WIDTH * (sd || 0.01),
        to: mean + WIDTH * (sd || 0.01),
        density,
        value: meters.nngs[this.at.k - 1],
      };
    }
    const { sd } = meters.ckaChance;
    return { from: -WIDTH * sd, to: WIDTH * 1.5 * sd, density: typeThree(sd, meters.ckaSkewness), value: meters.cka };
  }

  private words(meter: Meter, meters: Meters): string {
    if (meter === "spec") return "by trying, no formula";
    const { mean, sd } = meter === "cka" ? meters.ckaChance : meters.nngsChance[this.at.k - 1];
    return `${short(mean)} ± ${sd.toFixed(3)}`;
  }

  private valueOf(meter: Meter, one: Shuffled): number {
    return meter === "nngs" ? one.nngs[this.at.k - 1] : meter === "cka" ? one.cka : Math.abs(one.spec);
  }

  private drop(count: number): void {
    const room = Math.max(0, MOST - this.shuffles.length);
    this.shuffles.push(...this.dealt(Math.min(count, room), this.next));
    this.changed();
  }

  private dealt(count: number, next: () => number): Shuffled[] {
    const sides = [this.at.side(0), this.at.side(1)] as const;
    return Array.from({ length: count }, () => shuffledMeters(...sides, shuffledRows(this.at.n, next)));
  }

  private clear(): void {
    this.shuffles.length = 0;
    this.changed();
  }
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Pearson's type III law of mean 0, up to a factor; with hardly a skewness the normal one. */
function typeThree(sd: number, skewness: number): (value: number) => number {
  if (!(skewness > 1e-3)) return (v) => Math.exp(-(v ** 2) / (2 * sd * sd));
  const shape = 4 / skewness ** 2;
  const peak = (shape - 1) * Math.log(Math.max(shape - 1, 1e-9)) - (shape - 1);
  return (v) => {
    const t = shape + (v / sd) * Math.sqrt(shape);
    return t > 0 ? Math.exp((shape - 1) * Math.log(t) - t - peak) : 0;
  };
}
