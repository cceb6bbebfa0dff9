/**
 * Goals to be reached by moving points, told as soon as they are.
 *   synced  nothing   view  which were met once
 */

import type { Meters } from "../../meters/three_meters";
import { button, h } from "../../page/dom";
import { CHALLENGES } from "./words";

export class Challenges {
  readonly node: HTMLElement;
  private readonly met = new Set<number>();
  private readonly rows: { node: HTMLElement; mark: HTMLElement; said: HTMLElement }[];

  constructor(signal: AbortSignal) {
    this.rows = CHALLENGES.map(({ goal, hint }) => challenge(goal, hint, signal));
    const list = h("ul", {}, ...this.rows.map(({ node }) => node));
    this.node = h(
      "section",
      { class: "embw-play-challenges", "aria-label": "Challenges" },
      h("h3", {}, "Can you make it so?"),
      list,
    );
    this.draw(undefined);
  }

  /** Undefined: the meters are still to be guessed. */
  draw(meters: Meters | undefined): void {
    for (const [i, { node, mark, said }] of this.rows.entries()) {
      const now = meters !== undefined && CHALLENGES[i].met(meters);
      if (now) this.met.add(i);
      const done = this.met.has(i);
      mark.textContent = done ? "✓" : "○";
      said.textContent = now ? "It is so now." : done ? "Met before." : "";
      node.classList.toggle("embw-play-met", done);
    }
  }
}

function challenge(goal: string, hint: string, signal: AbortSignal) {
  const mark = h("span", { class: "embw-play-mark", "aria-hidden": "true" });
  const said = h("span", { class: "embw-muted" });
  const more = h("p", { class: "embw-muted", hidden: true }, hint);
  const show = () => {
    more.hidden = !more.hidden;
    ask.setAttribute("aria-expanded", String(!more.hidden));
  };
  const ask = button("Hint", "How it can be done", show, signal, "embw-link");
  ask.setAttribute("aria-expanded", "false");
  return { node: h("li", {}, mark, h("p", {}, goal, " ", said), ask, more), mark, said };
}
