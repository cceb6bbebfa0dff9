/**
 * What the colours of an alignment's map mean.
 *   synced  writes selected (a click on a class, a stretch of the histogram), cluster (a click on a group)
 *   view    which one is seen; all have their place, so that the map beside keeps its height
 */

import { histogramStrip, STRIP } from "../../controls/histogram_bar";
import { Legend, scaled, swatch } from "../../map/legend";
import { MOST_LETTERS } from "../../map/legend_words";
import { h } from "../../page/dom";
import { count, value } from "../../page/format";
import { shorten } from "../../page/graphemes";
import { CLASS_STYLES, classStyle, otherColour, ramp, toCss } from "../../page/palette";
import { rove } from "../../page/roving";
import type { Theme } from "../../page/theme";
import { union } from "../../state/selection";
import { type AlignmentColouring, type AlignmentMode, alignmentModes, residualShare } from "./colours";
import { type AlignmentContext, plainContext } from "./context";
import { between, HELD_OUT } from "./data";
import { groupName } from "./words";

export class AlignmentLegend {
  readonly node: HTMLElement;
  private readonly classes: Legend;
  private readonly boxes: Record<AlignmentMode, HTMLElement>;
  private drawn: Theme | undefined;

  constructor(
    private readonly context: AlignmentContext,
    private readonly colouring: AlignmentColouring,
    private readonly open: (cluster: number) => void,
    signal: AbortSignal,
  ) {
    this.classes = new Legend(plainContext(context), signal);
    const box = () => h("div", { class: "embw-legend", role: "group", "aria-label": "Legend" });
    this.boxes = { label: this.classes.node, residual: box(), group: box(), part: box() };
    const offered = alignmentModes(context.data, context.scene).map(([mode]) => this.boxes[mode]);
    this.node = h("div", { class: "embw-legends" }, ...offered);
    const clicked = (e: MouseEvent) => {
      const group = (e.target as Element).closest<HTMLElement>("[data-group]")?.dataset.group;
      if (group !== undefined) this.open(Number(group));
    };
    this.boxes.group.addEventListener("click", clicked, { signal });
    rove(this.boxes.group, "button", signal);
  }

  show(mode: AlignmentMode, theme: Theme): void {
    for (const [name, box] of Object.entries(this.boxes)) {
      box.classList.toggle("embw-away", name !== mode);
      if (name === mode || theme !== this.drawn) this.draw(name as AlignmentMode, theme);
    }
    this.drawn = theme;
  }

  private draw(mode: AlignmentMode, theme: Theme): void {
    const { boxes } = this;
    if (mode === "label") this.classes.show("label", theme);
    else if (mode === "residual") boxes.residual.replaceChildren(...this.residual(theme));
    else if (mode === "group") boxes.group.replaceChildren(...this.groups(theme));
    else boxes.part.replaceChildren(...this.parts(theme));
  }

  private groups(theme: Theme): Node[] {
    const { changes } = this.context.data;
    const keys = changes.slice(0, CLASS_STYLES).map((c, rank) => {
      const { colour, shape } = classStyle(rank, theme.dark);
      const title = `Open ${groupName(this.context.data, c)}: ${count(c.members)} members. An item that is in several has the first's colour.`;
      const attributes = { type: "button", class: "embw-key", title, "data-group": rank };
      return h("button", attributes, swatch(shape, colour), shorten(groupName(this.context.data, c), MOST_LETTERS));
    });
    const none = h("span", { class: "embw-key" }, swatch("circle", otherColour(theme.dark)), "in no group");
    return [...keys, none];
  }

  private parts(theme: Theme): Node[] {
    const { parts } = this.context.data;
    let inside = 0;
    for (const part of parts) if (part === HELD_OUT) inside++;
    const key = (colour: string, text: string) => h("span", { class: "embw-key" }, swatch("circle", colour), text);
    const rest = parts.length - inside;
    return [
      key(classStyle(0, theme.dark).colour, `held out (${count(inside)}): all that is shown beside is of these`),
      ...(rest > 0 ? [key(otherColour(theme.dark), `fitted or left out (${count(rest)})`)] : []),
    ];
  }

  private residual(theme: Theme): Node[] {
    const { data, position } = this.context;
    const { before, after } = data.residuals;
    const { scale } = this.colouring;
    const now = (row: number) => between(before[row], after[row], position.value);
    const bin = (v: number) => Math.round((STRIP.bins - 1) * residualShare(v, scale));
    const heights = new Float64Array(STRIP.bins);
    for (const row of data.heldOut) heights[bin(now(row))]++;
    const within = (low: number, high: number, add: boolean) => {
      const rows = data.heldOut.filter((row: number) => bin(now(row)) >= low && bin(now(row)) <= high);
      this.select(Uint32Array.from(rows), add);
    };
    const strip = histogramStrip(heights, (b) => toCss(ramp(b / (STRIP.bins - 1), theme.dark)), within);
    const title = "Each bar: held-out items with that residual now. Drag over the bars to select those items.";
    return [
      h("span", { class: "embw-muted" }, "Item's residual, 0 = the same similarities as in "),
      h("span", { class: "embw-muted" }, `${data.names[1]}:`),
      scaled(scale.low > 0 ? `≤ ${value(scale.low)}` : "0", strip, `≥ ${value(scale.high)}`, title),
      h("span", { class: "embw-key" }, swatch("circle", otherColour(theme.dark)), "not held out"),
    ];
  }

  private select(rows: Uint32Array, add: boolean): void {
    const { linked } = this.context;
    linked.select(add ? union(linked.selected, rows) : rows);
    linked.say(`${count(linked.selected.length)} selected by their residual.`);
  }
}
