/** What is said about a cell. Pure; owns no state. */
import { h } from "./dom";
import { pValue, value, zScore } from "./format";
import type { MatrixData } from "./matrixdata";

export function cellTitle(data: MatrixData, i: number, j: number): string {
  return i === j ? `${data.name(i)} with itself` : `${data.name(i)} and ${data.name(j)}`;
}

/** Names and numbers; of a space with itself the value alone, since that is compared with no chance. */
export function cellFacts(data: MatrixData, i: number, j: number): [string, string][] {
  const facts = data.facts(i, j);
  const own: [string, string][] = [["value", value(facts.value)]];
  if (i === j) return own;
  const spread = Number.isFinite(facts.sd) ? ` ± ${value(facts.sd)}` : "";
  const chance = Number.isFinite(facts.chance) ? `${value(facts.chance)}${spread}` : "–";
  return [
    ...own,
    ["chance", chance],
    ["calibrated", value(facts.calibrated)],
    ["z", zScore(facts.z)],
    ["p", pValue(facts.p)],
  ];
}

export function factsText(data: MatrixData, i: number, j: number): string {
  const facts = cellFacts(data, i, j).map(([name, number]) => `${name} ${number}`);
  return `${data.measure}: ${facts.join(" · ")}`;
}

export function factsList(data: MatrixData, i: number, j: number): HTMLElement {
  const rows = cellFacts(data, i, j).flatMap(([name, number]) => [h("dt", {}, name), h("dd", {}, number)]);
  return h("dl", { class: "embw-number" }, ...rows);
}
