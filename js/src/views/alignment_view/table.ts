/**
 * The scores before and after as a table, and which way each went; a question mark explains each word.
 *   synced  nothing   view  which explanation is open (controls/term.ts)
 */

import { explained, term } from "../../controls/term";
import { h } from "../../page/dom";
import { value } from "../../page/format";
import { scrollRegion } from "../../page/scroll_region";
import { measureTerm } from "../../page/terms";
import type { TableRow } from "../../state/alignment";

/** What only an alignment has. */
const LINES: Record<string, string> = {
  residual:
    "How far an item's similarities to the other items are from those in the target, in the mean over items. 0 is the same.",
  r_squared:
    "How much of how the target's items vary the mapped rows account for. 1 is all; 0 no more than their mean.",
  kept: "How much of the first space's own shape the mapped rows have (CKA). 1 is all of it: what is lost is the price.",
};
const BESIDE =
  "Better or worse: by more than chance and the width of its interval. Where there is no word it stands much as before.";

/** A map that makes a spectrum flatter lowers what unrelated spaces have too. */
function chance(row: TableRow): string {
  const [before, after] = [value(row.chance), value(row.chance_after)];
  return before === after ? before : `${before} → ${after}`;
}

function named(row: TableRow, signal: AbortSignal): HTMLElement | string {
  const line = measureTerm(row.measure)?.line ?? LINES[row.measure];
  const better = `Better when ${row.better}.`;
  return line ? explained(row.title, `${line} ${better}`, signal) : row.title;
}

export function alignmentTable(rows: readonly TableRow[], held: string, signal: AbortSignal): HTMLElement {
  const head = ["measure", "before", "after", term("chance", signal), explained("change", BESIDE, signal)];
  const body = rows.map((row) => {
    const word = { better: "✓ better", worse: "✗ worse", "": "as before" }[row.verdict];
    const cells = [value(row.before), value(row.after), chance(row)].map((text) => h("td", {}, text));
    const last = h("td", {}, row.measure === "kept" ? "" : word);
    return h("tr", { "data-measure": row.measure }, h("th", { scope: "row" }, named(row, signal)), ...cells, last);
  });
  const table = h("table", { class: "embw-table" });
  table.append(h("caption", {}, "On ", term("held_out", signal, held)));
  table.append(h("thead", {}, h("tr", {}, ...head.map((one) => h("th", { scope: "col" }, one)))));
  table.append(h("tbody", {}, ...body));
  const box = h("div", { class: "embw-align-table" }, table);
  scrollRegion(box, `On ${held}`, signal);
  return box;
}
