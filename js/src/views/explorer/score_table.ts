/** The table of scores at the headline k. Pure; owns no state. */
import { h } from "../../page/dom";
import { pValue, value, zScore } from "../../page/format";
import type { Table } from "../../page/save_file";
import type { PendingRow } from "../../state/comparing";
import type { ScoreRow } from "../../state/scene";

const MEANINGS: Record<string, string> = {
  nngs: "mean Jaccard overlap of the k-neighbour sets",
  mutual_knn: "mean share of the k neighbours kept",
  r_nx: "mutual kNN corrected for chance",
  auc_ln_k: "R_NX averaged over all k, small k weighing more",
  rank_similarity: "shared neighbours weighed by how alike their ranks are",
  cknna: "kernel alignment restricted to shared neighbours",
  second_order_cosine: "cosine of the similarities to all neighbours of either space",
};
const HEAD: [string, string][] = [
  ["measure", ""],
  ["value", "1 = same neighbourhoods"],
  ["chance", "mean over random pairings of the items"],
  ["calibrated", "(value − chance) / (1 − chance)"],
  ["z", "(value − chance) / sd of chance"],
  ["p", "probability of a value this high by chance"],
  ["interval", "95 % interval of the value"],
];

function cells(row: ScoreRow): string[] {
  const known = row.low !== null && row.high !== null;
  const end = (v: number | null) => (v ?? 0).toFixed(3).replace("-", "−");
  const interval = known ? `${end(row.low)}–${end(row.high)}` : "–";
  return [value(row.value), value(row.chance), value(row.calibrated), zScore(row.z), pValue(row.p), interval];
}

function line(row: ScoreRow): HTMLElement {
  return h(
    "tr",
    { title: MEANINGS[row.measure] },
    h("th", { scope: "row" }, row.title),
    ...cells(row).map((cell) => h("td", {}, cell)),
  );
}

function pendingLine(row: PendingRow): HTMLElement {
  const dots = h("td", { "aria-label": "still being computed" }, "…");
  const rest = h("td", { colspan: HEAD.length - 2 });
  const name = h("th", { scope: "row" }, row.title);
  return h("tr", { class: "embw-pending", "data-measure": row.measure }, name, dots, rest);
}

/** The numbers of the table, with all their digits. */
export const scoresAsTable = (scores: readonly ScoreRow[]): Table => ({
  head: ["measure", "title", "k", "value", "chance", "calibrated", "z", "p", "low", "high"],
  rows: scores.map((s) => [s.measure, s.title, s.k, s.value, s.chance, s.calibrated, s.z, s.p, s.low, s.high]),
});

/** Those to come stand where they will be; `tools` beside the title. */
export function scoreTable(
  scores: readonly ScoreRow[],
  pending: readonly PendingRow[],
  ...tools: HTMLElement[]
): HTMLElement {
  if (scores.length + pending.length === 0)
    return h("p", { class: "embw-empty" }, "No scores came with this comparison.");
  // The measures that take one k share it; the area under the curve has the last.
  const k = Math.min(...scores.map((row) => row.k ?? Number.POSITIVE_INFINITY));
  const caption = Number.isFinite(k) ? `At k = ${k}` : "Scores";
  const body = scores.map(line);
  for (const row of pending) body.splice(row.row, 0, pendingLine(row));
  const head = HEAD.map(([name, meaning]) => h("th", { scope: "col", title: meaning }, name));
  return h(
    "table",
    { class: "embw-table" },
    h("caption", {}, caption, ...tools),
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...body),
  );
}
