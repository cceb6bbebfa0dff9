/**
 * One item up close: its picture, text, agreement, loading, and its neighbours kept, only in X, only in Y.
 *   synced  reads k and cluster
 *   view    pinned (written on a click), the items it was come from, whether its picture is large
 */

import { GLYPHS, type Glyph } from "../../map/overlay";
import { button, h } from "../../page/dom";
import { amount, signedValue, value } from "../../page/format";
import { shorten } from "../../page/graphemes";
import { focusedIn } from "../../page/keyboard";
import type { Context } from "../../state/context";
import { ItemPicture } from "./item_picture";
import { NeighborColumns } from "./neighbor_columns";
import "./detail.css";

export class Detail {
  readonly node = h("aside", { class: "embw-detail", "aria-label": "Item", tabindex: -1 });
  private readonly facts = h("div", { class: "embw-detail-facts" });
  private readonly back: HTMLButtonElement;
  private readonly unpin: HTMLButtonElement;
  private readonly head: HTMLElement;
  private readonly picture: ItemPicture;
  private readonly columns: NeighborColumns;
  private readonly note = h("p", { class: "embw-muted embw-detail-note" });
  /** Items from which one went to a neighbour, the last one last. */
  private way: number[] = [];
  /** The row that this panel pinned itself. */
  private went = -1;
  private scored = -1;

  constructor(
    private readonly context: Context,
    /** Told of the neighbour that is pointed at, -1 for none. */
    private readonly pointed: (row: number) => void,
    signal: AbortSignal,
  ) {
    this.back = button("← Back", "", () => this.goBack(), signal, "embw-link");
    this.unpin = button("Unpin", "Let go of this item (Esc)", () => context.linked.setPinned(-1), signal, "embw-link");
    this.picture = new ItemPicture(context, this.node, signal);
    this.columns = new NeighborColumns(context, { chosen: (row) => this.go(row), pointed }, signal);
    const actions = h("div", { class: "embw-detail-actions" }, this.back, this.unpin);
    const words = h("div", { class: "embw-detail-words" }, this.facts, actions);
    this.head = h("div", { class: "embw-detail-head" }, this.picture.node, words);
    this.facts.addEventListener("click", (e) => this.unfold(e.target as Element), { signal });
    context.linked.on("pinned", () => this.forget(), signal);
  }

  /** `score` is the one of the items' scores that the maps are coloured by, or -1. */
  show(row: number, score = -1): void {
    const { data } = this.context;
    const held = this.node.contains(focusedIn(this.node));
    this.node.dataset.row = String(row);
    this.scored = score;
    if (row < 0) {
      this.columns.clear();
      this.picture.close();
      this.node.replaceChildren(this.empty());
    } else {
      this.fill(row, score);
      const listed = data.compared && data.searched(row);
      if (listed) this.columns.show(row);
      else this.columns.clear();
      this.note.textContent = listed ? this.cutText(row) : "";
      this.note.hidden = this.note.textContent === "";
      if (this.head.parentElement !== this.node) this.node.replaceChildren(this.head, this.columns.node, this.note);
    }
    // Focus that goes with what it is on would fall to the page, and the next keys to the notebook.
    if (held && !this.node.contains(focusedIn(this.node))) this.node.focus({ preventScroll: true });
  }

  private fill(row: number, score: number): void {
    const { pinned } = this.context.linked;
    this.picture.show(row);
    const parts = [...this.agreement(row), ...this.loading(row), ...this.score(row, score)];
    this.facts.replaceChildren(...this.words(row), ...parts);
    this.back.hidden = this.way.length === 0 || row !== pinned;
    this.unpin.hidden = row !== pinned;
    const last = this.way[this.way.length - 1];
    if (last !== undefined) this.back.title = `Back to ${shorten(this.context.data.describe(last), 60)}`;
  }

  /** Keeps a neighbour in place of the item, and how to come back. */
  private go(row: number): void {
    const from = Number(this.node.dataset.row);
    this.way.push(from);
    this.pin(row);
    this.columns.focus();
  }

  private goBack(): void {
    const row = this.way.pop();
    if (row === undefined) return;
    this.pin(row);
    if (this.back.hidden) this.columns.focus();
  }

  private pin(row: number): void {
    const { linked } = this.context;
    this.went = row;
    this.pointed(-1);
    linked.setHovered(-1);
    linked.setPinned(row);
    this.show(row, this.scored);
  }

