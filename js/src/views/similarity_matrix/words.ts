/** What is said about a cell. Pure; owns no state. */
import { h } from "../../page/dom";
import { pValue, value, zScore } from "../../page/format";
import type { MatrixData } from "./data";
import { BEST, TIED } from "./heatmap";

/** Whose layers stand where. */
export function axesText(data: MatrixData): string {
  const [a, b] = data.networks;
  return data.layered ? `Rows: layers of ${a}. Columns: layers of ${b}.` : "";
}

export function heatLabel(data: MatrixData): string {
  const what = data.layered ? `layers. ${axesText(data)}` : `${data.m} spaces.`;
  return `Heat map of ${data.measure} between ${what} Arrow keys walk the cells, Enter compares the two.`;
}

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
    ...bestFacts(data, i, j),
    ...nearestFacts(data, i, j),
  ];
}

/** Where Python has tested it: whether these items tell the nearest space from the others. */
function nearestFacts(data: MatrixData, i: number, j: number): [string, string][] {
  const found = data.nearest(i, j);
  if (!found) return [];
  return [[`nearest to ${data.name(i)}`, found === "alone" ? BEST : `${TIED} not separable`]];
}

/** Of the most similar layer of a row: the largest of many is large by chance too. */
function bestFacts(data: MatrixData, i: number, j: number): [string, string][] {
  if (!data.layered) return [];
  const best = data.bestOf(i);
  if (!best.includes(j)) return [];
  const of = data.axes.columns.length;
  const corrected: [string, string] = [`p, best of ${of}`, pValue(Math.min(1, of * data.facts(i, j).p))];
  return [["best of its row", best.length > 1 ? `${TIED} tied` : BEST], corrected];
}

export function factsText(data: MatrixData, i: number, j: number): string {
  const facts = cellFacts(data, i, j).map(([name, number]) => `${name} ${number}`);
  return `${data.measure}: ${facts.join(" · ")}`;
}

export function factsList(data: MatrixData, i: number, j: number): HTMLElement {
  const rows = cellFacts(data, i, j).flatMap(([name, number]) => [h("dt", {}, name), h("dd", {}, number)]);
  return h("dl", { class: "embw-number" }, ...rows);
}
