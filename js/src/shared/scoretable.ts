/** The table of scores at the headline k. Pure; owns no state. */
import { h } from "./dom";
import { pValue, value, zScore } from "./format";
import type { ScoreRow } from "./state";

const NAMES: Record<string, [string, string]> = {
  nngs: ["NNGS", "mean Jaccard overlap of the k-neighbour sets"],
  mutual_knn: ["mutual kNN", "mean share of the k neighbours kept"],
  r_nx: ["R_NX", "mutual kNN corrected for chance"],
  auc_ln_k: ["AUC over ln k", "R_NX averaged over all k, small k weighing more"],
  rank_similarity: ["rank similarity", "shared neighbours weighed by how alike their ranks are"],
  cknna: ["CKNNA", "kernel alignment restricted to shared neighbours"],
  second_order_cosine: ["second-order cosine", "cosine of the similarities to all neighbours of either space"],
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
  const interval = known ? `${value(row.low)}–${value(row.high)}` : "–";
  return [value(row.value), value(row.chance), value(row.calibrated), zScore(row.z), pValue(row.p), interval];
}

export function scoreTable(scores: readonly ScoreRow[]): HTMLElement {
  if (scores.length === 0) return h("p", { class: "embw-empty embw-scores" }, "No scores came with this comparison.");
  const ks = new Set(scores.map((row) => row.k).filter((k) => k !== null));
  const caption = ks.size === 1 ? `At k = ${[...ks][0]}` : "At the headline k";
  const body = scores.map((row) => {
    const [name, meaning] = NAMES[row.measure] ?? [row.measure, ""];
    return h("tr", { title: meaning }, h("th", { scope: "row" }, name), ...cells(row).map((cell) => h("td", {}, cell)));
  });
  const head = HEAD.map(([name, meaning]) => h("th", { scope: "col", title: meaning }, name));
  const table = h(
    "table",
    { class: "embw-table" },
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...body),
  );
  return h("div", { class: "embw-scores" }, table);
}
