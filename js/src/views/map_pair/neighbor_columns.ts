/**
 * An item's neighbours in three columns: kept, only in X, only in Y; each with its ranks, its picture and its text.
 *   synced  reads k   view  which text is shown whole, which neighbour the Tab key comes to
 */

import { GLYPHS, type Glyph } from "../../map/overlay";
import { h } from "../../page/dom";
import { count } from "../../page/format";
import { shorten } from "../../page/graphemes";
import { focusedIn, onKeys } from "../../page/keyboard";
import type { Context } from "../../state/context";

/** In each column: what is hovered changes with every frame, what is pinned is read. */
const MOST_HOVERED = 12;
const MOST_PINNED = 100;
/** Letters that two lines can hold at their widest. */
const TWO_LINES = 160;
const FACE = 28;

interface ColumnEvents {
  /** A neighbour was chosen. */
  chosen(row: number): void;
  /** A neighbour is pointed at, by pointer or keyboard; -1 for none. */
  pointed(row: number): void;
}

type Ranks = readonly [Map<number, number>, Map<number, number>];

export class NeighborColumns {
  readonly node = h("div", { class: "embw-columns" });
  private key = "";

  constructor(
    private readonly context: Context,
    private readonly events: ColumnEvents,
    signal: AbortSignal,
  ) {
    const { node } = this;
    const entry = (e: Event) => (e.target as Element).closest<HTMLElement>(".embw-neighbour");
    // One listener for all neighbours: the buttons themselves come and go with every hover.
    const point = (e: Event) => {
      const row = Number(entry(e)?.dataset.row ?? -1);
      events.pointed(row);
      if (row >= 0) context.linked.say(context.data.describe(row));
    };
    node.addEventListener("click", (e) => this.press(entry(e)), { signal });
    node.addEventListener("pointerover", point, { signal });
    node.addEventListener("focusin", point, { signal });
    for (const name of ["pointerleave", "focusout"]) node.addEventListener(name, () => events.pointed(-1), { signal });
    this.keys(signal);
  }

  /** The neighbours of a row; nothing is made anew where they are shown already. */
  show(row: number): void {
    const { data, linked } = this.context;
    const pinned = row === linked.pinned;
    const key = [row, linked.k, pinned, data.listed(row)].join();
    if (key === this.key) return;
    this.key = key;
    this.node.replaceChildren(...this.columns(row, pinned ? MOST_PINNED : MOST_HOVERED));
    this.entries()[0]?.setAttribute("tabindex", "0");
  }

  clear(): void {
    this.key = "";
    this.node.replaceChildren();
  }

  focus(): void {
    this.node.querySelector<HTMLElement>('.embw-neighbour[tabindex="0"]')?.focus({ preventScroll: true });
  }

  private columns(row: number, most: number): HTMLElement[] {
    const { data, linked } = this.context;
    const change = data.neighborChange(row, linked.k);
    const ranks = data.neighborRanks(row);
    const [x, y] = data.names;
    const make = (glyph: Glyph, title: string, rows: readonly number[]) =>
      this.column(glyph, title, rows, rows.slice(0, most), ranks);
    return [
      make("kept", "Kept", change.kept),
      make("onlyX", `Only in ${x}`, change.onlyX),
      make("onlyY", `Only in ${y}`, change.onlyY),
    ];
  }

  private column(
    glyph: Glyph,
    title: string,
    rows: readonly number[],
    shown: readonly number[],
    ranks: Ranks,
  ): HTMLElement {
    const rest = rows.length - shown.length;
    const items = shown.map((row) => this.entry(row, glyph, ranks));
    if (rest > 0) items.push(h("li", { class: "embw-muted" }, `+ ${count(rest)} more`));
    if (rows.length === 0) items.push(h("li", { class: "embw-muted" }, "none"));
    const head = h(
      "h4",
      { title },
      h("span", { class: `embw-glyph embw-${glyph}`, "aria-hidden": "true" }, GLYPHS[glyph]),
      h("span", { class: "embw-two-lines" }, title),
      h("span", { class: "embw-muted embw-number" }, count(rows.length)),
    );
    return h(
      "section",
      { class: "embw-group", "data-group": glyph, "aria-label": title },
      head,
      h("ul", { "aria-label": title }, ...items),
    );
  }

