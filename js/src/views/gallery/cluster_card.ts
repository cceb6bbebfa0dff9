/**
 * What an open line shows of its group: what makes it one, how tight it is in both spaces, its items.
 *   synced  writes selected (its button)   view  which of its items are shown
 */

import { button, choice, h } from "../../page/dom";
import { count, percent, signedValue } from "../../page/format";
import { shorten } from "../../page/graphemes";
import { changeColours } from "../../page/palette";
import { type Roving, rove } from "../../page/roving";
import type { Theme } from "../../page/theme";
import type { Spectral } from "../../state/clusters";
import type { Context } from "../../state/context";
import type { ClusterRow, EnrichmentRow } from "../../state/scene";
import { drawDensities } from "./densities";
import { cardSize, type Look } from "./look";
import { memberList } from "./member_list";
import { Rename } from "./rename";
import {
  constantText,
  enrichmentTitle,
  heldOutText,
  kindText,
  membersText,
  nameText,
  oddsText,
  rankingText,
  tightnessText,
  turnedText,
  unrelatedText,
} from "./words";
import "./cluster_card.css";

type Showing = "members" | "both" | "nearest";
/** Chips at first. */
const CHIPS = 9;

const NOTHING_FREQUENT = "No label or word is more frequent in it.";

export class ClusterCard {
  readonly node: HTMLElement;
  readonly rename: Rename;
  private readonly said = h("p", { class: "embw-card-said" });
  private readonly tightness = h("div", { class: "embw-tightness" });
  private readonly chips = h("ul", { class: "embw-chips", "aria-label": "What is frequent in it" });
  private readonly items = h("div", { class: "embw-items" });
  private readonly roving: Roving;
  private showing: Showing = "members";

  constructor(
    private readonly context: Context,
    private cluster: ClusterRow,
    private readonly look: Look,
    signal: AbortSignal,
  ) {
    this.rename = new Rename(context, cluster.index, signal);
    const what = h("div", { class: "embw-cluster-what" }, this.chips, this.items);
    const body = h("div", { class: "embw-cluster-body" }, this.tightness, what);
    this.node = h("div", { class: "embw-card" }, this.said, ...this.warnings(), body, this.makeActions(signal));
    this.roving = rove(this.chips, "button", signal);
    rove(this.items, ".embw-member", signal);
    const all = (e: Event) => (e.target as Element).closest(".embw-more") && this.fillChips(cluster.enrichment.length);
    this.chips.addEventListener("click", all, { signal });
    this.fillChips(CHIPS);
    this.retitle(cluster);
    this.refresh();
  }

  private get spectral(): Spectral {
    return this.context.data.spectral;
  }

  private get side(): 0 | 1 {
    return this.spectral.side(this.cluster.index);
  }

  private get other(): string {
    return this.spectral.names[1 - this.side];
  }

  /** The same group under another name. */
  retitle(cluster: ClusterRow): void {
    this.cluster = cluster;
    const { spectral } = this;
    const share = `${percent(cluster.members / this.context.data.n)} of the items`;
    const numbers = `${share}; λ ${signedValue(cluster.eigenvalue)}, ${heldOutText(cluster)}.`;
    const sentences = [kindText(spectral, cluster), unrelatedText(spectral, cluster), nameText(cluster)];
    const place = h("code", { title: "Where Python has it" }, `clusters[${cluster.index}]`);
    this.said.replaceChildren([numbers, ...sentences].filter(Boolean).join(" "), " ", place);
  }

  private warnings(): HTMLElement[] {
    const { cluster } = this;
    const warned = (text: string) => h("p", { class: "embw-warning" }, text);
    const constant = this.spectral.constant(cluster.index) ? [warned(constantText(this.spectral))] : [];
    const values = cluster.eigenvalues.map(signedValue).join(", ");
    const tie = `${cluster.tied} eigenvalues are tied (${values}): their vectors cannot be told apart, so they are one group.`;
    if (cluster.turned) return [...constant, note(turnedText(cluster))];
    return cluster.tied > 1 ? [...constant, warned(tie)] : constant;
  }

  private makeActions(signal: AbortSignal): HTMLElement {
    const { cluster, other } = this;
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
    const here = this.spectral.members(cluster.index).length;
    const which = here < cluster.members ? `the ${count(here)} strongest members` : membersText(cluster);
    const label = `Select ${which}`;
    const select = button(label, title, () => this.select(), signal, "embw-strong");
    return h("div", { class: "embw-cluster-actions" }, select, shown.node, this.rename.node);
  }

  select(): void {
    const { linked } = this.context;
    const rows = this.spectral.members(this.cluster.index);
    linked.select(rows);
    linked.say(`Selected the ${count(rows.length)} members of “${this.cluster.title}”.`);
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
    this.roving.refill(...shown);
  }

  refresh(): void {
    const { spectral, cluster, look, showing } = this;
    const { index } = cluster;
    const size = cardSize(look.size);
    const list = (rows: readonly number[], members: number, name: string) =>
      memberList(this.context, rows, members, name, { size, cluster: index });
    if (showing === "nearest") {
      const rows = spectral.nearest(index).slice(0, look.count);
      const text = `What ${this.other} puts nearest to the members; none of these is one.`;
      this.items.replaceChildren(note(text), list(rows, rows.length, text));
      return;
    }
    const strongest = list(spectral.strongest(index, look.count), cluster.members, "Strongest first");
    this.items.replaceChildren(strongest);
    if (showing !== "both") return;
    const text = cluster.tied > 1 && !cluster.turned ? "A tie has no opposite end." : OPPOSITE;
    const rows = spectral.opposite(index, look.count);
    this.items.append(note(text), ...(text === OPPOSITE ? [list(rows, rows.length, text)] : []));
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

const OPPOSITE = "The opposite end: most negative loadings.";

const note = (text: string): HTMLElement => h("p", { class: "embw-note" }, text);

function chip(e: EnrichmentRow): HTMLElement {
  const title = enrichmentTitle(e);
  const odds = h("span", { class: "embw-number" }, oddsText(e.odds));
  const name = h("span", { class: "embw-ellipsis" }, e.term || "(empty)");
  const attributes = { type: "button", class: "embw-chip", "data-kind": e.kind, title };
  return h("li", {}, h("button", attributes, name, odds));
}
