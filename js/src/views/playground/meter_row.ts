/**
 * One meter: what it sees, its axis with value, chance, guess and grey dots of shuffled rows.
 *   synced  nothing   view  nothing: guesses are in guesses.ts
 */
import { h } from "../../page/dom";
import { ENDS, type Meter, onAxis } from "./guesses";
import { SEES, short } from "./words";
import "./meters.css";

interface Reading {
  value: number;
  /** Mean of chance; NaN where it is not known. */
  chance: number;
  /** Values of shuffled rows. */
  dots: readonly number[];
  guess: number | undefined;
  gap: number | undefined;
  /** Whether the value is still to be guessed. */
  hidden: boolean;
}

export const NAMES: Record<Meter, string> = { nngs: "NNGS", cka: "CKA", spec: "SPEC's λ" };
const ABOUT: Record<Meter, string> = { nngs: "", cka: "", spec: "≈ " };

export class MeterRow {
  readonly node: HTMLElement;
  private readonly name = h("span", { class: "embw-muted" });
  private readonly value = h("output", { class: "embw-play-value embw-number" });
  private readonly bar = h("div", { class: "embw-play-bar" });
  private readonly chance = h("div", { class: "embw-play-chance" });
  private readonly gap = h("div", { class: "embw-play-gap" });
  private readonly dots = h("div", { class: "embw-play-dots" });
  private readonly slider: HTMLInputElement;
  private readonly said = h("span", { class: "embw-play-said" });
  private readonly more: HTMLElement;

  constructor(
    readonly meter: Meter,
    guessed: (value: number) => void,
    more: readonly HTMLElement[],
    signal: AbortSignal,
  ) {
    const end = ENDS[meter];
    const label = `Your guess of ${NAMES[meter]}`;
    this.slider = h("input", { type: "range", min: 0, max: end, step: end / 100, "aria-label": label });
    const heard = () => guessed(Number(this.slider.value));
    this.slider.addEventListener("input", heard, { signal });
    const head = h("div", { class: "embw-play-meter-head" }, h("h3", {}, NAMES[meter], " ", this.name), this.value);
    const track = h("div", { class: "embw-play-track" }, this.bar, this.dots, this.chance, this.gap, this.slider);
    const ends = h(
      "div",
      { class: "embw-play-ends embw-muted embw-number" },
      h("span", {}, "0"),
      this.said,
      h("span", {}, String(end)),
    );
    this.more = h("div", {}, ...more);
    this.node = h(
      "section",
      { class: "embw-play-meter", "data-meter": meter, "aria-label": NAMES[meter] },
      head,
      h("p", { class: "embw-muted" }, SEES[meter]),
      track,
      ends,
      this.more,
    );
  }

  /** A new round: nothing is guessed yet. */
  begin(): void {
    this.slider.value = String(ENDS[this.meter] / 2);
  }

  draw(reading: Reading, about: string): void {
    const { meter } = this;
    const { value, chance, guess, gap, hidden } = reading;
    this.name.textContent = about;
    this.node.classList.toggle("embw-play-guessing", hidden);
    this.value.textContent = hidden ? "?" : short(meter === "spec" ? Math.abs(value) : value);
    this.slider.hidden = !hidden;
    this.slider.setAttribute("aria-valuetext", guess === undefined ? "not guessed yet" : short(guess));
    this.slider.classList.toggle("embw-play-untouched", guess === undefined);
    this.bar.style.width = hidden ? "0" : this.at(value);
    this.chance.hidden = !Number.isFinite(chance);
    this.chance.style.left = this.at(Number.isFinite(chance) ? chance : 0);
    this.chance.title = `chance ${ABOUT[meter]}${short(chance)}`;
    this.drawGap(guess, gap, value);
    this.said.textContent = this.words(reading);
    this.drawDots(reading.dots);
    this.more.hidden = hidden;
  }

  private words({ chance, guess, gap, hidden }: Reading): string {
    if (hidden) return guess === undefined ? "drag to guess" : `your guess ${short(guess)}`;
    const chanced = Number.isFinite(chance) ? [`┆ chance ${ABOUT[this.meter]}${short(chance)}`] : [];
    const off = gap !== undefined && guess !== undefined ? [`▾ you said ${short(guess)}, off by ${short(gap)}`] : [];
    return [...off, ...chanced].join(" · ");
  }

  private drawGap(guess: number | undefined, gap: number | undefined, value: number): void {
    this.gap.hidden = gap === undefined || guess === undefined;
    if (guess === undefined) return;
    const [from, to] = [guess, onAxis(this.meter, value)].sort((a, b) => a - b);
    const end = ENDS[this.meter];
    this.gap.style.left = `${(100 * from) / end}%`;
    this.gap.style.width = `${(100 * (to - from)) / end}%`;
    this.gap.classList.toggle("embw-play-under", guess < onAxis(this.meter, value));
  }

  private drawDots(values: readonly number[]): void {
    while (this.dots.childElementCount > values.length) this.dots.lastChild?.remove();
    while (this.dots.childElementCount < values.length) this.dots.append(h("i"));
    for (const [i, node] of [...this.dots.children].entries()) (node as HTMLElement).style.left = this.at(values[i]);
  }

  private at(value: number): string {
    return `${((100 * onAxis(this.meter, value)) / ENDS[this.meter]).toFixed(2)}%`;
  }
}
