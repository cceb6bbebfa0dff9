/**
 * The groups, a line each, of which one can be open.
 *   synced  reads cluster, hovered; writes cluster, hovered
 *   view    whether the current group is open, how many lines are shown, pinned (written on a click)
 */

import type { Frame } from "../../controls/frame";
import { button, h } from "../../page/dom";
import { onKeys } from "../../page/keyboard";
import type { Context } from "../../state/context";
import type { FullPicture } from "./full_picture";
import { GroupRow } from "./group_row";
import type { Look } from "./look";
import { clusterTitle } from "./words";

const FIRST = 10;

export class GroupList {
  readonly node = h("div", { class: "embw-clusters", role: "group", "aria-label": "Groups" });
  private rows: GroupRow[] = [];
  private expanded = false;
  private current = -1;
  private everything = false;
  private room = 0;
  private seen: IntersectionObserver | undefined;
  private build = new AbortController();
  private readonly more: HTMLButtonElement;

  constructor(
    private readonly context: Context,
    private readonly frame: Frame,
    private readonly look: Look,
    private readonly picture: FullPicture,
    private readonly signal: AbortSignal,
  ) {
    const { linked } = context;
    this.more = button("", "", () => this.showAll(), signal, "embw-link");
    linked.on("cluster", () => this.follow(), signal);
    linked.on("renamed", () => this.retitle(), signal);
    linked.on("hovered", () => this.mark(), signal);
    linked.on("pinned", () => this.mark(), signal);
    signal.addEventListener("abort", () => this.seen?.disconnect());
    this.pointer();
    this.keys();
  }

  /** Other groups: at the start, and when Python puts another result on the scene. */
  renew(): void {
    const { clusters } = this.context.data.spectral;
    this.build.abort();
    this.build = new AbortController();
    this.seen?.disconnect();
    const alive = AbortSignal.any([this.signal, this.build.signal]);
    this.rows = clusters.map((one) => new GroupRow(this.context, this.frame, one, this.look, alive));
    this.everything = clusters.length <= FIRST;
    // The first is current from the start; another one was opened by somebody.
    this.current = this.context.linked.cluster;
    this.expanded = this.current > 0;
    this.more.textContent = `Show all ${clusters.length}`;
    this.node.replaceChildren(
      ...this.rows.slice(0, FIRST).map((row) => row.node),
      ...(this.everything ? [] : [this.more]),
    );
    this.measure();
    this.watch();
    this.show();
  }

  resized(): void {
    const before = this.room;
    this.measure();
    if (this.room !== before) for (const row of this.rows) row.refit(this.room);
  }

  refresh(): void {
    for (const row of this.rows) row.refresh(this.room);
    this.mark();
  }

  retheme(): void {
    for (const row of this.rows) row.retheme();
  }

  /** Makes it the current group and opens its card. */
  open(cluster: number): void {
    const { linked, data } = this.context;
    const one = data.spectral.clusters[cluster];
    if (!one) return;
    this.expanded = true;
    linked.setCluster(cluster);
    linked.say(clusterTitle(data.spectral, one));
    this.show();
  }

  select(cluster: number): void {
    this.rows[cluster]?.select();
  }

  private toggle(cluster: number): void {
    if (this.expanded && cluster === this.context.linked.cluster) {
      this.expanded = false;
      this.show();
    } else this.open(cluster);
  }

  /** Another group became the current one, here or elsewhere. */
  private follow(): void {
    const { cluster } = this.context.linked;
    // With other groups comes word of the current one, which nobody has opened.
    if (cluster >= 0 && cluster !== this.current) this.expanded = true;
    this.show();
  }

  private show(): void {
    const { cluster } = this.context.linked;
    this.current = cluster;
    if (cluster >= FIRST && this.expanded) this.showAll();
    this.frame.root.dataset.cluster = String(cluster);
    for (const row of this.rows) row.show(row.index === cluster, this.expanded && row.index === cluster);
    const row = this.rows[cluster];
    if (row && this.expanded && this.node.clientHeight > 0) this.reveal(row);
    this.mark();
  }

