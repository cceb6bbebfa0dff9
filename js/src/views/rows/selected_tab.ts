/**
 * The selected items with their whole texts and pictures, and the named selections.
 *   synced  reads k; reads and writes selected and the named selections   view  the name being written
 */

import { selectionTools } from "../../map/tools";
import { h } from "../../page/dom";
import { count } from "../../page/format";
import { graphemes } from "../../page/graphemes";
import type { Theme } from "../../page/theme";
import type { Context } from "../../state/context";
import { cleanName, freeName, MOST_NAME_LETTERS, MOST_NAMED, withNamed } from "../../state/selection";
import { ItemTable } from "./item_table";
import { NamedList } from "./named_list";
import type { Ranking } from "./ranking";

export class SelectedTab {
  readonly node = h("div", { class: "embw-selected" });
  private readonly table: ItemTable;
  private readonly list: NamedList;
  private readonly name = h("input", { type: "text", "aria-label": "Name of the selection" });
  private readonly naming = h("button", { type: "submit", class: "embw-button" }, "Name it");
  private readonly told = h("span", { class: "embw-muted" });
  private readonly form = h("form", { class: "embw-naming" });

  constructor(
    private readonly context: Context,
    theme: () => Theme,
    ranking: () => Ranking,
    signal: AbortSignal,
  ) {
    const { linked } = context;
    const shown = {
      rows: () => linked.selected,
      told: (some: number, all: number) => this.about(some, all),
      empty: () => "Nothing is selected: drag around points in a map, click a class, or search.",
      whole: true,
    };
    this.table = new ItemTable(context, shown, ranking, signal);
    this.list = new NamedList(context, theme, this.name, signal);
    this.form.append(this.told, this.name, this.naming, ...selectionTools(linked, signal));
    this.form.hidden = !linked.names;
    const submit = (e: Event) => {
      e.preventDefault();
      this.keep();
    };
    this.form.addEventListener("submit", submit, { signal });
    this.name.addEventListener("input", () => this.allow(), { signal });
    this.node.append(this.form, this.list.node, this.table.node);
  }

  show(): void {
    this.showNamed();
    this.table.renew();
  }

  showNamed(): void {
    this.list.show();
    this.name.placeholder = freeName(this.context.linked.named);
    this.allow();
  }

  moveK(): void {
    this.list.moveK();
    this.table.moveK();
  }

  /** Whether what is written would do as a name, and if not, why. */
  private allow(): void {
    const { selected, named } = this.context.linked;
    const name = cleanName(this.name.value);
    const full = named.length >= MOST_NAMED && !named.some((one) => one.name === name);
    const long = graphemes(name).length > MOST_NAME_LETTERS;
    this.told.textContent = full
      ? `${MOST_NAMED} are named: delete one first.`
      : long
        ? `At most ${MOST_NAME_LETTERS} letters.`
        : `Name these ${count(selected.length)}:`;
    this.naming.disabled = selected.length === 0 || full || long;
  }

  private keep(): void {
    const { linked } = this.context;
    if (this.naming.disabled) return;
    const name = cleanName(this.name.value) || freeName(linked.named);
    this.name.value = "";
    linked.setNamed(withNamed(linked.named, name, linked.selected));
    linked.say(`${count(linked.selected.length)} items named “${name}”; its curve is drawn.`);
  }

  private about(some: number, all: number): string {
    const { selected } = this.context.linked;
    if (!selected.length) return "";
    const matching = all < selected.length ? `${count(all)} match of ` : "";
    return `${matching}${count(selected.length)} selected${some < all ? `, ${count(some)} shown` : ""}`;
  }
}
