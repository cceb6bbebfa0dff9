/** The scores before and after as a table, and which way each went. Pure; owns no state. */

import { h } from "../../page/dom";
import { value } from "../../page/format";
import { scrollRegion } from "../../page/scroll_region";
import type { TableRow } from "../../state/alignment";

const HEAD: [string, string][] = [
  ["measure", ""],
  ["before", "of the rows as they were"],
  ["after", "of the mapped rows"],
  ["chance", "of a random pairing of the items, or of spaces that have nothing to do with each other"],
  ["verdict", "better or worse: by more than chance and the width of its interval; else much as before"],
];

/** A map that makes a spectrum flatter lowers what unrelated spaces have too. */
function chance(row: TableRow): string {
  const [before, after] = [value(row.chance), value(row.chance_after)];
  return before === after ? before : `${before} → ${after}`;
}

export function alignmentTable(rows: readonly TableRow[], caption: string, signal: AbortSignal): HTMLElement {
  const head = HEAD.map(([name, title]) => h("th", { scope: "col", title }, name));
  const body = rows.map((row) => {
    const word = { better: "✓ better", worse: "✗ worse", "": "" }[row.verdict];
    const cells = [value(row.before), value(row.after), chance(row)].map((text) => h("td", {}, text));
    const title = `better when ${row.better}`;
    return h(
      "tr",
      { title, "data-measure": row.measure },
      h("th", { scope: "row" }, row.title),
      ...cells,
      h("td", {}, word),
    );
  });
  const table = h("table", { class: "embw-table" }, h("caption", {}, caption));
  table.append(h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...body));
  const box = h("div", { class: "embw-align-table" }, table);
  scrollRegion(box, caption, signal);
  return box;
}
