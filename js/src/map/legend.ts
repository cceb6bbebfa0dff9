/**
 * What the colours of the maps mean.
 *   synced  reads k and cluster, writes selected (a click on a class, a stretch of the histogram)
 *   view    nothing: the class that is pointed at is handed on
 */

import { histogramStrip } from "../controls/histogram_bar";
import { h, svg } from "../page/dom";
import { count } from "../page/format";
import type { Shape } from "../page/palette";
import { rove } from "../page/roving";
import type { Theme } from "../page/theme";
import type { Context } from "../state/context";
import { union } from "../state/selection";
import type { ColourMode } from "./colouring";
import { type LegendKey, type LegendScale, legendOf } from "./legend_words";

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
    const { scale, keys, told } = legendOf(this.context, mode, theme);
    const strip = scale && histogramStrip(scale.heights, scale.colour, (...bins) => this.brushed(scale, ...bins));
    this.node.replaceChildren(
      ...(told ? [h("span", { class: "embw-muted" }, told)] : []),
      ...(scale && strip ? [scaled(scale.low, strip, scale.high, scale.title)] : []),
      ...keys.map(drawKey),
    );
  }

  private brushed(scale: LegendScale, low: number, high: number, add: boolean): void {
    const within = (row: number) => scale.bin(row) >= low && scale.bin(row) <= high;
    this.select(within, add, scale.how);
  }

  private selectClass(code: number, add: boolean): void {
    const { data, linked } = this.context;
    const own = data.rowsOf(code);
    linked.select(add ? union(linked.selected, own) : own);
    linked.say(`${count(linked.selected.length)} selected.`);
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

function drawKey({ shape, colour, text, title, code }: LegendKey): HTMLElement {
  const drawn = [swatch(shape, colour), text];
  if (code === undefined) return h("span", { class: "embw-key" }, ...drawn);
  return h("button", { type: "button", class: "embw-key", title, "data-code": code }, ...drawn);
}
