/** The curves as a table: what the chart shows, for reading and for a screen reader. Owns no state. */

import type { Line } from "../../chart/line_chart";
import { h } from "../../page/dom";
import { percent, value } from "../../page/format";

export function sweepTable(lines: readonly Line[], n: number): HTMLTableElement {
  const head = ["k", "share", ...lines.map((l) => l.name)].map((name) => h("th", { scope: "col" }, name));
  const ks = lines[0]?.values.length ?? 0;
  const rows = Array.from({ length: ks }, (_, j) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, String(j + 1)),
      h("td", {}, percent((j + 1) / (n - 1))),
      ...lines.map((l) => h("td", {}, value(l.values[j]))),
    ),
  );
  return h("table", { class: "embw-table" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
}
