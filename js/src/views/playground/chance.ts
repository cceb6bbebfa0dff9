/**
 * Chance, by trying: rows of Y dealt at random, a dot a time, beside what theory says.
 *   synced  nothing   view  the shuffles of the present points
 */
import { heaviestShare } from "../../meters/cka";
import { nngsCurve } from "../../meters/neighbours";
import { dealt, dice, type Shuffled, shuffledMeters, shuffledRows } from "../../meters/shuffle";
import type { Meters } from "../../meters/three_meters";
import { skewnessOf, typeThree } from "../../meters/type_three";
import { button, h, svg } from "../../page/dom";
import type { Arrangement } from "./arrangement";
import { drawStrip, type Strip } from "./chance_strip";
import { ENDS, METERS, type Meter } from "./guesses";
import { short } from "./words";

const MANY = 20;
const MOST = 400;
/** Standard deviations of chance that are shown. */
const BELOW = 3.5;
const ABOVE = 5;
const NARROW = 0.01;
const SKEWED = 200;

export class ChancePanel {
  readonly node: HTMLElement;
  readonly shuffles: Shuffled[] = [];
  private readonly next = dice(1);
  private readonly charts = METERS.map(() => svg("svg", { class: "embw-play-strip", role: "img" }));
  private readonly titles = METERS.map(() => h("figcaption"));
  private readonly said = h("span", { class: "embw-muted", role: "status" });
  private expected: number | undefined;
  private curves: Float64Array[] | undefined;
  private stale = true;

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
      h("div", { class: "embw-toolbar" }, h("h3", {}, "What does chance give?"), once, more, clear, this.said),
      h("div", { class: "embw-play-strips" }, ...strips),
    );
  }

  /** The points have moved: dots of others would say nothing. */
  forget(): void {
    this.stale ||= this.shuffles.length > 0 || this.curves !== undefined;
    this.shuffles.length = 0;
    this.expected = undefined;
    this.curves = undefined;
  }

  /** Values of the shuffles, of one meter. */
  dots(meter: Meter): number[] {
    return this.shuffles.map((one) => this.valueOf(meter, one));
  }

  /** Mean size of λ over shuffles, for which there is no formula: that of the dots, else of some of its own. */
  get spec(): number {
    this.expected ??= mean(this.shuffled(MANY, dice(2)).map((one) => Math.abs(one.spec)));
    return this.shuffles.length >= MANY ? mean(this.dots("spec")) : this.expected;
  }

  draw(meters: Meters, told: boolean): void {
    // In a drag once: it is not about where the points are on their way.
    if (this.at.holding && !this.stale) return;
    this.stale = !this.at.holding;
    const k = this.at.k;
    const names = { nngs: `NNGS, k = ${k}`, cka: "CKA", spec: "SPEC's λ" };
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
    const { mean, sd } = meter === "cka" ? meters.ckaChance : meters.nngsChance[this.at.k - 1];
    const [from, to] = [mean - BELOW * (sd || NARROW), mean + ABOVE * (sd || NARROW)];
    const density = this.at.holding || !(sd > 0) ? undefined : this.density(meter, meters);
    return { from, to, density, value: meter === "cka" ? meters.cka : meters.nngs[this.at.k - 1] };
  }

  private density(meter: Meter, meters: Meters): Strip["density"] {
    if (meter === "cka") return this.smooth ? typeThree(meters.ckaChance, meters.ckaSkewness) : undefined;
    this.curves ??= this.dealtCurves();
    const values = this.curves.map((curve) => curve[this.at.k - 1]);
    return typeThree(meters.nngsChance[this.at.k - 1], skewnessOf(values));
  }

  /** Of NNGS alone, which costs little: mean and spread have a formula, and the skewness has none. */
  private dealtCurves(): Float64Array[] {
    const [next, n] = [dice(3), this.at.n];
    const { ranks } = this.at.side(0);
    const other = this.at.side(1).ranks;
    return Array.from({ length: SKEWED }, () => nngsCurve(ranks, dealt(other, shuffledRows(n, next)), n));
  }

  /** A point that is most of a space gives CKA a law of two values, which no smooth curve is. */
  private get smooth(): boolean {
    return ([0, 1] as const).every((space) => heaviestShare(this.at.side(space).points) < 0.5);
  }

  private words(meter: Meter, meters: Meters): string {
    if (meter === "spec") return "no formula";
    const { mean, sd } = meter === "cka" ? meters.ckaChance : meters.nngsChance[this.at.k - 1];
    // Of the law in a line's room: its mean and spread, or why none is drawn.
    return meter === "cka" && !this.smooth ? "one point decides" : `${short(mean)} ± ${sd.toFixed(3)}`;
  }

  private valueOf(meter: Meter, one: Shuffled): number {
    return meter === "nngs" ? one.nngs[this.at.k - 1] : meter === "cka" ? one.cka : Math.abs(one.spec);
  }

  private drop(count: number): void {
    const room = Math.max(0, MOST - this.shuffles.length);
    this.shuffles.push(...this.shuffled(Math.min(count, room), this.next));
    this.changed();
  }

  private shuffled(count: number, next: () => number): Shuffled[] {
    const sides = [this.at.side(0), this.at.side(1)] as const;
    return Array.from({ length: count }, () => shuffledMeters(...sides, shuffledRows(this.at.n, next)));
  }

  private clear(): void {
    this.shuffles.length = 0;
    this.changed();
  }
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
