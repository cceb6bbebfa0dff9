/**
 * The classes: how many items each has, how many neighbours they keep, and how that is beside all items.
 *   synced  reads k, writes selected (a click)   view  sort; the class pointed at (written)
 */

import { swatch } from "../../map/legend";
import { h } from "../../page/dom";
import { count } from "../../page/format";
import { shorten } from "../../page/graphemes";
import { classStyle } from "../../page/palette";
import type { Theme } from "../../page/theme";
import type { Context } from "../../state/context";
import { union } from "../../state/selection";
import { type ClassRow, classRows, standing } from "./class_numbers";
import { Roving } from "./roving";
import { type Column, Sorting } from "./sorting";

type Of = "name" | "n" | "kept" | "against";

const LETTERS = 60;
const GLYPHS = { above: "▲", below: "▼" };
const COLUMNS: readonly Column<Of>[] = [
  { name: "name", head: "class", title: "Click a class to select its items, Shift-click to add them" },
  { name: "n", head: "n", title: "Items of the class", down: true },
  { name: "kept", head: "kept", title: "Mean number of neighbours kept, of k, with its 95% interval" },
  { name: "against", head: "against all", title: "How many more than all items keep, with its 95% interval" },
];

export class ClassTab {
  readonly node = h("div", { class: "embw-rows-table embw-classes" });
  private readonly told = h("span", { class: "embw-muted" });
  private readonly body = h("tbody");
  private readonly sorting: Sorting<Of>;
  private readonly roving: Roving;
  private asked = false;
  /** Intervals are not here, and there is nobody to ask for them. */
  private alone = false;

  constructor(
    private readonly context: Context,
    private readonly theme: () => Theme,
    signal: AbortSignal,
  ) {
    const columns = COLUMNS.filter(({ name }) => context.data.compared || name === "name" || name === "n");
    this.sorting = new Sorting<Of>(columns, context.data.compared ? "kept" : "name", () => this.show(), signal);
    this.roving = new Roving(this.body, ".embw-open", signal);
    const table = h("table", { class: "embw-table" }, this.sorting.node, this.body);
    this.node.append(h("div", { class: "embw-rows-head" }, this.told), h("div", { class: "embw-scroll" }, table));
    this.listen(signal);
  }

  show(): void {
    const { data, linked } = this.context;
    this.askForIntervals();
    const focused = this.roving.focused;
    const key = (row: ClassRow) =>
      this.sorting.by === "n" ? row.size : row[this.sorting.by as "name" | "kept" | "against"];
    const rows = this.sorting.sort(classRows(data, linked.k), key);
    this.body.replaceChildren(...rows.map((row) => this.line(row)));
    this.roving.renew(focused);
    if (focused !== undefined) this.roving.focus(focused);
    this.told.textContent = this.about();
  }

  private about(): string {
    const { data, linked } = this.context;
    const classes = `${count(data.classes.length)} classes`;
    if (!data.compared) return `${classes}; click one to select its items.`;
    if (this.alone)
      return `${classes}: neighbours kept of ${linked.k}; intervals come from Python, which is not running.`;
    return `${classes}: neighbours kept of ${linked.k}; ▼ ▲ differ from all items beyond their 95% interval.`;
  }

  private listen(signal: AbortSignal): void {
    const { linked, data } = this.context;
    const code = (e: Event) => Number((e.target as Element).closest<HTMLElement>("[data-code]")?.dataset.code ?? -1);
    const select = (e: MouseEvent) => code(e) >= 0 && this.select(code(e), e.shiftKey);
    this.body.addEventListener("click", select, { signal });
    for (const name of ["pointerover", "focusin"])
      this.body.addEventListener(name, (e) => linked.setPointed(code(e)), { signal });
    for (const name of ["pointerleave", "focusout"])
      this.body.addEventListener(name, () => linked.setPointed(-1), { signal });
    data.onClassInterval(() => !this.node.hidden && this.show(), signal);
  }

  private select(code: number, add: boolean): void {
    const { data, linked } = this.context;
    const rows = data.rowsOf(code);
    linked.select(add ? union(linked.selected, rows) : rows);
    linked.say(`${count(linked.selected.length)} selected: ${add ? "with " : ""}${data.labelNames[code]}.`);
  }

  /** Of very many items they take Python a while. */
  private askForIntervals(): void {
    const { data, linked } = this.context;
    if (this.asked || !data.compared || data.classInterval.classes > 0) return;
    this.asked = true;
    this.alone = !linked.ask({ type: "class_interval" });
  }

  private line(row: ClassRow): HTMLElement {
    const { colour, shape } = classStyle(row.place, this.theme().dark);
    const name = h("span", { class: "embw-ellipsis" }, shorten(row.name, LETTERS) || "(empty)");
    const title = `${row.name}: click to select, Shift-click to add`;
    const open = h(
      "button",
      { type: "button", class: "embw-open", title, "data-stop": row.code },
      swatch(shape, colour),
      name,
    );
    const cells: HTMLElement[] = [
      h("td", { class: "embw-of-name" }, open),
      h("td", { class: "embw-of-n" }, count(row.size)),
    ];
    if (this.context.data.compared) cells.push(this.kept(row), this.against(row));
    return h("tr", { "data-code": row.code }, ...cells);
  }

  private kept({ kept, low, high }: ClassRow): HTMLElement {
    const interval = Number.isNaN(low) ? "" : ` ${value2(low)} – ${value2(high)}`;
    return h("td", { class: "embw-of-kept" }, value2(kept), h("span", { class: "embw-muted embw-interval" }, interval));
  }

  private against(row: ClassRow): HTMLElement {
    const word = standing(row);
    const interval = Number.isNaN(row.againstLow) ? "" : ` ${signed2(row.againstLow)} to ${signed2(row.againstHigh)}`;
    return h(
      "td",
      { class: "embw-of-against" },
      ...(word ? [mark(word)] : []),
      h("span", { class: "embw-number" }, signed2(row.against)),
      h("span", { class: "embw-muted embw-interval" }, interval),
    );
  }
}

const mark = (word: "above" | "below"): HTMLElement =>
  h(
    "span",
    { class: "embw-mark", title: `${word} all items` },
    h("span", { class: `embw-${word}` }, GLYPHS[word]),
    ` ${word}`,
  );

/** Numbers of neighbours. */
const value2 = (v: number): string => (Number.isNaN(v) ? "–" : v.toFixed(2));
const signed2 = (v: number): string =>
  Number.isNaN(v) ? "–" : `${v > 0 ? "+" : v < 0 ? "−" : ""}${Math.abs(v).toFixed(2)}`;