  private showAll(): void {
    if (this.everything) return;
    this.everything = true;
    this.more.remove();
    const rest = this.rows.slice(FIRST);
    this.node.append(...rest.map((row) => row.node));
    for (const row of rest) this.notice(row);
  }

  private retitle(): void {
    const { clusters } = this.context.data.spectral;
    for (const row of this.rows) row.retitle(clusters[row.index]);
  }

  private measure(): void {
    this.room = this.rows[0]?.line.room || this.room;
  }

  /** Pictures are fetched when their line comes near. */
  private watch(): void {
    if ("IntersectionObserver" in window) {
      const near = { rootMargin: "150px", scrollMargin: "150px" } as IntersectionObserverInit;
      this.seen = new IntersectionObserver((entries) => {
        for (const { target, isIntersecting } of entries) {
          if (!isIntersecting) continue;
          this.seen?.unobserve(target);
          this.rows.find((row) => row.node === target)?.fill(this.room);
        }
        this.mark();
      }, near);
    }
    for (const row of this.rows.slice(0, this.everything ? undefined : FIRST)) this.notice(row);
  }

  private notice(row: GroupRow): void {
    if (this.seen) this.seen.observe(row.node);
    else row.fill(this.room);
  }

  /** Moves the list alone, never the page. */
  private reveal({ node }: GroupRow): void {
    const { node: list } = this;
    const [top, bottom] = [node.offsetTop, node.offsetTop + node.offsetHeight];
    const inside = top >= list.scrollTop && bottom <= list.scrollTop + list.clientHeight;
    if (!inside) list.scrollTop = top;
  }

  private mark(): void {
    const { hovered, pinned } = this.context.linked;
    for (const node of this.node.querySelectorAll<HTMLElement>("[data-row]")) {
      const row = Number(node.dataset.row);
      node.classList.toggle("embw-hovered", row === hovered);
      node.classList.toggle("embw-pinned", row === pinned);
    }
  }

  private pointer(): void {
    const { linked } = this.context;
    const { signal, node } = this;
    const numbered = (e: Event, name: "row" | "cluster") => {
      const value = (e.target as Element).closest<HTMLElement>(`[data-${name}]`)?.dataset[name];
      return value === undefined ? -1 : Number(value);
    };
    const chosen = (e: Event) => {
      const at = e.target as Element;
      const chip = at.closest<HTMLElement>(".embw-chip");
      if (chip) linked.say(chip.title);
      const member = at.closest<HTMLElement>(".embw-member");
      if (member) this.choose(member);
      else if (at.closest(".embw-cluster-head")) this.toggle(numbered(e, "cluster"));
    };
    node.addEventListener("click", chosen, { signal });
    node.addEventListener("pointerover", (e) => linked.setHovered(numbered(e, "row")), { signal });
    node.addEventListener("pointerleave", () => linked.setHovered(-1), { signal });
    node.addEventListener("focusin", (e) => linked.setHovered(numbered(e, "row")), { signal });
    node.addEventListener("focusout", () => linked.setHovered(-1), { signal });
  }

  /** A member is kept in the maps; a picture is shown in full as well. */
  private choose(member: HTMLElement): void {
    const { linked, tiles } = this.context;
    const row = Number(member.dataset.row);
    if (!tiles.available) {
      linked.setPinned(row === linked.pinned ? -1 : row);
      return;
    }
    const all = member.closest(".embw-items")?.querySelectorAll<HTMLElement>(".embw-member") ?? [];
    const rows = Array.from(all, (one) => Number(one.dataset.row));
    this.picture.open(rows, rows.indexOf(row));
  }

  private keys(): void {
    const heads = () => [...this.node.querySelectorAll<HTMLElement>(".embw-cluster-head")];
    const go = (to: (at: number, last: number) => number) => () => {
      const all = heads();
      const at = all.findIndex((one) => one.parentElement?.querySelector(":focus"));
      all[Math.max(0, Math.min(all.length - 1, to(at, all.length - 1)))]?.focus();
    };
    const keys = {
      ArrowUp: go((at) => at - 1),
      ArrowDown: go((at) => at + 1),
      Home: go(() => 0),
      End: go((_, last) => last),
    };
    onKeys(this.node, keys, this.signal);
  }
}
