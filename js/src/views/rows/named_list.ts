/**
 * The named selections: how many items, what they keep, and what to do with them.
 *   synced  reads k; writes selected and the named selections   view  nothing
 */

import { h, svg } from "../../page/dom";
import { count } from "../../page/format";
import { namedStyle } from "../../page/palette";
import type { Theme } from "../../page/theme";
import type { Context } from "../../state/context";
import { intersection, minus, type Named, union } from "../../state/selection";
import { Roving } from "./roving";

type Act = "select" | "union" | "minus" | "intersect" | "delete";

const ACTS: readonly (readonly [Act, string, (name: string) => string])[] = [
  ["select", "Select", (name) => `Select ${name}`],
  ["union", "Union", (name) => `Union: add ${name} to the selection`],
  ["minus", "Minus", (name) => `Minus: take ${name} from the selection`],
  ["intersect", "Intersect", (name) => `Intersect: of the selection only what is in ${name} too`],
  ["delete", "Delete", (name) => `Delete ${name}`],
];
const SETS = { select: (_: Uint32Array, b: Uint32Array) => b, union, minus, intersect: intersection };

export class NamedList {
  readonly node = h("ul", { class: "embw-named", "aria-label": "Named selections" });
  private readonly roving: Roving;

  constructor(
    private readonly context: Context,
    private readonly theme: () => Theme,
    /** What has the focus when the last of them is gone. */
    private readonly after: HTMLElement,
    signal: AbortSignal,
  ) {
    this.roving = new Roving(this.node, "button", signal, ACTS.length);
    const act = (e: Event) => {
      const button = (e.target as Element).closest<HTMLElement>("button[data-act]");
      const own = this.context.linked.named[Number(button?.dataset.place)];
      if (button && own) this.act(button.dataset.act as Act, own);
    };
    this.node.addEventListener("click", act, { signal });
  }

  show(): void {
    const { named } = this.context.linked;
    const focused = this.roving.focused;
    this.node.hidden = named.length === 0;
    this.node.replaceChildren(...named.map((one, place) => this.line(one, place)));
    this.roving.renew(focused);
    if (focused !== undefined) this.roving.focus(focused, this.after);
  }

  /** At another k: only what depends on it. */
  moveK(): void {
    const { named } = this.context.linked;
    const told = this.node.querySelectorAll(".embw-named-told");
    named.forEach((one, place) => {
      told[place].textContent = this.told(one);
    });
  }

  private act(act: Act, own: Named): void {
    const { linked } = this.context;
    if (act === "delete") {
      linked.setNamed(linked.named.filter((one) => one !== own));
      linked.say(`“${own.name}” deleted; Ctrl+Z brings it back.`);
      return;
    }
    linked.select(SETS[act](linked.selected, own.rows));
    linked.say(`${count(linked.selected.length)} selected.`);
  }

  private told({ rows }: Named): string {
    const { data, linked } = this.context;
    const items = `${count(rows.length)} item${rows.length === 1 ? "" : "s"}`;
    if (!data.compared || data.withheld(linked.k)) return items;
    return `${items}, kept ${data.meansOf(rows).shared[linked.k - 1].toFixed(2)} of ${linked.k}`;
  }

  private line(own: Named, place: number): HTMLElement {
    const { colour, dash } = namedStyle(place, this.theme().dark);
    const stroke = { x1: 1, x2: 23, y1: 6, y2: 6, stroke: colour, "stroke-width": 2, "stroke-dasharray": dash };
    const sample = svg("svg", { width: 24, height: 12, "aria-hidden": "true" }, svg("line", stroke));
    const buttons = ACTS.map(([act, text, title]) => {
      const names = { title: title(own.name), "aria-label": title(own.name), "data-stop": `${act} ${place}` };
      return h(
        "button",
        { type: "button", class: "embw-button", ...names, "data-act": act, "data-place": place },
        text,
      );
    });
    return h(
      "li",
      {},
      sample,
      h("b", { class: "embw-ellipsis", title: own.name }, own.name),
      h("span", { class: "embw-muted embw-named-told" }, this.told(own)),
      h("span", { class: "embw-choice", role: "group", "aria-label": own.name }, ...buttons),
    );
  }
}
