/**
 * The groups as chips with their change, and the pictures of the one that is open.
 *   synced  reads and writes cluster; writes selected (an opened group's members) and hovered
 *   view    nothing
 */

import { button, h } from "../../page/dom";
import { count } from "../../page/format";
import { shorten } from "../../page/graphemes";
import { rove } from "../../page/roving";
import type { ChangeRow } from "../../state/alignment";
import type { AlignmentContext } from "./context";
import {
  groupName,
  groupTitle,
  holderText,
  lambdaText,
  memberShare,
  OUTCOMES,
  outcome,
  outcomeKey,
  tightness,
} from "./words";
import "./chips.css";

const MOST_MEMBERS = 36;
const PICTURE = 44;

export class AlignmentChips {
  readonly node: HTMLElement;
  private readonly chips = h("div", { class: "embw-chips", role: "group", "aria-label": "Groups" });
  private readonly strip = h("div", { class: "embw-strip", hidden: true });

  constructor(
    private readonly context: AlignmentContext,
    private readonly signal: AbortSignal,
  ) {
    const { data, linked } = context;
    const [x, y] = data.names;
    const heading = data.changes.length
      ? `What one of ${x} and ${y} groups and the other does not: λ before → after, nearer to 0 is nearer to ${y}. Click one to follow its items. ${outcomeKey(data)}`
      : "No group was found that only one of the two has.";
    this.node = h("section", { class: "embw-groups", "aria-label": "Groups and their change" });
    this.node.append(h("p", { class: "embw-heading embw-muted" }, heading), this.chips, this.strip);
    this.chips.append(...data.changes.map((c, at) => this.chip(c, at)));
    const clicked = (e: MouseEvent) => {
      const at = (e.target as Element).closest<HTMLElement>("[data-group]")?.dataset.group;
      if (at !== undefined) this.open(Number(at));
    };
    this.chips.addEventListener("click", clicked, { signal });
    rove(this.chips, "button", signal);
    rove(this.strip, ".embw-strip-member", signal);
    linked.on("cluster", () => this.show(), signal);
    linked.on("selected", () => this.release(), signal);
    linked.on("hovered", () => this.light(), signal);
    this.pointer();
    this.show();
  }

  /** Opens a group and selects its members; the one that is open is closed. */
  open(at: number): void {
    const { data, linked } = this.context;
    if (at === linked.cluster || at < 0) {
      this.close();
      return;
    }
    linked.setCluster(at);
    linked.setPinned(-1);
    linked.select(data.members(at).slice().sort());
    linked.say(`${groupTitle(data, data.changes[at])}.`);
  }

  /** Closes what is open, with its selection. */
  close(): void {
    const { linked } = this.context;
    linked.setPinned(-1);
    linked.setCluster(-1);
    linked.select(new Uint32Array(0));
    linked.say("");
  }

  /** One step back: what is pinned is let go of first. */
  back(): void {
    const { linked } = this.context;
    if (linked.pinned >= 0) linked.setPinned(-1);
    else this.close();
  }

  /** A group is open as long as its members are what is selected. */
  private release(): void {
    const { data, linked } = this.context;
    if (linked.cluster < 0) return;
    const own = new Set(data.members(linked.cluster));
    if (linked.selected.length === own.size && linked.selected.every((row) => own.has(row))) return;
    linked.setCluster(-1);
  }

  private chip(c: ChangeRow, at: number): HTMLElement {
    const { data } = this.context;
    const what = outcome(c);
    const side = c.side === "Y" ? "y" : "x";
    const attributes = {
      type: "button",
      class: `embw-chip embw-chip-${what}`,
      "data-group": at,
      "data-side": side,
      "data-outcome": what,
      title: groupTitle(data, c),
      "aria-pressed": "false",
    };
    const glyph = h(
      "span",
      { class: `embw-chip-side embw-only-${side}`, "aria-hidden": "true" },
      side === "x" ? "▲" : "▼",
    );
    const name = h("span", { class: "embw-chip-name embw-ellipsis" }, shorten(groupName(data, c), 40));
    const change = h("span", { class: "embw-number" }, lambdaText(c));
    const mark = h("span", { class: "embw-chip-mark", "aria-hidden": "true" }, OUTCOMES[what].glyph);
    const share = h("span", { class: "embw-muted" }, `${memberShare(data, c)} of items`);
    const head = h("span", { class: "embw-chip-line" }, glyph, name, mark);
    return h("button", attributes, head, h("span", { class: "embw-chip-line embw-chip-facts" }, change, share));
  }

  private show(): void {
    const { linked, data } = this.context;
    for (const chip of this.chips.querySelectorAll<HTMLElement>("[data-group]")) {
      chip.setAttribute("aria-pressed", String(Number(chip.dataset.group) === linked.cluster));
      // Focus that goes with what it is on would fall to the page, and the next keys to the notebook.
      if (chip.dataset.group === this.strip.dataset.group && this.strip.querySelector(":focus")) chip.focus();
    }
    const c = data.changes[linked.cluster];
    this.strip.hidden = !c;
    this.strip.dataset.group = String(linked.cluster);
    this.strip.replaceChildren(...(c ? this.members(c) : []));
  }

  private members(c: ChangeRow): HTMLElement[] {
    const { data, linked } = this.context;
    const rows = data.members(linked.cluster);
    const shown = rows.subarray(0, MOST_MEMBERS);
    const more = rows.length > shown.length ? `the first ${shown.length} of ` : "";
    const words = [`${groupName(data, c)}: ${more}${count(rows.length)} members, strongest first`, holderText(data, c)];
    const text = [...words, tightness(data, c)].filter(Boolean).join(" · ");
    const close = button("Close", "Close the group (Esc)", () => this.close(), this.signal, "embw-link");
    const head = h("p", { class: "embw-strip-head" }, h("span", { class: "embw-strip-words" }, text), close);
    const kind = this.context.tiles.available ? "pictures" : "snippets";
    const list = h("ul", { class: `embw-strip-${kind}`, "aria-label": "Members" });
    for (const row of shown) list.append(h("li", {}, this.member(row)));
    return [head, list];
  }

  private member(row: number): HTMLElement {
    const { tiles, scene } = this.context;
    const text = scene.describe(row);
    const face = tiles.available ? tiles.thumbnail(row, PICTURE, text) : shorten(text, 40);
    const title = this.context.tell(row);
    return h("button", { type: "button", class: "embw-strip-member", title, "data-row": row }, face);
  }

  private pointer(): void {
    const { linked } = this.context;
    const { signal } = this;
    const rowAt = (e: Event) => (e.target as Element).closest<HTMLElement>("[data-row]")?.dataset.row;
    const hover = (e: Event) => linked.setHovered(Number(rowAt(e) ?? -1));
    const pin = (e: Event) => {
      const row = rowAt(e);
      if (row !== undefined) linked.setPinned(Number(row) === linked.pinned ? -1 : Number(row));
    };
    this.strip.addEventListener("pointerover", hover, { signal });
    this.strip.addEventListener("pointerleave", () => linked.setHovered(-1), { signal });
    this.strip.addEventListener("focusin", hover, { signal });
    this.strip.addEventListener("focusout", () => linked.setHovered(-1), { signal });
    this.strip.addEventListener("click", pin, { signal });
  }

  private light(): void {
    const { hovered } = this.context.linked;
    for (const member of this.strip.querySelectorAll<HTMLElement>("[data-row]"))
      member.classList.toggle("embw-lit", Number(member.dataset.row) === hovered);
  }
}
