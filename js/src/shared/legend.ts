/**
 * What the colours of the maps mean.
 *   synced  reads k, writes selected (a click on a class, a stretch of the histogram)   view  nothing
 */
import { type AgreementScale, agreementScale, type ColourMode } from "./colouring";
import type { Context } from "./context";
import { h, svg } from "./dom";
import { count, value } from "./format";
import { CLASS_STYLES, classStyle, otherColour, ramp, type Shape, toCss } from "./palette";
import { union } from "./selection";
import type { Theme } from "./theme";

const SWATCHES: Record<Shape, string> = {
  circle: "M1.5 6a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0",
  triangle: "M6 1.5L11 10.5L1 10.5Z",
  square: "M2 2H10V10H2Z",
  diamond: "M6 .8L11.2 6L6 11.2L.8 6Z",
};
const HISTOGRAM = { width: 220, height: 26, bins: 44 };

export function swatch(shape: Shape, colour: string): SVGSVGElement {
  const path = svg("path", { d: SWATCHES[shape], fill: colour });
  return svg("svg", { width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true", class: "embw-swatch" }, path);
}

export class Legend {
  readonly node = h("div", { class: "embw-legend", role: "group", "aria-label": "Legend" });

  constructor(
    private readonly context: Context,
    signal: AbortSignal,
  ) {
    const select = (e: MouseEvent) => {
      const code = (e.target as Element).closest<HTMLElement>("[data-code]")?.dataset.code;
      if (code !== undefined) this.selectClass(Number(code), e.shiftKey);
    };
    this.node.addEventListener("click", select, { signal });
  }

  show(mode: ColourMode, theme: Theme): void {
    if (mode === "label") this.node.replaceChildren(...this.labels(theme));
    else if (mode === "selection") this.node.replaceChildren(...this.selection(theme));
    else this.node.replaceChildren(...this.agreement(mode, theme));
  }

  private labels(theme: Theme): Node[] {
    const { classes } = this.context.data;
    if (classes.length === 0)
      return [h("span", { class: "embw-muted" }, "These items have no labels: colour them by agreement.")];
    const shown = classes.slice(0, CLASS_STYLES).map((c, rank) => {
      const { colour, shape } = classStyle(rank, theme.dark);
      const title = `${c.name}: ${count(c.size)} items. Click to select them, Shift-click to add them.`;
      const key = { type: "button", class: "embw-key", title, "data-code": c.code };
      return h("button", key, swatch(shape, colour), c.name || "(empty)");
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
    const rows: number[] = [];
    for (let i = 0; i < data.n; i++) if (data.codes[i] === code) rows.push(i);
    const own = Uint32Array.from(rows);
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
    const scale = agreementScale(data, linked.k, mode);
    const name = mode === "adjusted" ? "chance-adjusted agreement" : "agreement (Jaccard)";
    const title = "Each bar: items with that agreement. Drag over the bars to select those items.";
    return [
      h("span", { class: "embw-muted" }, `Item's ${name} at k = ${linked.k}:`),
      h("span", { class: "embw-number" }, mode === "adjusted" ? "≤ 0" : "0"),
      h("span", { class: "embw-histogram", title }, this.histogram(scale, theme)),
      h("span", { class: "embw-number" }, `≥ ${value(scale.high)}`),
    ];
  }

  private histogram(scale: AgreementScale, theme: Theme): SVGSVGElement {
    const { width, height, bins } = HISTOGRAM;
    const heights = new Float64Array(bins);
    const bin = (v: number) => Math.round((bins - 1) * Math.max(0, Math.min(1, v / scale.high)));
    scale.values.forEach((v, x) => {
      heights[bin(v)] += scale.bins[x];
    });
    const most = Math.max(...heights, 1);
    const drawn = svg("svg", { width, height, class: "embw-histogram-bars", "aria-hidden": "true" });
    const step = width / bins;
    heights.forEach((items, b) => {
      const tall = items > 0 ? Math.max(1.5, (height - 7) * Math.sqrt(items / most)) : 0;
      const fill = toCss(ramp(b / (bins - 1), theme.dark));
      drawn.append(svg("rect", { x: b * step, y: height - 6 - tall, width: step + 0.3, height: tall, fill }));
      drawn.append(svg("rect", { x: b * step, y: height - 5, width: step + 0.3, height: 5, fill }));
    });
    this.brush(drawn, scale, bin);
    return drawn;
  }

  private brush(drawn: SVGSVGElement, scale: AgreementScale, bin: (v: number) => number): void {
    const { width, bins } = HISTOGRAM;
    const at = (e: PointerEvent) => Math.floor(((e.clientX - drawn.getBoundingClientRect().left) / width) * bins);
    let start: number | undefined;
    const down = (e: PointerEvent) => {
      start = at(e);
      drawn.setPointerCapture?.(e.pointerId);
    };
    const up = (e: PointerEvent) => {
      if (start === undefined) return;
      const [low, high] = [Math.min(start, at(e)), Math.max(start, at(e))];
      start = undefined;
      this.selectAgreement((x) => bin(scale.values[x]) >= low && bin(scale.values[x]) <= high, e.shiftKey);
    };
    drawn.addEventListener("pointerdown", down);
    drawn.addEventListener("pointerup", up);
  }

  private selectAgreement(wanted: (shared: number) => boolean, add: boolean): void {
    const { data, linked } = this.context;
    const rows: number[] = [];
    for (let i = 0; i < data.n; i++) if (wanted(data.shared(i, linked.k))) rows.push(i);
    const own = Uint32Array.from(rows);
    linked.select(add ? union(linked.selected, own) : own);
    linked.say(`${count(linked.selected.length)} selected by their agreement at k = ${linked.k}.`);
  }
}
