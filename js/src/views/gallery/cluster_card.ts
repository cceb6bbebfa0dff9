/**
 * One cluster as a row: what it is, how tight in both spaces, its items.
 *   synced  writes selected (its button)   view  which of its items are shown
 */

import { button, choice, h } from "../../page/dom";
import { count, signedValue } from "../../page/format";
import { shorten } from "../../page/graphemes";
import { changeColours } from "../../page/palette";
import type { Theme } from "../../page/theme";
import type { Spectral } from "../../state/clusters";
import type { Context } from "../../state/context";
import type { ClusterRow, EnrichmentRow } from "../../state/scene";
import { drawDensities } from "./densities";
import { memberList } from "./member_list";
import {
  clusterTitle,
  constantText,
  enrichmentTitle,
  failureText,
  heldOutText,
  oddsText,
  rankingText,
  SURVIVING,
  sideText,
  sizeText,
  tightnessText,
} from "./words";
import "./cluster_card.css";

type Showing = "members" | "both" | "nearest";
/** Between pictures, as in the style sheet. */
const GAP = 4;
/** Chips of a row that is closed, and of one that is open. */
const CHIPS = [5, 9];

const NOTHING_FREQUENT = "No label or word is more frequent in it.";

export interface CardLook {
  /** Items of a row. */
  count: number;
  /** Side of a picture in pixels. */
  size: number;
}

export class ClusterCard {
  readonly node: HTMLElement;
  readonly head: HTMLButtonElement;
  private readonly tightness = h("div", { class: "embw-tightness" });
  private readonly chips = h("ul", { class: "embw-chips", "aria-label": "What is frequent in it" });
  private readonly items = h("div", { class: "embw-items" });
  private readonly actions = h("div", { class: "embw-cluster-actions" });
  private readonly spectral: Spectral;
  private showing: Showing = "members";
  private filled = false;

  constructor(
    private readonly context: Context,
    readonly cluster: ClusterRow,
    private readonly look: CardLook,
    signal: AbortSignal,
  ) {
    this.spectral = context.data.spectral;
    const side = this.side === 0 ? "x" : "y";
    this.node = h("article", { class: "embw-cluster", "data-cluster": cluster.index, "data-side": side });
    this.node.dataset.survives = String(cluster.survives);
    this.head = this.makeHead();
    const what = h("div", { class: "embw-cluster-what" }, this.chips, this.items);
    const body = h("div", { class: "embw-cluster-body" }, this.tightness, what);
    const facts = h(
      "div",
      { class: "embw-cluster-facts" },
      sizeText(cluster),
      " · ",
      heldOutText(cluster),
      this.badge(),
    );
    this.node.append(h("div", { class: "embw-cluster-top" }, this.head, facts), ...this.warnings(), body, this.actions);
    this.fillActions(signal);
    const all = (e: Event) => (e.target as Element).closest(".embw-more") && this.fillChips(cluster.enrichment.length);
    this.chips.addEventListener("click", all, { signal });
    if (!context.tiles.available) this.filled = true;
    this.open(false);
    this.refresh();
  }

  private get side(): 0 | 1 {
    return this.spectral.side(this.cluster.index);
  }

  private get other(): string {
    return this.spectral.names[1 - this.side];
  }

  private makeHead(): HTMLButtonElement {
    const { cluster, spectral, side } = this;
    return h(
      "button",
      { type: "button", class: "embw-cluster-head", title: clusterTitle(spectral, cluster) },
      h("span", { class: "embw-glyph", "aria-hidden": "true" }, side === 0 ? "▲" : "▼"),
      h("b", {}, `Cluster ${cluster.index}`),
      h("span", { class: "embw-number" }, `λ ${signedValue(cluster.eigenvalue)}`),
      h("span", { class: "embw-muted embw-ellipsis" }, sideText(spectral, side)),
    );
  }

  private badge(): HTMLElement {
    const { survives } = this.cluster;
    if (survives === null) return h("span");
    const title = survives ? SURVIVING : `Does not survive: ${failureText(this.spectral, this.cluster)}.`;
    const text = survives ? "✓ survives" : "✗ does not survive on held-out rows";
    return h("span", { class: `embw-badge${survives ? "" : " embw-fails"}`, title }, text);
  }

  private warnings(): HTMLElement[] {
    const { cluster } = this;
    const warned = (text: string) => h("p", { class: "embw-warning" }, text);
    const constant = this.spectral.constant(cluster.index) ? [warned(constantText(this.spectral))] : [];
    const values = cluster.eigenvalues.map(signedValue).join(", ");
    const tie = `${cluster.tied} eigenvalues are tied (${values}): their vectors cannot be told apart, so they are one cluster.`;
    return cluster.tied > 1 ? [...constant, warned(tie)] : constant;
  }

