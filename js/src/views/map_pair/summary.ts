/**
 * How many items there are; of a selection, its size, its agreement, and the way back.
 *   synced  reads k and selected, writes selected (Clear and Undo)   view  nothing
 */
import { selectionTools } from "../../map/tools";
import { h } from "../../page/dom";
import { count, value } from "../../page/format";
import type { Context } from "../../state/context";

export class Summary {
  readonly node = h("span", { class: "embw-summary" });
  private readonly clearing: HTMLElement[];

  constructor(
    private readonly context: Context,
    signal: AbortSignal,
  ) {
    this.clearing = selectionTools(context.linked, signal);
  }

  show(): void {
    const { data, linked } = this.context;
    const { selected, k } = linked;
    if (selected.length === 0) {
      this.node.replaceChildren(h("span", { class: "embw-muted" }, `${count(data.n)} items`));
      return;
    }
    const mean = () => value(data.meansOf(selected).jaccard[k - 1]);
    const agreement = data.compared ? `: J ${mean()} (all ${value(data.overall.jaccard[k - 1])})` : "";
    this.node.replaceChildren(`${count(selected.length)} selected${agreement}`, ...this.clearing);
  }
}
