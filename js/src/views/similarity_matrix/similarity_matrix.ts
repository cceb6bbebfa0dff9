/**
 * SimilarityMatrix: every two of many spaces in a heat map, a map of the spaces, and the pair that is open below.
 *   synced  reads pair, comparing, opened, error (views/similarity_matrix/pair_panel.ts)
 *   view    what the cells show, their colours and order, the cell under the pointer or the cursor, table or chart
 */

import { ExportButtons, type Exported } from "../../controls/export_buttons";
import { finding, provenance } from "../../controls/finding";
import { type Frame, makeBox } from "../../controls/frame";
import { skipLinks } from "../../controls/skip_links";
import { h, onResize, perFrame, svg } from "../../page/dom";
import { onKeys } from "../../page/keyboard";
import type { MatrixModel } from "../../state/matrix";
import type { Host } from "../../state/scene";
import { MatrixChoices } from "./choices";
import { MatrixData } from "./data";
import { matrixCsv, matrixFigure, matrixTable } from "./export";
import { type Grid, layGrid, type Spot, spotAt, spotOf } from "./grid";
import { drawHeatmap, type HeatSpec } from "./heatmap";
import { drawMarks, emphasise, litSpaces } from "./marks";
import { PairPanel } from "./pair_panel";
import { MatrixSide, SIDE } from "./side";
import { axesText, cellTitle, factsList, factsText, heatLabel } from "./words";
import "./similarity_matrix.css";

const GAP = 24;
/** Below this there is no room for anything beside the heat map. */
const NARROW = 640;
const HEIGHT = 560;
const LEAST_WIDTH = 200;
let matrices = 0;

class SimilarityMatrix {
  private readonly id = `embw-matrix-${++matrices}`;
  private readonly data: MatrixData;
  private readonly heat = svg("svg", { class: "embw-heat" });
  private readonly marks = svg("svg", { class: "embw-heat-marks", "aria-hidden": "true" });
  private readonly tip = h("div", { class: "embw-tip", hidden: true });
  private readonly plot: HTMLElement;
  private readonly exports: ExportButtons;
  private readonly side: MatrixSide;
  private readonly body: HTMLElement;
  private readonly status = h("div", { class: "embw-status", role: "status", "aria-live": "polite" });
  private readonly panel: PairPanel;
  private readonly choices: MatrixChoices;
  private readonly drawSoon: () => void;
  private readonly markSoon: () => void;
  private grid: Grid | undefined;
  private width = 0;
  private hovered: Spot | undefined;
  private cursor: Spot | undefined;
  /** Whether the keyboard was used last: then the cursor is shown. */
  private walking = false;

  constructor(
    private readonly frame: Frame,
    model: MatrixModel,
    host: Host | undefined,
    private readonly signal: AbortSignal,
  ) {
    this.data = new MatrixData(model);
    this.drawSoon = perFrame(() => this.draw(), signal);
    this.markSoon = perFrame(() => this.mark(), signal);
    this.choices = new MatrixChoices(this.data, () => this.chosen(), signal);
    const drawn = h("div", { class: "embw-heat-box", role: "application", tabindex: 0 });
    drawn.append(this.heat, this.marks);
    const caption = this.data.layered ? [h("p", { class: "embw-muted" }, axesText(this.data))] : [];
    this.plot = h("div", { class: "embw-heat-plot" }, ...caption, drawn);
    this.exports = new ExportButtons(this.exported(), signal);
    this.side = new MatrixSide((i) => this.hover(spotOf(this.data.axes, i)), signal);
    this.body = h("div", { class: "embw-matrix-body" }, this.plot, this.exports.table, this.side.node, this.tip);
    this.panel = new PairPanel(model, this.data, host, () => this.markSoon(), signal);
    const { sentence, notes } = this.data;
    const small = provenance(this.data.provenance);
    frame.body.append(...finding(sentence, notes), this.toolbar(), this.body, this.status, small, this.panel.node);
    skipLinks(frame.root, signal)("the heat map", this.plot);
    this.pointer(drawn);
    this.keys(drawn);
    onResize(this.body, () => this.resized(), signal);
    frame.onTheme(this.drawSoon);
    this.drawSoon();
  }

