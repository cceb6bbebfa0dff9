/**
 * Items as a table to sort, filter and open: what each is, how many neighbours it keeps, how much it changed.
 *   synced  reads k, writes hovered   view  sort, filter, how many are shown, pinned (written on a click)
 */

import { csvButton } from "../../controls/save_buttons";
import { h, perFrame } from "../../page/dom";
import { amount, count, pValue, value } from "../../page/format";
import { shorten } from "../../page/graphemes";
import type { Table } from "../../page/save_file";
import type { Context } from "../../state/context";
import { pOf, type Ranking, sharedTail } from "./ranking";
import { Roving } from "./roving";
import { type Column, Sorting } from "./sorting";

type Of = "rank" | "item" | "label" | "kept" | "agreement" | "p";

const AT_ONCE = 100;
const LETTERS = 60;
const COLUMNS: readonly Column<Of>[] = [
  { name: "rank", head: "#", title: "Rank, most changed first" },
  { name: "item", head: "item", title: "Text, label or number" },
  { name: "label", head: "label", title: "Class of the item" },
  { name: "kept", head: "kept", title: "Neighbours that both spaces have in common, of k" },
  {
    name: "agreement",
    head: "agreement",
    title: "What the rank goes by: 0 = chance, 1 = the same neighbours, averaged over ln k",
  },
  { name: "p", head: "p", title: "Probability of keeping this many neighbours by chance" },
];

interface Shown {
  /** Rows to choose from, in the order of their rank. */
  rows(): ArrayLike<number>;
  /** What is said of so many that are shown, of so many that match. */
  told(shown: number, matching: number): string;
  empty(): string;
  /** Texts in full, and larger pictures. */
  whole: boolean;
}

export class ItemTable {
  readonly node = h("div", { class: "embw-rows-table" });
  readonly filter = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter the items" });
  /** Rows that match the filter, as they stand. */
  matching: readonly number[] = [];
  private readonly told = h("span", { class: "embw-muted", "aria-live": "polite" });
  private readonly body = h("tbody");
  private readonly more = h("button", { type: "button", class: "embw-button embw-link" }, `Show ${AT_ONCE} more`);
  private readonly sorting: Sorting<Of>;
  private readonly roving: Roving;
  private readonly columns: readonly Column<Of>[];
  private readonly seen: IntersectionObserver | undefined;
  private most = AT_ONCE;
  private tail: { k: number; values: Float64Array } | undefined;

  constructor(
    private readonly context: Context,
    private readonly shown: Shown,
    private readonly ranking: () => Ranking,
    private readonly signal: AbortSignal,
  ) {
    const { data, tiles } = context;
    const there: Record<Of, boolean> = {
      rank: data.compared,
      item: true,
      label: data.classes.length > 0,
      kept: data.compared,
      agreement: data.compared,
      p: data.compared && data.pByCount,
    };
    this.columns = COLUMNS.filter(({ name }) => there[name]);
    this.sorting = new Sorting(this.columns, this.columns[0].name, () => this.show(), signal);
    this.roving = new Roving(this.body, ".embw-open", signal);
    const table = h("table", { class: "embw-table" }, this.sorting.node, this.body);
    const scroll = h("div", { class: "embw-scroll" }, table, this.more);
    const say = (text: string) => context.linked.say(text);
    const save = csvButton({ name: "items", what: "the listed items", table: () => this.asTable(), say }, signal);
    this.node.append(h("div", { class: "embw-rows-head" }, this.told, save, this.filter), scroll);
    if (shown.whole) this.node.classList.add("embw-whole");
    // Pictures are fetched when their row comes into sight.
    if (tiles.available && "IntersectionObserver" in window) {
      this.seen = new IntersectionObserver((all) => this.reveal(all), { rootMargin: "60px" });
      signal.addEventListener("abort", () => this.seen?.disconnect());
    }
    this.listen();
  }

  /** From the start: the rows are others. */
  renew(): void {
    this.most = AT_ONCE;
    this.show();
  }

  /** At another k: only what depends on it. */
  moveK(): void {
    if (this.sorting.by === "kept" || this.sorting.by === "p") this.show();
    else for (const line of this.lines()) this.fill(line, Number(line.dataset.row));
  }

  private listen(): void {
    const { linked } = this.context;
    const { signal } = this;
    const row = (e: Event) => Number((e.target as Element).closest<HTMLElement>("tr[data-row]")?.dataset.row ?? -1);
    this.body.addEventListener("click", (e) => row(e) >= 0 && linked.setPinned(row(e)), { signal });
    for (const name of ["pointerover", "focusin"])
      this.body.addEventListener(name, (e) => linked.setHovered(row(e)), { signal });
    for (const name of ["pointerleave", "focusout"])
      this.body.addEventListener(name, () => linked.setHovered(-1), { signal });
    this.filter.addEventListener(
      "input",
      perFrame(() => this.renew(), signal),
      { signal },
    );
    const more = () => {
      this.most += AT_ONCE;
      this.show();
    };
    this.more.addEventListener("click", more, { signal });
    linked.on("pinned", () => this.mark(), signal);
  }

