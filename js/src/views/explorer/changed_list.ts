/**
 * The items whose neighbourhoods agree least, as a list to sort, search and open.
 *   synced  reads k, writes hovered   view  sort, filter, pinned (written on a click)
 */

import { csvButton } from "../../controls/save_buttons";
import { h } from "../../page/dom";
import { pValue, value } from "../../page/format";
import { shorten } from "../../page/graphemes";
import type { Table } from "../../page/save_file";
import type { Context } from "../../state/context";

type Column = "rank" | "item" | "agreement" | "p";
const COLUMNS: readonly (readonly [Column, string, string])[] = [
  ["rank", "#", "Rank, most changed first"],
  ["item", "item", "Text or label"],
  ["agreement", "agreement", "What the ranking goes by; 0 = chance, 1 = the same neighbours, averaged over ln k"],
  ["p", "p", "Probability of sharing this many neighbours by chance"],
];

interface Entry {
  rank: number;
  row: number;
  text: string;
  agreement: number;
  p: number;
}

function sortEntries(entries: readonly Entry[], by: Column, down: boolean): Entry[] {
  const key = (e: Entry) => (by === "item" ? e.text : e[by]);
  const sign = down ? -1 : 1;
  return [...entries].sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.rank - b.rank));
}

/** The list as it stands, with all digits; row counts from 0, as in Python. */
const changedAsTable = (entries: readonly Entry[], label: (row: number) => string): Table => ({
  head: ["rank", "row", "item", "label", "agreement", "p"],
  rows: entries.map((e) => [e.rank, e.row, e.text, label(e.row), e.agreement, e.p]),
});

export class ChangedList {
  readonly node = h("div", { class: "embw-changed" });
  private readonly body = h("tbody");
  private readonly filter = h("input", {
    type: "search",
    placeholder: "Filter",
    "aria-label": "Filter the most changed items",
  });
  private readonly heads: Map<Column, HTMLElement>;
  private readonly entries: Entry[];
  private shown: readonly Entry[] = [];
  private by: Column = "rank";
  private down = false;
  private readonly seen: IntersectionObserver | undefined;

  constructor(
    private readonly context: Context,
    signal: AbortSignal,
  ) {
    this.entries = this.read();
    this.heads = new Map(
      COLUMNS.map(([column, name, title]) => [
        column,
        h("button", { type: "button", title, "data-column": column }, name),
      ]),
    );
    const head = COLUMNS.map(([column]) => h("th", { scope: "col" }, this.heads.get(column) as HTMLElement));
    const table = h("table", { class: "embw-table" }, h("thead", {}, h("tr", {}, ...head)), this.body);
    const scroll = h("div", { class: "embw-scroll" }, table);
    const title = h("span", {}, "Most changed items");
    const listed = () => changedAsTable(this.shown, (row) => context.data.label(row));
    const say = (text: string) => context.linked.say(text);
    const save = csvButton({ name: "most_changed", what: "the listed items", table: listed, say }, signal);
    this.node.append(h("div", { class: "embw-changed-head" }, title, save, this.filter), scroll);
    // Pictures are fetched when their row comes into sight.
    if (context.tiles.available && "IntersectionObserver" in window) {
      this.seen = new IntersectionObserver((all) => this.reveal(all), { root: scroll, rootMargin: "60px" });
      signal.addEventListener("abort", () => this.seen?.disconnect());
    }
    this.listen(signal);
    this.show();
  }

  private read(): Entry[] {
    const { rows, value: agreement, p } = this.context.data.changed;
    return Array.from(rows, (row, i) => ({
      rank: i + 1,
      row,
      text: this.context.data.describe(row),
      agreement: agreement[i],
      p: p[i],
    }));
  }

  private listen(signal: AbortSignal): void {
    const { linked } = this.context;
    const row = (e: Event) => Number((e.target as Element).closest<HTMLElement>("tr[data-row]")?.dataset.row ?? -1);
    const click = (e: Event) => {
      const column = (e.target as Element).closest<HTMLElement>("[data-column]")?.dataset.column as Column | undefined;
      if (column) this.sort(column);
      else if (row(e) >= 0) linked.setPinned(row(e));
    };
    this.node.addEventListener("click", click, { signal });
    this.body.addEventListener("pointerover", (e) => linked.setHovered(row(e)), { signal });
    this.body.addEventListener("pointerleave", () => linked.setHovered(-1), { signal });
    this.filter.addEventListener("input", () => this.show(), { signal });
    linked.on("pinned", () => this.mark(), signal);
  }

  private sort(column: Column): void {
    this.down = column === this.by && !this.down;
    this.by = column;
    this.show();
  }

  private show(): void {
    const wanted = this.filter.value.trim().toLocaleLowerCase();
    const { data } = this.context;
    const matching = this.entries.filter((e) => `${e.text} ${data.label(e.row)}`.toLocaleLowerCase().includes(wanted));
    for (const [column, head] of this.heads) {
      const sorted = column === this.by ? (this.down ? "descending" : "ascending") : "none";
      head.parentElement?.setAttribute("aria-sort", sorted);
    }
    this.seen?.disconnect();
    this.shown = sortEntries(matching, this.by, this.down);
    this.body.replaceChildren(...this.shown.map((e) => this.line(e)));
    if (matching.length === 0) {
      const text = this.entries.length ? "No item matches the filter." : "No items were listed as changed.";
      this.body.append(h("tr", {}, h("td", { colspan: 4, class: "embw-muted" }, text)));
    }
    this.mark();
  }

  private line(e: Entry): HTMLElement {
    const face = h("span", { class: "embw-face" });
    if (this.context.tiles.available) this.seen?.observe(face);
    const open = h(
      "button",
      { type: "button", class: "embw-open", title: e.text },
      face,
      h("span", { class: "embw-ellipsis" }, shorten(e.text, 60)),
    );
    if (!this.context.tiles.available) face.remove();
    const cells = [
      h("td", {}, String(e.rank)),
      h("td", {}, open),
      h("td", {}, value(e.agreement)),
      h("td", {}, pValue(e.p)),
    ];
    return h("tr", { "data-row": e.row }, ...cells);
  }

  private reveal(all: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of all) {
      if (!isIntersecting) continue;
      this.seen?.unobserve(target);
      const row = Number(target.closest<HTMLElement>("tr")?.dataset.row);
      target.append(this.context.tiles.thumbnail(row, 24, ""));
    }
  }

  private mark(): void {
    for (const row of this.body.querySelectorAll<HTMLElement>("tr[data-row]")) {
      row.classList.toggle("embw-current", Number(row.dataset.row) === this.context.linked.pinned);
    }
  }
}
