/**
 * One item up close: its picture, its text, its residual before and after, the groups that it is in.
 *   synced  reads hovered   view  pinned
 */

import { h } from "../../page/dom";
import { value } from "../../page/format";
import { shorten } from "../../page/graphemes";
import type { AlignmentContext } from "./context";
import { HELD_OUT } from "./data";
import { partText } from "./map";
import { groupName } from "./words";

const HELP =
  "Hover an item to see it, and to where the target has it (dashed); click to keep it here. Drag around items to select them; Shift adds, Alt draws a box, Esc clears.";

export class AlignmentDetail {
  readonly node = h("aside", { class: "embw-align-detail", "aria-label": "Item" });

  constructor(private readonly context: AlignmentContext) {}

  show(row: number): void {
    this.node.dataset.row = String(row);
    if (row < 0) this.node.replaceChildren(h("p", { class: "embw-muted" }, HELP));
    else this.node.replaceChildren(...this.item(row));
  }

  private item(row: number): HTMLElement[] {
    const { scene, tiles, data } = this.context;
    const text = scene.describe(row);
    const label = scene.label(row);
    const small = [label && label !== text ? shorten(label, 90) : "", `#${row}`, partText(data.parts[row])].filter(
      Boolean,
    );
    const facts = h("div", { class: "embw-detail-facts" });
    facts.append(h("strong", { title: text }, shorten(text, 90)));
    facts.append(h("span", { class: "embw-muted" }, small.join(" · ")));
    facts.append(...this.residual(row), ...this.groups(row));
    return [...(tiles.available ? [tiles.thumbnail(row, 64, text)] : []), facts];
  }

  private residual(row: number): HTMLElement[] {
    const { data } = this.context;
    if (data.parts[row] !== HELD_OUT) return [];
    const [before, after] = [data.residuals.before[row], data.residuals.after[row]];
    const numbers = h("b", { class: "embw-number" }, `${value(before)} → ${value(after)}`);
    const nearer = after < before ? "nearer" : "farther";
    const word = h("span", { class: "embw-muted" }, ` ${nearer}`);
    return [h("span", { title: "0: the same similarities to the held-out items in both" }, "residual ", numbers, word)];
  }

  private groups(row: number): HTMLElement[] {
    const { data } = this.context;
    const own = data.changes.filter((_, c) => data.members(c).includes(row)).map((c) => groupName(data, c));
    if (own.length === 0) return [];
    return [h("span", { class: "embw-ellipsis", title: own.join(", ") }, `in ${own.join(", ")}`)];
  }
}