  private show(): void {
    const focused = this.roving.focused;
    this.matching = this.sorting.sort(this.filtered(), (row) => this.read(row, this.sorting.by));
    const rows = this.matching.slice(0, this.most);
    this.seen?.disconnect();
    this.body.replaceChildren(...rows.map((row) => this.line(row)));
    if (rows.length === 0) {
      const text = this.filter.value.trim() ? "No item matches the filter." : this.shown.empty();
      this.body.append(h("tr", {}, h("td", { colspan: this.columns.length, class: "embw-muted embw-none" }, text)));
    }
    this.told.textContent = this.shown.told(rows.length, this.matching.length);
    this.more.hidden = this.matching.length <= this.most;
    this.roving.renew(focused);
    if (focused !== undefined) this.roving.focus(focused, this.filter);
    this.mark();
  }

  /** All that match, not only those that are shown, with all their digits. */
  private asTable(): Table {
    const names = this.columns.map(({ name }) => name);
    const rows = this.matching.map((row) => [row, ...names.map((name) => this.read(row, name))]);
    return { head: ["row", ...names], rows };
  }

  private filtered(): number[] {
    const wanted = this.filter.value.trim().toLocaleLowerCase();
    const { data } = this.context;
    const rows = Array.from(this.shown.rows());
    if (!wanted) return rows;
    return rows.filter((row) => `${data.describe(row)} ${data.label(row)}`.toLocaleLowerCase().includes(wanted));
  }

  private read(row: number, by: Of): number | string {
    const { data, linked } = this.context;
    if (by === "item") return data.describe(row);
    if (by === "label") return data.label(row);
    if (by === "kept") return data.shared(row, linked.k);
    if (by === "p") return this.p(row);
    const { rank, agreement } = this.ranking();
    return (by === "rank" ? rank[row] : agreement[row]) ?? Number.NaN;
  }

  private p(row: number): number {
    const { data, linked } = this.context;
    const { k } = linked;
    if (this.tail?.k !== k) this.tail = { k, values: sharedTail(data.among, k) };
    return pOf(data, this.tail.values, row, k);
  }

  private line(row: number): HTMLElement {
    const { data, tiles } = this.context;
    const text = data.describe(row);
    const face = tiles.available ? [h("span", { class: "embw-face", "aria-hidden": "true" })] : [];
    for (const one of face) this.seen?.observe(one);
    const written = h("span", { class: "embw-text" }, this.shown.whole ? text : shorten(text, LETTERS));
    const title = this.shown.whole ? undefined : text;
    const open = h("button", { type: "button", class: "embw-open", title, "data-stop": row }, ...face, written);
    const cells = this.columns.map(({ name }) => h("td", { class: `embw-of-${name}` }, name === "item" ? open : ""));
    const line = h("tr", { "data-row": row }, ...cells);
    this.fill(line, row);
    return line;
  }

  private fill(line: HTMLElement, row: number): void {
    const { data, linked } = this.context;
    const write = (name: Of, text: () => string) => {
      const cell = line.querySelector(`.embw-of-${name}`);
      if (cell) cell.textContent = text();
    };
    const scored = data.searched(row) && !data.withheld(linked.k);
    write("rank", () => (data.searched(row) ? count(this.ranking().rank[row]) : "–"));
    write("label", () => shorten(data.label(row), LETTERS));
    write("kept", () => (scored ? `${amount(data.shared(row, linked.k))} of ${linked.k}` : "–"));
    write("agreement", () => value(this.ranking().agreement[row]));
    write("p", () => pValue(this.p(row)));
  }

  private lines(): NodeListOf<HTMLElement> {
    return this.body.querySelectorAll<HTMLElement>("tr[data-row]");
  }

  private reveal(all: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of all) {
      if (!isIntersecting) continue;
      this.seen?.unobserve(target);
      const row = Number(target.closest<HTMLElement>("tr")?.dataset.row);
      target.append(this.context.tiles.thumbnail(row, this.shown.whole ? 48 : 24, ""));
    }
  }

  private mark(): void {
    for (const line of this.lines()) {
      const current = Number(line.dataset.row) === this.context.linked.pinned;
      line.classList.toggle("embw-current", current);
      const open = line.querySelector(".embw-open");
      if (current) open?.setAttribute("aria-current", "true");
      else open?.removeAttribute("aria-current");
    }
  }
}
