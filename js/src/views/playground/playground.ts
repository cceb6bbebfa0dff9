/**
 * Playground: sixty points in two spaces that can be dragged, three meters of them, and what chance gives.
 *   synced  posture, k, points_x, points_y, meters (arrangement.ts)   view  guesses, pinned item, frames, shuffles
 */
import { makeBox } from "../../controls/frame";
import { namedBy } from "../../meters/spec";
import { button, h, onResize, perFrame, svg } from "../../page/dom";
import { onKeys } from "../../page/keyboard";
import { changeColours, toCss } from "../../page/palette";
import { tone } from "../../page/theme";
import type { PlaygroundModel } from "../../state/playground";
import { Arrangement, type PlayEvent } from "./arrangement";
import { Challenges } from "./challenges";
import { ChancePanel } from "./chance";
import { computed } from "./computed";
import { drawKey } from "./edge_key";
import { Guesses, METERS, type Meter, type Truth } from "./guesses";
import { wireHands } from "./hands";
import { MeterRow } from "./meter_row";
import { drawNngs } from "./nngs_chart";
import { Panel, type Shown } from "./panel";
import { Postures } from "./postures";
import { LEAD, namedPoints, short, toldMeters, WORTH } from "./words";
import "./playground.css";

const REST_MS = 180;

export function mountPlayground(el: HTMLElement, model: PlaygroundModel, signal: AbortSignal): void {
  new Playground(el, model, signal).open();
}

class Playground {
  private readonly at: Arrangement;
  private readonly guesses = new Guesses();
  private readonly frame;
  private readonly panels: Panel[];
  private readonly rows: MeterRow[];
  private readonly postures: Postures;
  private readonly chance: ChancePanel;
  private readonly challenges: Challenges;
  private readonly chart = svg("svg", { class: "embw-play-nngs", role: "img" });
  private readonly k: HTMLInputElement;
  private readonly named = h("p", { class: "embw-play-names" });
  private readonly question = h("p", { class: "embw-play-question" });
  private readonly why = h("p", { class: "embw-play-why" });
  private readonly score = h("span", { class: "embw-muted embw-play-score", role: "status" });
  private readonly heard = h("p", { class: "embw-play-heard", role: "status" });
  private readonly reveal: HTMLElement;
  private readonly undo: HTMLButtonElement;
  private readonly legend = h("p", { class: "embw-play-legend embw-muted" });
  private readonly redraw: () => void;
  private shown: Shown;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(el: HTMLElement, model: PlaygroundModel, signal: AbortSignal) {
    this.at = new Arrangement(model, signal);
    this.frame = makeBox(el, "playground", "Playground: three meters", signal);
    this.shown = this.look();
    const shown = () => this.shown;
    this.panels = ([0, 1] as const).map((space) => new Panel(this.at, space, shown, signal));
    this.postures = new Postures(this.at, (name) => this.at.take(name), signal);
    this.chance = new ChancePanel(this.at, () => this.redraw(), signal);
    this.challenges = new Challenges(signal);
    this.k = this.kSlider(signal);
    const more: Record<Meter, HTMLElement[]> = {
      nngs: [this.chart as unknown as HTMLElement],
      cka: [],
      spec: [this.named],
    };
    this.rows = METERS.map((meter) => new MeterRow(meter, (value) => this.guess(meter, value), more[meter], signal));
    this.reveal = this.revealing(signal);
    this.undo = button(
      "Undo",
      "Put the points back as they were before (Ctrl Z)",
      () => this.goBack(),
      signal,
      "embw-play-plain",
    );
    this.redraw = perFrame(() => this.draw(), signal);
    this.wire(signal);
  }

  open(): void {
    const first = this.firstToggle();
    const head = h(
      "div",
      { class: "embw-play-head" },
      h("h2", {}, "Three meters"),
      h("span", { class: "embw-spring" }),
      this.score,
      first,
    );
    const spaces = h("div", { class: "embw-play-spaces" }, ...this.panels.map(({ node }) => node));
    const tools = h("div", { class: "embw-toolbar" }, this.kField(), this.undo);
    const meters = h("div", { class: "embw-play-meters" }, ...this.rows.map(({ node }) => node), this.reveal);
    const left = h("div", { class: "embw-play-left" }, this.question, spaces, this.legend, tools, this.why);
    this.frame.body.append(
      head,
      h("p", { class: "embw-play-lead embw-muted" }, LEAD),
      this.postures.node,
      h("div", { class: "embw-play-main" }, left, meters),
      h("div", { class: "embw-play-below" }, this.chance.node, this.challenges.node),
      computed(),
      this.heard,
    );
    this.begin();
  }

  private wire(signal: AbortSignal): void {
    for (const panel of this.panels) wireHands(panel, this.at, () => this.letGo(), signal);
    this.at.on((event) => this.hear(event));
    this.frame.onTheme(() => this.redraw());
    onResize(this.frame.body, () => this.redraw(), signal);
    const undo = () => this.goBack();
    onKeys(this.frame.root, { "Ctrl+z": undo, u: undo, Escape: () => this.at.pin(this.at.pinned) }, signal);
    signal.addEventListener("abort", () => clearTimeout(this.rest));
  }

