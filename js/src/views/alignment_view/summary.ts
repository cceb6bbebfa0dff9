/**
 * How much of the map is selected, of how many of these lines are drawn, and the way back.
 *   synced  reads selected, cluster; writes selected   view  nothing
 */

import { selectionTools } from "../../map/tools";
import { h } from "../../page/dom";
import { count } from "../../page/format";
import type { AlignmentContext } from "./context";

export class AlignmentSummary {
  readonly node = h("div", { class: "embw-align-summary embw-number" });
  private readonly words = h("span");
  private readonly actions: HTMLElement;

  constructor(
    private readonly context: AlignmentContext,
    /** Takes the focus from a button that goes. */
    private readonly next: HTMLElement,
    signal: AbortSignal,
  ) {
    this.actions = h("span", {}, ...selectionTools(context.linked, signal));
    this.node.append(this.words, this.actions);
  }

  /** `drawn` of the items in question have trails, or, where trails are hidden, rings alone. */
  show({ drawn, of }: { drawn: number; of: number }, trails: boolean): void {
    const { linked, scene } = this.context;
    const chosen = linked.selected.length;
    const lines = [...(trails ? ["trails"] : []), ...(chosen > 0 ? ["rings"] : [])].join(" and ");
    const some = lines && drawn < of ? ` · ${lines}: the ${count(drawn)} of ${count(of)} that move most` : "";
    const text = `${chosen > 0 ? `${count(chosen)} selected` : `${count(scene.n)} items`}${some}`;
    if (this.words.textContent !== text) this.words.textContent = text;
    this.words.classList.toggle("embw-muted", chosen === 0);
    if (chosen === 0 && this.actions.querySelector(":focus")) this.next.focus({ preventScroll: true });
    this.actions.hidden = chosen === 0;
  }
}