  private entry(row: number, glyph: Glyph, ranks: Ranks): HTMLElement {
    const { data, tiles } = this.context;
    const text = data.describe(row);
    const face = tiles.available ? [tiles.thumbnail(row, FACE, "")] : [];
    const [told, title] = rankText(glyph, row, ranks, data.names);
    const rank = h("span", { class: "embw-rank embw-number", title }, told);
    const words = h("span", { class: "embw-two-lines" }, shorten(text, TWO_LINES));
    const attributes = { type: "button", class: "embw-neighbour", title: text, "data-row": row, tabindex: -1 };
    return h("li", {}, h("button", attributes, ...face, rank, words));
  }

  /** A text that is cut is shown whole first; what can be read is opened. */
  private press(entry: HTMLElement | null): void {
    if (!entry) return;
    const row = Number(entry.dataset.row);
    const words = entry.querySelector<HTMLElement>(".embw-two-lines");
    const text = this.context.data.describe(row);
    const whole = entry.dataset.whole !== undefined;
    if (!words || whole || !isCut(words, text)) {
      this.events.chosen(row);
      return;
    }
    entry.dataset.whole = "";
    words.textContent = text;
    entry.append(h("span", { class: "embw-again embw-muted" }, "Again: its own neighbours"));
  }

  private entries(within: ParentNode = this.node): HTMLElement[] {
    return [...within.querySelectorAll<HTMLElement>(".embw-neighbour")];
  }

  /** One stop for the Tab key; arrows go up and down a column, and from one to the next. */
  private keys(signal: AbortSignal): void {
    const go = (entry: HTMLElement | undefined) => {
      if (!entry) return;
      for (const one of this.entries()) one.tabIndex = one === entry ? 0 : -1;
      entry.focus();
    };
    const along = (to: (at: number, last: number) => number) => () => {
      const focused = focusedIn(this.node) as HTMLElement;
      const column = this.entries(focused?.closest(".embw-group") ?? this.node);
      const last = column.length - 1;
      go(column[Math.max(0, Math.min(last, to(column.indexOf(focused), last)))]);
    };
    const across = (by: 1 | -1) => () => {
      const focused = focusedIn(this.node) as HTMLElement;
      const own = focused?.closest<HTMLElement>(".embw-group");
      if (!own) return;
      const at = this.entries(own).indexOf(focused);
      const columns = [...this.node.querySelectorAll<HTMLElement>(".embw-group")];
      const filled = columns.filter((one) => one === own || this.entries(one).length > 0);
      const next = filled[filled.indexOf(own) + by];
      if (next) go(this.entries(next)[Math.min(at, this.entries(next).length - 1)]);
    };
    const keys = {
      ArrowUp: along((at) => at - 1),
      ArrowDown: along((at) => at + 1),
      Home: along(() => 0),
      End: along((_, last) => last),
      ArrowLeft: across(-1),
      ArrowRight: across(1),
    };
    onKeys(this.node, keys, signal);
  }
}

/** Where it stands in both lists: "3 → 7"; with an open end where it is in one of them alone. */
export function rankText(
  glyph: Glyph,
  row: number,
  [inX, inY]: Ranks,
  [x, y]: readonly [string, string],
): [string, string] {
  const [a, b] = [inX.get(row), inY.get(row)];
  const said = (rank: number | undefined, name: string) => (rank ? `neighbour ${rank} in ${name}` : "");
  const title = [said(a, x), said(b, y)].filter(Boolean).join(", ");
  if (glyph === "kept") return [`${a} → ${b}`, title];
  if (a && b) return [`${a} → ${b}`, title];
  return [glyph === "onlyX" ? `${a} → …` : `… → ${b}`, title];
}

/** Whether the two lines do not hold all of a text. */
function isCut(words: HTMLElement, text: string): boolean {
  return words.textContent !== text || words.scrollHeight > words.clientHeight + 1;
}
