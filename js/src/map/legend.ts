/**
 * What the colours of the maps mean.
 *   synced  reads k and cluster, writes selected (a click on a class, a stretch of the histogram)
 *   view    nothing: the class that is pointed at is handed on
 */

import { histogramStrip, STRIP } from "../controls/histogram_bar";
import { h, svg } from "../page/dom";
import { count, signedValue, value } from "../page/format";
import { shorten } from "../page/graphemes";
import { CLASS_STYLES, classStyle, diverging, otherColour, ramp, type Shape, toCss } from "../page/palette";
import { rove } from "../page/roving";
import { type Theme, tone } from "../page/theme";
import type { Context } from "../state/context";
import { union } from "../state/selection";
import { agreementScale, type ColourMode, loadingScale, loadingTone, scoreOf } from "./colouring";

/** Letters of a name in a legend; its title has it whole. */
export const MOST_LETTERS = 60;

const GROUP_LETTERS = 40;

const SWATCHES: Record<Shape, string> = {
  circle: "M1.5 6a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0",
  triangle: "M6 1.5L11 10.5L1 10.5Z",
  square: "M2 2H10V10H2Z",
  diamond: "M6 .8L11.2 6L6 11.2L.8 6Z",
};

export function swatch(shape: Shape, colour: string): SVGSVGElement {
  const path = svg("path", { d: SWATCHES[shape], fill: colour });
  return svg("svg", { width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true", class: "embw-swatch" }, path);
}

/** What the grey squares are: so many items that have no value. */
const without = (told: string, theme: Theme): HTMLElement =>
  h("span", { class: "embw-key" }, swatch("square", otherColour(theme.dark)), told);

/** A strip between the values at its ends, never torn apart. */
export function scaled(low: string, strip: SVGSVGElement, high: string, title: string): HTMLElement {
  const end = (text: string) => h("span", { class: "embw-number" }, text);
  return h("span", { class: "embw-scale" }, end(low), h("span", { class: "embw-histogram", title }, strip), end(high));
}

export class Legend {
  readonly node = h("div", { class: "embw-legend", role: "group", "aria-label": "Legend" });

  constructor(
    private readonly context: Context,
    signal: AbortSignal,
    /** Told of the class that is pointed at, by pointer or keyboard; -1 for none. */
    pointed: (code: number) => void = () => undefined,
  ) {
    const codeOf = (e: Event) => Number((e.target as Element).closest<HTMLElement>("[data-code]")?.dataset.code ?? -1);
    const select = (e: MouseEvent) => {
      if (codeOf(e) >= 0) this.selectClass(codeOf(e), e.shiftKey);
    };
    this.node.addEventListener("click", select, { signal });
    for (const name of ["pointerover", "focusin"])
      this.node.addEventListener(name, (e) => pointed(codeOf(e)), { signal });
    for (const name of ["pointerleave", "focusout"]) this.node.addEventListener(name, () => pointed(-1), { signal });
    rove(this.node, "button, .embw-histogram-bars", signal);
  }

  show(mode: ColourMode, theme: Theme): void {
    if (mode === "label") this.node.replaceChildren(...this.labels(theme));
    else if (mode === "loading") this.node.replaceChildren(...this.loading(theme));
    else if (scoreOf(mode) >= 0) this.node.replaceChildren(...this.score(scoreOf(mode), theme));
    else if (mode === "selection") this.node.replaceChildren(...this.selection(theme));
    else this.node.replaceChildren(...this.agreement(mode, theme));
  }

  private labels(theme: Theme): Node[] {
    const { classes } = this.context.data;
    if (classes.length === 0)
      return [h("span", { class: "embw-muted" }, "These items have no labels: choose another colouring.")];
    const shown = classes.slice(0, CLASS_STYLES).map((c, rank) => {
      const { colour, shape } = classStyle(rank, theme.dark);
      const title = `${c.name}: ${count(c.size)} items. Click to select them, Shift-click to add them.`;
      const key = { type: "button", class: "embw-key", title, "data-code": c.code };
      return h("button", key, swatch(shape, colour), shorten(c.name, MOST_LETTERS) || "(empty)");
    });
    const grey = (text: string) => h("span", { class: "embw-key" }, swatch("circle", otherColour(theme.dark)), text);
    const rest = classes.length - CLASS_STYLES;
    const without = this.context.data.n - classes.reduce((sum, c) => sum + c.size, 0);
    const other = rest > 0 ? [grey(`${count(rest)} smaller classes`)] : [];
    const none = without > 0 ? [grey(`no label (${count(without)})`)] : [];
    return [...shown, ...other, ...none];
  }

  private selectClass(code: number, add: boolean): void {
    const { data, linked } = this.context;
    const own = data.rowsOf(code);
    linked.select(add ? union(linked.selected, own) : own);
    linked.say(`${count(linked.selected.length)} selected.`);
  }

  private selection(theme: Theme): Node[] {
    const { data, linked } = this.context;
    const chosen = linked.selected.length;
    if (chosen === 0) return [h("span", { class: "embw-muted" }, "Nothing is selected: drag around points in a map.")];
    return [
      h(
        "span",
        { class: "embw-key" },
        swatch("circle", classStyle(1, theme.dark).colour),
        `selected (${count(chosen)})`,
      ),
      h("span", { class: "embw-key" }, swatch("circle", otherColour(theme.dark)), `other (${count(data.n - chosen)})`),
    ];
  }

  private agreement(mode: ColourMode, theme: Theme): Node[] {
    const { data, linked } = this.context;
    if (data.withheld(linked.k)) {
      return [h("span", { class: "embw-muted" }, `Not scored at k = ${linked.k}: ties alone decide the neighbours.`)];
    }
    const scale = agreementScale(data, linked.k, mode);
    const name = mode === "adjusted" ? "chance-adjusted agreement" : "agreement (Jaccard)";
    const title = "Each bar: items with that agreement. Drag over the bars to select those items.";
    const heights = new Float64Array(STRIP.bins);
    const bin = (v: number) => Math.round((STRIP.bins - 1) * Math.max(0, Math.min(1, v / scale.high)));
    scale.values.forEach((v, x) => {
      heights[bin(v)] += scale.bins[x];
    });
    const within = (low: number, high: number, add: boolean) => {
      const inside = (row: number) => {
        const b = bin(scale.values[Math.round(data.shared(row, linked.k))]);
        return b >= low && b <= high;
      };
      this.select(inside, add, `by their agreement at k = ${linked.k}`);
    };
    const strip = histogramStrip(heights, (b) => toCss(ramp(b / (STRIP.bins - 1), theme.dark)), within);
    return [
      h("span", { class: "embw-muted" }, `Item's ${name} at k = ${linked.k}:`),
      scaled(mode === "adjusted" ? "≤ 0" : "0", strip, `≥ ${value(scale.high)}`, title),
      ...(data.sampled ? [without(`not sampled (${count(data.n - data.counts.n)})`, theme)] : []),
    ];
  }

  private loading(theme: Theme): Node[] {
    const { data, linked } = this.context;
    const { cluster } = linked;
    if (cluster < 0) return [h("span", { class: "embw-muted" }, "No group is open: choose one in the Gallery.")];
    const loading = data.spectral.loading(cluster);
    if (loading.length === 0)
      return [h("span", { class: "embw-muted" }, "The loadings of this group had no room in the page.")];
    const most = loadingScale(data, cluster);
    const title = shorten(data.spectral.title(cluster), GROUP_LETTERS);
    const bin = (u: number) => Math.round(((STRIP.bins - 1) * (1 + u / most)) / 2);
    const heights = new Float64Array(STRIP.bins);
    for (const u of loading) heights[bin(u)]++;
    const middle = tone(theme, 0.22);
    const colour = (b: number) => toCss(diverging(loadingTone((2 * b) / (STRIP.bins - 1) - 1), middle, theme.dark));
    const within = (low: number, high: number, add: boolean) => {
      const inside = (row: number) => bin(loading[row]) >= low && bin(loading[row]) <= high;
      this.select(inside, add, `by their loading in “${title}”`);
    };
    const how = "Each bar: items with that loading. Drag over the bars to select those items.";
    return [
      h("span", { class: "embw-muted" }, `Item's loading in “${title}”:`),
      scaled(`◆ ${signedValue(-most)}`, histogramStrip(heights, colour, within), `${signedValue(most)} ●`, how),
    ];
  }

  private score(at: number, theme: Theme): Node[] {
    const { itemScores, n } = this.context.data;
    const { name, chance, higher_is_similar: rises } = itemScores.rows[at];
    const { less, more } = itemScores.ends(at);
    const shares = itemScores.shares(at);
    const bin = (row: number) => Math.round((STRIP.bins - 1) * shares[row]);
    const heights = new Float64Array(STRIP.bins);
    let none = 0;
    for (let row = 0; row < n; row++) {
      if (Number.isNaN(bin(row))) none++;
      else heights[bin(row)]++;
    }
    const within = (low: number, high: number, add: boolean) =>
      this.select((row) => bin(row) >= low && bin(row) <= high, add, `by their ${name}`);
    const title = "Each bar: items with that score. Drag over the bars to select those items.";
    const [below, above] = rises ? ["≤", "≥"] : ["≥", "≤"];
    const strip = histogramStrip(heights, (b) => toCss(ramp(b / (STRIP.bins - 1), theme.dark)), within);
    const means = `mean ${value(itemScores.mean(at))}${chance === null ? "" : `, chance ${value(chance)}`}`;
    return [
      h("span", { class: "embw-muted" }, `Item's ${name} (${rises ? "larger" : "smaller"}: more alike; ${means}):`),
      scaled(`${below} ${value(less)}`, strip, `${above} ${value(more)}`, title),
      ...(none ? [without(`no value (${count(none)})`, theme)] : []),
    ];
  }

  private select(wanted: (row: number) => boolean, add: boolean, how: string): void {
    const { data, linked } = this.context;
    const rows: number[] = [];
    for (let i = 0; i < data.n; i++) if (wanted(i)) rows.push(i);
    const own = Uint32Array.from(rows);
    linked.select(add ? union(linked.selected, own) : own);
    linked.say(`${count(linked.selected.length)} selected ${how}.`);
  }
}