  /** What was pinned elsewhere was come to from nowhere. */
  private forget(): void {
    const { pinned } = this.context.linked;
    if (pinned !== this.went) this.way = [];
    this.went = pinned;
  }

  /** A text that is cut is shown whole on a click, and cut again on the next. */
  private unfold(target: Element): void {
    const words = target.closest<HTMLElement>(".embw-detail-text");
    const row = Number(this.node.dataset.row);
    if (!words || row < 0) return;
    const whole = words.getAttribute("aria-expanded") !== "true";
    words.setAttribute("aria-expanded", String(whole));
    words.textContent = whole
      ? this.context.data.describe(row)
      : shorten(this.context.data.describe(row), HEAD_LETTERS);
  }

  private empty(): HTMLElement {
    const { names, compared } = this.context.data;
    const select = h("p", {}, "Drag around points to select them; Shift adds, Alt draws a box, Esc clears.");
    if (!compared) {
      const hover = "Hover an item to see it in both spaces; click to keep it here.";
      return h("div", { class: "embw-empty" }, h("p", {}, hover), select);
    }
    const key = (glyph: Glyph, text: string) =>
      h("li", {}, h("span", { class: `embw-glyph embw-${glyph}` }, GLYPHS[glyph]), text);
    return h(
      "div",
      { class: "embw-empty" },
      h("p", {}, "Hover an item to see its neighbours in both spaces; click to keep it here."),
      h(
        "ul",
        {},
        key("kept", "neighbour in both"),
        key("onlyX", `only in ${names[0]}`),
        key("onlyY", `only in ${names[1]}`),
        h("li", {}, h("span", { class: "embw-number" }, "3 → 7"), ` 3rd nearest in ${names[0]}, 7th in ${names[1]}`),
      ),
      select,
    );
  }

  private words(row: number): HTMLElement[] {
    const { data } = this.context;
    const text = data.describe(row);
    const label = data.label(row);
    const long = text.length > FOLDED_LETTERS;
    const about = [label && text !== label ? shorten(label, 90) : "", `#${row}`].filter(Boolean).join(" · ");
    const said = long
      ? h(
          "button",
          { type: "button", class: "embw-detail-text", "aria-expanded": "false", title: "Show the whole text" },
          shorten(text, HEAD_LETTERS),
        )
      : h("strong", { class: "embw-detail-text-short" }, text);
    return [said, h("span", { class: "embw-muted" }, about)];
  }

  private agreement(row: number): HTMLElement[] {
    const { data, linked } = this.context;
    if (!data.compared) return [];
    const { k } = linked;
    if (!data.searched(row)) return [h("span", { class: "embw-muted" }, "a neighbour of sampled items, not sampled")];
    if (data.withheld(k)) return [h("span", { class: "embw-muted" }, `not scored at k = ${k}: ties alone decide`)];
    const agreement = h("b", { class: "embw-number" }, value(data.agreement(row, k)));
    const title = `Jaccard similarity of its two neighbour sets; chance ${value(data.chance.nngs[k - 1])}`;
    return [h("span", { title }, `${amount(data.shared(row, k))} of ${k} kept · J `, agreement)];
  }

  private loading(row: number): HTMLElement[] {
    const { data, linked } = this.context;
    const loading = data.spectral.loading(linked.cluster)[row];
    if (linked.cluster < 0 || loading === undefined) return [];
    return [h("span", {}, `loading ${signedValue(loading)} in “${shorten(data.spectral.title(linked.cluster), 40)}”`)];
  }

  private score(row: number, at: number): HTMLElement[] {
    const { itemScores } = this.context.data;
    if (at < 0) return [];
    const { chance } = itemScores.rows[at];
    const beside = chance === null ? "" : ` (chance ${value(chance)})`;
    return [h("span", {}, itemScores.text(at, row), h("span", { class: "embw-muted" }, beside))];
  }

  /** Where the page has fewer neighbours than are asked for. */
  private cutText(row: number): string {
    const { data, linked } = this.context;
    const listed = data.listed(row);
    const why = data.sampled ? "the others are not among the items" : "to keep the page light";
    return linked.k > listed ? `Of each list ${listed} are here, ${why}.` : "";
  }
}

/** Letters that fit in the head however narrow it is. */
const FOLDED_LETTERS = 60;
const HEAD_LETTERS = 200;