  private chosen(): void {
    // What was said of a cell was of other numbers.
    this.say("");
    this.panel.show();
    this.drawSoon();
  }

  /** Beside each other where the cells stay readable, else the map and the key below. */
  private lay(): Grid {
    const { axes } = this.choices;
    this.width = this.body.clientWidth;
    const width = this.room;
    const beside = layGrid(axes, width - SIDE - GAP, HEIGHT);
    const below = layGrid(axes, width, HEIGHT);
    const stacked = width < NARROW || (below.pitch > beside.pitch && beside.pitch < 10);
    this.body.classList.toggle("embw-stacked", stacked);
    return stacked ? below : beside;
  }

  /** A page that is not laid out yet has no width; it is drawn again when it has. */
  private get room(): number {
    return Math.max(LEAST_WIDTH, this.width);
  }

  /** What is drawn makes the body taller, which is no reason to draw again. */
  private resized(): void {
    if (this.body.clientWidth !== this.width) this.drawSoon();
  }

  private spec(grid: Grid): HeatSpec {
    const { id, data } = this;
    const { quantity, span } = this.choices;
    return { id, data, grid, quantity, ends: data.ends(quantity, span), theme: this.frame.theme };
  }

  private draw(): void {
    this.grid = this.lay();
    const spec = this.spec(this.grid);
    drawHeatmap(this.heat, spec);
    this.heat.parentElement?.setAttribute("aria-label", heatLabel(this.data));
    for (const name of ["width", "height", "viewBox"])
      this.marks.setAttribute(name, this.heat.getAttribute(name) ?? "");
    this.side.drawKey(spec, this.room);
    const { table } = this.exports;
    if (!table.hidden) table.replaceChildren(matrixTable(this.data, this.choices.quantity, this.choices.axes));
    this.frame.root.dataset.drawn = String(Number(this.frame.root.dataset.drawn ?? 0) + 1);
    this.mark();
  }

  private get spot(): Spot | undefined {
    return this.hovered ?? (this.walking ? this.cursor : undefined);
  }

  /** What changes under the pointer: never the cells themselves. */
  private mark(): void {
    const { grid, data, spot } = this;
    if (!grid) return;
    const { theme } = this.frame;
    const { open, asked } = this.panel;
    this.marks.replaceChildren(...drawMarks(data, grid, theme, { spot, open, asked }));
    emphasise(this.heat, spot);
    this.side.drawMap({ data, theme, lit: litSpaces(spot), open: open ?? [] }, this.room);
    this.showTip(grid, spot);
  }

  private showTip(grid: Grid, spot: Spot | undefined): void {
    this.tip.hidden = !spot || spot.row < 0 || spot.column < 0;
    if (!spot || this.tip.hidden) return;
    const { data, tip } = this;
    const title = h("b", {}, cellTitle(data, spot.row, spot.column));
    tip.replaceChildren(title, factsList(data, spot.row, spot.column));
    tip.dataset.cell = `${spot.row},${spot.column}`;
    const [heat, body] = [this.heat.getBoundingClientRect(), this.body.getBoundingClientRect()];
    const x = heat.left - body.left + grid.left + grid.place[spot.column] * grid.pitch;
    const y = heat.top - body.top + grid.top + grid.place[spot.row] * grid.pitch;
    const right = x + grid.pitch + 8;
    const left = right + tip.offsetWidth <= body.width ? right : x - tip.offsetWidth - 8;
    const top = Math.max(0, Math.min(y - 4, body.height - tip.offsetHeight));
    tip.style.transform = `translate(${Math.max(0, left)}px, ${top}px)`;
  }

