/**
 * A group: its line, and below it, once it has been open, its card.
 *   synced  nothing   view  whether it is open, whether it has been in sight
 */

import type { Frame } from "../../controls/frame";
import { h } from "../../page/dom";
import { onKeys } from "../../page/keyboard";
import type { Context } from "../../state/context";
import type { ClusterRow } from "../../state/scene";
import { ClusterCard } from "./cluster_card";
import { GroupLine } from "./group_line";
import type { Look } from "./look";

export class GroupRow {
  readonly node: HTMLElement;
  readonly line: GroupLine;
  private card: ClusterCard | undefined;
  private seen = false;

  constructor(
    private readonly context: Context,
    private readonly frame: Frame,
    private cluster: ClusterRow,
    private readonly look: Look,
    private readonly signal: AbortSignal,
  ) {
    const side = context.data.spectral.side(cluster.index) === 0 ? "x" : "y";
    this.line = new GroupLine(context, cluster, look);
    const data = { "data-cluster": cluster.index, "data-side": side, "data-kind": cluster.kind };
    this.node = h("article", { class: "embw-cluster", ...data }, this.line.node);
    onKeys(this.node, { F2: () => this.card?.rename.edit() }, signal);
  }

  get index(): number {
    return this.cluster.index;
  }

  /** `current` is the group that the maps are coloured by; an open one is. */
  show(current: boolean, open: boolean): void {
    this.node.classList.toggle("embw-current", current);
    this.node.classList.toggle("embw-open-cluster", open);
    this.line.node.setAttribute("aria-expanded", String(open));
    if (open) this.openCard();
    if (!this.card) return;
    this.card.node.hidden = !open;
    // A card that is closed begins anew.
    if (!open) this.dropCard();
  }

  private openCard(): void {
    if (this.card) return;
    this.card = new ClusterCard(this.context, this.cluster, this.look, this.signal);
    this.card.retheme(this.frame.theme);
    this.node.append(this.card.node);
  }

  private dropCard(): void {
    this.card?.node.remove();
    this.card = undefined;
  }

  /** The line has come near. */
  fill(room: number): void {
    this.seen = true;
    this.refit(room);
  }

  refit(room: number): void {
    if (this.seen) this.line.fill(room);
  }

  refresh(room: number): void {
    this.refit(room);
    this.card?.refresh();
  }

  retheme(): void {
    this.card?.retheme(this.frame.theme);
  }

  retitle(cluster: ClusterRow): void {
    this.cluster = cluster;
    this.line.retitle(cluster);
    this.card?.retitle(cluster);
  }

  select(): void {
    const card = this.card ?? new ClusterCard(this.context, this.cluster, this.look, this.signal);
    card.select();
  }
}
