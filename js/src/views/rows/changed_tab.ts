/**
 * The items whose neighbourhoods agree least, of the selection where there is one.
 *   synced  reads k and selected; writes selected   view  sort, filter
 */

import { maskOf } from "../../map/colouring";
import { h } from "../../page/dom";
import { count } from "../../page/format";
import type { Context } from "../../state/context";
import { ItemTable } from "./item_table";
import type { Ranking } from "./ranking";

export class ChangedTab {
  readonly node = h("div", { class: "embw-most-changed" });
  private readonly table: ItemTable;

  constructor(
    private readonly context: Context,
    private readonly ranking: () => Ranking,
    signal: AbortSignal,
  ) {
    const shown = {
      rows: () => this.rows(),
      told: (some: number, all: number) => this.about(some, all),
      empty: () => "None of the selected items was searched for.",
      whole: false,
    };
    this.table = new ItemTable(context, shown, ranking, signal);
    this.node.append(this.table.node);
  }

  show(): void {
    this.table.renew();
  }

  moveK(): void {
    this.table.moveK();
  }

  private rows(): ArrayLike<number> {
    const { linked, data } = this.context;
    const mask = maskOf(linked.selected, data.n);
    const { order } = this.ranking();
    return mask ? order.filter((row) => mask[row] === 1) : order;
  }

  private about(some: number, all: number): string {
    const { linked, data } = this.context;
    const within = linked.selected.length ? "selected" : "items";
    const filtered = this.table?.filter.value.trim() ? " that match" : "";
    if (filtered && all === 0 && linked.selected.length)
      return `None of the ${count(linked.selected.length)} selected matches; clear the selection to look among all.`;
    const of = `${count(some)} of ${count(all)} ${within}${filtered}`;
    return data.compared ? `${of}, most changed first` : of;
  }
}
