/**
 * One item up close: its picture, text, agreement, loading, and its neighbours kept, only in X, only in Y.
 *   synced  reads k and cluster   view  pinned (written on a click)
 */

import { GLYPHS, type Glyph } from "../../map/overlay";
import { h } from "../../page/dom";
import { amount, percent, signedValue, value } from "../../page/format";
import { shorten } from "../../page/graphemes";
import { rove } from "../../page/roving";
import type { Context } from "../../state/context";

const MOST_PICTURES = 24;
const MOST_TEXTS = 12;

export class Detail {
  readonly node = h("aside", { class: "embw-detail", "aria-label": "Item" });

  constructor(
    private readonly context: Context,
    signal: AbortSignal,
  ) {
    // One listener for all neighbours: the buttons themselves come and go with every hover.
    const row = (e: Event) => (e.target as Element).closest<HTMLElement>(".embw-neighbour")?.dataset.row;
    const pin = (e: Event) => row(e) && context.linked.setPinned(Number(row(e)));
    const name = (e: Event) => row(e) && context.linked.say(context.data.describe(Number(row(e))));
    this.node.addEventListener("click", pin, { signal });
    this.node.addEventListener("pointerover", name, { signal });
    rove(this.node, ".embw-neighbour", signal);
  }

  /** `score` is the one of the items' scores that the maps are coloured by, or -1. */
  show(row: number, score = -1): void {
    this.node.dataset.row = String(row);
    if (row < 0) this.node.replaceChildren(this.empty());
    else this.node.replaceChildren(this.head(row, score), ...this.groups(row));
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
      ),
      select,
    );
  }

  private head(row: number, score: number): HTMLElement {
    const { data, tiles } = this.context;
    const text = data.describe(row);
    const label = data.label(row);
    const facts = h("div", { class: "embw-detail-facts" });
    facts.append(h("strong", { title: text }, shorten(text, 90)));
    facts.append(
      h(
        "span",
        { class: "embw-muted" },
        [label && text !== label ? shorten(label, 90) : "", `#${row}`].filter(Boolean).join(" · "),
      ),
    );
    facts.append(...this.agreement(row), ...this.loading(row), ...this.score(row, score));
    const picture = tiles.available ? [tiles.thumbnail(row, 56, text)] : [];
    return h("div", { class: "embw-detail-head" }, ...picture, facts);
  }

  private agreement(row: number): HTMLElement[] {
    const { data, linked } = this.context;
    if (!data.compared) return [];
    const { k } = linked;
    if (!data.searched(row)) return [h("span", { class: "embw-muted" }, "a neighbour of sampled items, not sampled")];
    if (data.withheld(k)) return [h("span", { class: "embw-muted" }, `not scored at k = ${k}: ties alone decide`)];
    const agreement = h("b", { class: "embw-number" }, value(data.agreement(row, k)));
    const chance = h("span", { class: "embw-muted" }, ` (chance ${value(data.chance.nngs[k - 1])})`);
    return [h("span", {}, `${amount(data.shared(row, k))} of ${k} kept · J `, agreement, chance)];
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

  private groups(row: number): HTMLElement[] {
    const { data, linked } = this.context;
    if (!data.compared || !data.searched(row)) return [];
    const change = data.neighborChange(row, linked.k);
    const [x, y] = data.names;
    const listed = data.listed(row);
    const why = data.sampled ? "the others are not among the items" : "to keep the page light";
    const cut = linked.k > listed ? [h("p", { class: "embw-muted" }, `Of each list ${listed} are here, ${why}.`)] : [];
    return [
      this.group("kept", "Kept in both", change.kept),
      this.group("onlyX", `Only in ${x}`, change.onlyX),
      this.group("onlyY", `Only in ${y}`, change.onlyY),
      ...cut,
    ];
  }

  private group(glyph: Glyph, title: string, rows: readonly number[]): HTMLElement {
    const pictures = this.context.tiles.available;
    const most = pictures ? MOST_PICTURES : MOST_TEXTS;
    const items = rows.slice(0, most).map((row) => this.neighbour(row));
    const more = rows.length > most ? [h("li", { class: "embw-muted" }, `+ ${rows.length - most} more`)] : [];
    const none = rows.length ? [] : [h("li", { class: "embw-muted" }, "none")];
    return h(
      "div",
      { class: "embw-group", "data-group": glyph },
      h(
        "h4",
        {},
        h("span", { class: `embw-glyph embw-${glyph}` }, GLYPHS[glyph]),
        h("span", { class: "embw-ellipsis", title }, title),
        h("span", { class: "embw-muted" }, `${rows.length} · ${percent(rows.length / this.context.linked.k)}`),
      ),
      h("ul", { class: pictures ? "embw-pictures" : "embw-words" }, ...items, ...more, ...none),
    );
  }

  private neighbour(row: number): HTMLElement {
    const { data, tiles } = this.context;
    const text = data.describe(row);
    const face = tiles.available ? tiles.thumbnail(row, 26, text) : shorten(text, 42);
    const node = h("button", { type: "button", class: "embw-neighbour", title: text, "data-row": row }, face);
    return h("li", {}, node);
  }
}