  private fillActions(signal: AbortSignal): void {
    const { cluster, other } = this;
    const members = count(cluster.members);
    const select = () => this.select();
    const title = "Select them in every linked view and in Python (w.selected)";
    const shown = choice<Showing>(
      "Show",
      [
        ["members", "Members", "Its members, strongest first"],
        ["both", "Both ends", "Its members, and the items with the most negative loadings"],
        ["nearest", `Nearest in ${shorten(other, 18)}`, `Show what ${other} puts nearest to the members instead`],
      ],
      (showing) => {
        this.showing = showing;
        this.refresh();
      },
      signal,
    );
    shown.set(this.showing);
    const label = `Select ${members} member${cluster.members === 1 ? "" : "s"}`;
    this.actions.append(button(label, title, select, signal, "embw-strong"), shown.node);
  }

  select(): void {
    const { linked } = this.context;
    const rows = this.spectral.members(this.cluster.index);
    linked.select(rows);
    linked.say(`Selected the ${count(rows.length)} members of cluster ${this.cluster.index}.`);
  }

  open(open: boolean): void {
    this.node.classList.toggle("embw-open-cluster", open);
    this.head.setAttribute("aria-expanded", String(open));
    this.actions.hidden = !open;
    this.fillChips(CHIPS[open ? 1 : 0]);
    if (!open && this.showing !== "members") this.node.querySelector<HTMLElement>(".embw-choice button")?.click();
  }

  private fillChips(most: number): void {
    const { enrichment } = this.cluster;
    const { data } = this.context;
    const shown = enrichment.slice(0, most).map(chip);
    const rest = enrichment.length - shown.length;
    if (rest > 0) {
      const more = h("button", { type: "button", class: "embw-button embw-link embw-more" }, `+ ${rest} more`);
      shown.push(h("li", {}, more));
    }
    const named = data.classes.length > 0 || data.texts.length > 0;
    if (!enrichment.length && named) shown.push(h("li", { class: "embw-muted" }, NOTHING_FREQUENT));
    this.chips.hidden = shown.length === 0;
    this.chips.replaceChildren(...shown);
  }

  /** Items are made when the row comes into sight; until then it keeps their room. */
  fill(): void {
    if (this.filled) return;
    this.filled = true;
    this.refresh();
  }

  refresh(): void {
    this.room();
    if (!this.filled) return;
    const { spectral, cluster, look, showing } = this;
    const { index } = cluster;
    const list = (rows: readonly number[], members: number, name: string) =>
      memberList(this.context, rows, members, name, { size: look.size, cluster: index });
    if (showing === "nearest") {
      const rows = spectral.nearest(index).slice(0, look.count);
      const text = `What ${this.other} puts nearest to the members; none of these is one.`;
      this.items.replaceChildren(note(text), list(rows, rows.length, text));
      return;
    }
    const strongest = list(spectral.strongest(index, look.count), cluster.members, "Strongest first");
    this.items.replaceChildren(strongest);
    if (showing !== "both") return;
    const text = cluster.tied > 1 ? "A tie has no opposite end." : "The opposite end: most negative loadings.";
    const rows = spectral.opposite(index, look.count);
    this.items.append(note(text), ...(cluster.tied > 1 ? [] : [list(rows, rows.length, text)]));
  }

  /** Keeps the place of pictures that are not made yet, so that nothing moves when they come. */
  room(): void {
    const { count, size } = this.look;
    if (!this.context.tiles.available) return;
    const columns = Math.max(1, Math.floor((this.items.clientWidth + GAP) / (size + GAP)));
    const lines = Math.ceil(Math.min(count, this.context.data.n) / columns);
    this.items.style.minHeight = this.filled ? "" : `${lines * (size + GAP) - GAP}px`;
  }

  retheme(theme: Theme): void {
    const { onlyX, onlyY } = changeColours(theme.dark);
    this.tightness.replaceChildren(
      ...([0, 1] as const).map((space) => this.tight(space, space ? onlyY : onlyX, theme)),
    );
  }

  private tight(space: 0 | 1, colour: string, theme: Theme): HTMLElement {
    const { spectral, cluster } = this;
    const name = spectral.names[space];
    const tightness = tightnessText(cluster, space);
    const ranking = rankingText(cluster, space);
    const label = `Similarity in ${name}: ${tightness}; a fellow member is the more similar one in ${ranking} of pairs`;
    const drawn = drawDensities(spectral.densities(cluster.index, space), colour, theme, label);
    return h(
      "figure",
      { title: `${label} (50% = chance).` },
      h("figcaption", {}, h("b", { class: "embw-ellipsis" }, name), h("span", {}, `ranked ${ranking}`)),
      drawn,
      h("span", { class: "embw-muted embw-number" }, tightness),
    );
  }
}

const note = (text: string): HTMLElement => h("p", { class: "embw-note" }, text);

function chip(e: EnrichmentRow): HTMLElement {
  const title = enrichmentTitle(e);
  const odds = h("span", { class: "embw-number" }, oddsText(e.odds));
  const name = h("span", { class: "embw-ellipsis" }, e.term || "(empty)");
  const attributes = { type: "button", class: "embw-chip", "data-kind": e.kind, title, "aria-label": title };
  return h("li", {}, h("button", attributes, name, odds));
}