  private pointer(drawn: HTMLElement): void {
    const { signal } = this;
    const at = (e: MouseEvent) => {
      const box = this.heat.getBoundingClientRect();
      return this.grid && spotAt(this.grid, e.clientX - box.left, e.clientY - box.top);
    };
    drawn.addEventListener("pointermove", (e) => this.hover(at(e)), { signal });
    drawn.addEventListener("pointerleave", () => this.hover(undefined), { signal });
    drawn.addEventListener("focus", () => this.walk(drawn.matches(":focus-visible")), { signal });
    drawn.addEventListener("blur", () => this.walk(false), { signal });
    const click = (e: MouseEvent) => {
      const spot = at(e);
      this.walking = false;
      if (spot && spot.row >= 0 && spot.column >= 0) this.openPair(spot);
    };
    drawn.addEventListener("click", click, { signal });
  }

  private hover(spot: Spot | undefined): void {
    if (spot?.row === this.hovered?.row && spot?.column === this.hovered?.column) return;
    this.hovered = spot;
    this.markSoon();
  }

  private walk(walking: boolean): void {
    const { rows, columns } = this.data.axes;
    const [row, column] = this.panel.open ?? this.data.best(this.choices.quantity) ?? [rows[0], columns[0]];
    this.cursor ??= { row, column };
    this.walking = walking;
    this.markSoon();
  }

  private openPair(spot: Spot): void {
    this.cursor = spot;
    if (spot.row === spot.column)
      this.say(`${this.data.name(spot.row)} with itself: choose a cell beside the diagonal.`);
    else this.panel.ask([spot.row, spot.column]);
    this.markSoon();
  }

  private keys(drawn: HTMLElement): void {
    const last = this.data.m - 1;
    const move = (down: number, across: number) => () => {
      if (!this.grid || !this.cursor) return;
      const { grid } = this;
      const step = (spaces: readonly number[], space: number, by: number) =>
        spaces[Math.max(0, Math.min(spaces.length - 1, grid.place[space] + by))];
      const { row: from, column: side } = this.cursor;
      this.cursor = { row: step(grid.down, from, down), column: step(grid.across, side, across) };
      this.hovered = undefined;
      this.walking = true;
      const { row, column } = this.cursor;
      this.say(`${cellTitle(this.data, row, column)}. ${factsText(this.data, row, column)}`);
      this.markSoon();
    };
    const open = () => this.cursor && this.openPair(this.cursor);
    const leave = () => {
      this.hovered = undefined;
      this.walking = false;
      this.markSoon();
    };
    const keys = {
      ArrowLeft: move(0, -1),
      ArrowRight: move(0, 1),
      ArrowUp: move(-1, 0),
      ArrowDown: move(1, 0),
      Home: move(0, -last),
      End: move(0, last),
      PageUp: move(-last, 0),
      PageDown: move(last, 0),
      Enter: open,
      " ": open,
      Escape: leave,
    };
    onKeys(drawn, keys, this.signal);
  }

  private say(text: string): void {
    this.status.textContent = text;
    this.status.title = text;
  }

  private toolbar(): HTMLElement {
    const space = h("span", { class: "embw-spring" });
    return h("div", { class: "embw-toolbar" }, ...this.choices.nodes, space, this.exports.node);
  }

  private exported(): Exported {
    const { data, choices } = this;
    return {
      name: "similarity_matrix",
      numbers: "the numbers that are shown",
      figure: "the heat map",
      chart: this.plot,
      csv: () => matrixCsv(data, choices.quantity, choices.axes),
      draw: () => this.grid && matrixFigure({ ...this.spec(this.grid), id: `${this.id}-saved` }),
      say: (text) => this.say(text),
      turned: this.drawSoon,
    };
  }
}

export function mountSimilarityMatrix(
  el: HTMLElement,
  model: MatrixModel,
  host: Host | undefined,
  signal: AbortSignal,
): void {
  const frame = makeBox(el, "similarity-matrix", "Many embedding spaces compared", signal);
  new SimilarityMatrix(frame, model, host, signal);
}