  private hear(event: PlayEvent): void {
    if (event === "item") {
      this.redraw();
      return;
    }
    if (event !== "k") this.chance.forget();
    if (event === "posture") {
      for (const panel of this.panels) panel.arrive();
      this.begin();
    }
    this.k.value = String(this.at.k);
    this.redraw();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.atRest(), REST_MS);
  }

  /** What takes longer, and what is spoken, waits until nothing moves. */
  private atRest(): void {
    if (this.guesses.open) return;
    this.heard.textContent = toldMeters(this.at.meters, this.at.k);
    this.draw();
  }

  private begin(): void {
    this.guesses.begin();
    for (const row of this.rows) row.begin();
    this.redraw();
  }

  private letGo(): void {
    this.at.letGo();
    for (const panel of this.panels) panel.rest();
    this.redraw();
  }

  private goBack(): void {
    if (!this.at.undo()) return;
    for (const panel of this.panels) panel.rest();
  }

  private guess(meter: Meter, value: number): void {
    this.guesses.set(meter, value);
    this.redraw();
  }

  private truth(): Truth {
    const { nngs, cka, spec } = this.at.meters;
    return { nngs: nngs[this.at.k - 1], cka, spec: spec.value };
  }

  private look(): Shown {
    const { dark } = this.frame.theme;
    const { onlyX, onlyY } = changeColours(dark);
    const told = !this.guesses.open;
    const { spec } = this.at.meters;
    const ringed = told && Math.abs(spec.value) >= WORTH ? namedBy(spec) : [];
    return { dark, kept: toCss(tone(this.frame.theme, 0.55)), onlyX, onlyY, told, ringed: new Set(ringed) };
  }

  private draw(): void {
    const { meters, k, row } = this.at;
    this.shown = this.look();
    const { told } = this.shown;
    for (const panel of this.panels) panel.draw();
    this.drawMeters(told);
    if (told) {
      drawNngs(this.chart, meters, k);
      this.named.textContent = namedPoints(meters, k, namedBy(meters.spec), this.at.groups);
    }
    this.postures.draw();
    this.chance.draw(meters, told);
    this.challenges.draw(told ? meters : undefined);
    this.question.textContent = row?.question ?? "Points moved by hand.";
    this.why.textContent = told ? (row?.why ?? "") : "Guess first: where will each meter stand? Then Show.";
    this.reveal.hidden = told;
    this.score.textContent = this.guesses.score;
    this.undo.disabled = !this.at.undoable;
    drawKey(this.legend, told, k, this.shown.ringed.size > 0);
    this.frame.root.dataset.posture = this.at.posture;
  }

  private drawMeters(told: boolean): void {
    const truth = this.truth();
    const { nngsChance } = this.at.meters;
    const about = { nngs: `at k = ${this.at.k}`, cka: "linear, debiased", spec: "leading, by size" };
    const chance = {
      nngs: nngsChance[this.at.k - 1].mean,
      cka: 0,
      spec: told && !this.at.holding ? this.chance.spec : Number.NaN,
    };
    for (const row of this.rows) {
      const { meter } = row;
      const guess = this.guesses.values[meter];
      const gap = told ? this.guesses.gap(meter, truth) : undefined;
      const dots = this.chance.dots(meter);
      row.draw({ value: truth[meter], chance: chance[meter], dots, guess, gap, hidden: !told }, about[meter]);
    }
  }

  private kSlider(signal: AbortSignal): HTMLInputElement {
    const k = h("input", {
      type: "range",
      min: 1,
      max: this.at.n - 1,
      value: this.at.k,
      "aria-label": "k, neighbourhood size",
    });
    k.addEventListener("input", () => this.at.setK(Number(k.value)), { signal });
    k.addEventListener("change", () => this.at.tell(), { signal });
    return k;
  }

  private kField(): HTMLElement {
    const said = h("output", { class: "embw-number" });
    this.at.on(() => {
      said.textContent = String(this.at.k);
    });
    said.textContent = String(this.at.k);
    return h("label", { class: "embw-k" }, "k", this.k, said);
  }

  private revealing(signal: AbortSignal): HTMLElement {
    const show = () => {
      const truth = this.truth();
      this.guesses.show(truth);
      this.told(truth);
    };
    const skip = () => {
      this.guesses.skip();
      this.told(this.truth());
    };
    const words = {
      show: "See what the meters say, and how far your guesses were off",
      skip: "See it without a guess",
    };
    return h(
      "div",
      { class: "embw-play-reveal" },
      button("Show", words.show, show, signal, "embw-play-solid"),
      button("Skip", words.skip, skip, signal, "embw-play-plain"),
    );
  }

  private told(truth: Truth): void {
    const said = METERS.map((meter) => this.guesses.gap(meter, truth)).filter((gap) => gap !== undefined);
    const off = said.length > 0 ? ` Off by ${said.map(short).join(", ")}.` : "";
    this.draw();
    this.heard.textContent = `${toldMeters(this.at.meters, this.at.k)}${off}`;
  }

  private firstToggle(): HTMLElement {
    const box = h("input", { type: "checkbox" });
    box.checked = this.guesses.first;
    box.addEventListener("change", () => {
      this.guesses.first = box.checked;
      if (!box.checked && this.guesses.open) {
        this.guesses.skip();
        this.redraw();
      }
    });
    return h("label", { class: "embw-field" }, box, "Guess first");
  }
}
