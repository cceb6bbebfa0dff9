/**
 * A group in one line: its name, its eigenvalue, its leading members, their number, what kind it is. A button.
 *   synced  nothing   view  how many of its members there is room for
 */

import { h } from "../../page/dom";
import { shorten } from "../../page/graphemes";
import type { Context } from "../../state/context";
import type { ClusterRow } from "../../state/scene";
import { fitting, LINE_ITEMS, type Look } from "./look";
import { signedBar, signedRange } from "./signed_bar";
import { barStyle } from "./spectrum";
import { clusterTitle, enrichmentTitle, KINDS, membersText, RULES, sideText } from "./words";
import "./group_line.css";

const WORD = 22;
/** Labels and words that stand before the texts of members. */
const TERMS = 6;

export class GroupLine {
  readonly node: HTMLButtonElement;
  private readonly title = h("b", { class: "embw-group-title" });
  /** Read to nobody: a line is read in a breath, and its card has them one by one. */
  private readonly strip = h("span", { class: "embw-strip", "aria-hidden": "true" });
  /** Holds the members, or where the line is open whose group it is. */
  private readonly what: HTMLElement;
  private shown = { count: 0, size: 0 };

  constructor(
    private readonly context: Context,
    private readonly cluster: ClusterRow,
    private readonly look: Look,
  ) {
    const { spectral } = context.data;
    const side = spectral.side(cluster.index);
    const bar = signedBar(cluster.eigenvalue, signedRange(spectral.clusters), barStyle(spectral, cluster));
    const whose = h("span", { class: "embw-whose" }, sideText(spectral, cluster));
    this.what = h("span", { class: "embw-group-what" }, this.strip, whose);
    const kind = h("span", { class: "embw-kind", title: RULES[cluster.kind] }, KINDS[cluster.kind]);
    const members = h("span", { class: "embw-number embw-muted" }, membersText(cluster));
    this.node = h(
      "button",
      { type: "button", class: "embw-cluster-head", "aria-expanded": "false" },
      h("span", { class: "embw-glyph", "aria-hidden": "true" }, side === 0 ? "▲" : "▼"),
      this.title,
      bar,
      this.what,
      h("span", { class: "embw-group-facts" }, kind, members),
    );
    this.retitle(cluster);
  }

  /** The same group under another name. */
  retitle(cluster: ClusterRow): void {
    const { spectral } = this.context.data;
    this.title.textContent = cluster.title;
    this.title.title = cluster.title;
    this.node.setAttribute("aria-description", clusterTitle(spectral, cluster));
  }

  get room(): number {
    return this.what.clientWidth;
  }

  /** The leading members, as many as there is room for. */
  fill(room: number): void {
    const { size } = this.look;
    const count = this.context.tiles.available ? Math.min(LINE_ITEMS, fitting(room, size)) : LINE_ITEMS;
    if (this.shown.count === count && this.shown.size === size) return;
    this.shown = { count, size };
    const rows = this.context.data.spectral.strongest(this.cluster.index, Math.min(count, this.cluster.members));
    const items = rows.map((row) => this.item(row));
    this.strip.replaceChildren(...(this.context.tiles.available ? [] : this.terms()), ...items);
  }

  /** What is frequent in it: of texts this says more than the first of them. */
  private terms(): HTMLElement[] {
    return this.cluster.enrichment.slice(0, TERMS).map((one) => {
      const look = { class: "embw-word", "data-kind": one.kind, title: enrichmentTitle(one) };
      return h("span", look, shorten(one.term || "(empty)", WORD));
    });
  }

  private item(row: number): HTMLElement {
    const { data, tiles } = this.context;
    if (tiles.available) return tiles.thumbnail(row, this.look.size, data.describe(row));
    const said = data.texts[row] || data.label(row) || `#${row}`;
    return h("span", { class: "embw-word", "data-row": row, title: said }, shorten(said, WORD));
  }
}
