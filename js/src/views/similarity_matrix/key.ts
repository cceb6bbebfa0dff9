/** What the colours and signs of a heat map mean: a scale with its numbers, and words. Pure; owns no state. */
import { niceTicks } from "../../chart/axes";
import { textWidth } from "../../chart/text_names";
import { svg } from "../../page/dom";
import type { Ends } from "../../page/ends";
import { tidy, value } from "../../page/format";
import { ramp, toCss } from "../../page/palette";
import { type Theme, tone } from "../../page/theme";
import { LEVEL, type MatrixData, type Quantity } from "./data";
import { BEST, TIED } from "./heatmap";

const STEPS = 64;
const BAR = { top: 19, height: 13 };
export const KEY_HEIGHT = 68;

interface KeySpec {
  data: MatrixData;
  quantity: Quantity;
  ends: Ends;
  theme: Theme;
}

export function quantityTitle(data: MatrixData, quantity: Quantity): string {
  return `${data.measure}, ${quantity === "calibrated" ? "calibrated" : "raw"}`;
}

/** Less alike on the left, more alike on the right; numbers below, chance and sameness marked above. */
export function drawScale({ data, quantity, ends, theme }: KeySpec, width: number): SVGGElement {
  const place = (v: number) => ((v - ends.less) / (ends.more - ends.less)) * width;
  const ink = toCss(tone(theme, 0.7));
  const group = svg("g", { "data-part": "scale", "font-size": 11, fill: ink, "shape-rendering": "crispEdges" });
  const step = width / STEPS;
  for (let s = 0; s < STEPS; s++) {
    const fill = toCss(ramp(s / (STEPS - 1), theme.dark));
    group.append(svg("rect", { x: s * step, y: BAR.top, width: step + 0.4, height: BAR.height, fill }));
  }
  const below = BAR.top + BAR.height;
  for (const { v, text, anchor } of scaleTicks(data, quantity, ends, width)) {
    const x = place(v);
    group.append(svg("line", { x1: x, x2: x, y1: below, y2: below + 4, stroke: ink }));
    group.append(svg("text", { x, y: below + 15, "text-anchor": anchor }, text));
  }
  const words = { y: below + 29, "font-size": 11 };
  group.append(svg("text", { ...words, x: 0 }, "◂ less alike"));
  group.append(svg("text", { ...words, x: width, "text-anchor": "end" }, "more alike ▸"));
  return svg("g", {}, group, ...drawMarks(data, quantity, place, width, theme));
}

interface ScaleTick {
  v: number;
  text: string;
  anchor: "start" | "middle" | "end";
}

/** The ends, and round numbers between them where there is room. */
export function scaleTicks(data: MatrixData, quantity: Quantity, ends: Ends, width: number): ScaleTick[] {
  const found = data.pairs().map(([i, j]) => data.get(quantity, i, j));
  const beyond = (end: number, sign: number) => found.some((v) => sign * (v - end) > 1e-6 * Math.abs(end));
  const rising = ends.more > ends.less ? 1 : -1;
  const signs = rising > 0 ? ["≤ ", "≥ "] : ["≥ ", "≤ "];
  const less = `${beyond(ends.less, -rising) ? signs[0] : ""}${value(ends.less)}`;
  const more = `${beyond(ends.more, rising) ? signs[1] : ""}${value(ends.more)}`;
  const x = (v: number) => ((v - ends.less) / (ends.more - ends.less)) * width;
  const [from, to] = [textWidth(less, 11) + 16, width - textWidth(more, 11) - 16];
  const inner = niceTicks(Math.min(ends.less, ends.more), Math.max(ends.less, ends.more), 4)
    .filter((v) => x(v) - textWidth(tidy(v), 11) / 2 > from && x(v) + textWidth(tidy(v), 11) / 2 < to)
    .map((v) => ({ v, text: tidy(v), anchor: "middle" as const }));
  return [{ v: ends.less, text: less, anchor: "start" }, ...inner, { v: ends.more, text: more, anchor: "end" }];
}

/** Where chance and sameness stand, where the scale reaches them. */
function drawMarks(
  data: MatrixData,
  quantity: Quantity,
  place: (v: number) => number,
  width: number,
  theme: Theme,
): SVGElement[] {
  const { chance, same } = data.marks(quantity);
  const fill = toCss(tone(theme, 0.85));
  const mark = (v: number, word: string) => {
    const x = place(v);
    if (!(x >= -0.5 && x <= width + 0.5)) return [];
    const half = textWidth(word, 11) / 2;
    const middle = Math.max(half, Math.min(width - half, x));
    return [
      svg("path", { d: `M${x} ${BAR.top}l-4 -6h8Z`, fill }),
      svg("text", { x: middle, y: 9.5, "font-size": 11, "text-anchor": "middle", fill }, word),
    ];
  };
  return [...mark(chance, "chance"), ...mark(same, "same")];
}

/** What the numbers are measured against, and what the signs in the cells mean. */
export function keyLines(data: MatrixData, quantity: Quantity): string[] {
  const { chance, same } = data.marks(quantity);
  const lines = [endsText(data, quantity, chance, same)];
  const best = data.layered ? undefined : data.best(quantity);
  if (data.layered) lines.push(...layerLines(data, quantity));
  if (best) {
    const number = value(data.get(quantity, ...best));
    lines.push(`★ most alike: ${data.name(best[0])} and ${data.name(best[1])} (${number}).`);
  }
  if (data.pairs().some(([i, j]) => data.byChance(i, j)))
    lines.push(`Lines over a cell: no more alike than chance (p ≥ ${LEVEL}, each cell by itself).`);
  if (data.pairs().some(([i, j]) => !Number.isFinite(data.get(quantity, i, j))))
    lines.push("Hatched without colour: no score.");
  return lines;
}

/** What the signs say of layers. */
function layerLines(data: MatrixData, quantity: Quantity): string[] {
  const { rows, columns } = data.axes;
  const best = rows.map((row) => data.bestOf(row));
  const by = quantity === "calibrated" ? ", by the raw value" : "";
  const lines = [`${BEST} most similar of its row${by}.`];
  if (best.some((found) => found.length > 1)) lines.push(`${TIED} tied for that, which counts as not found.`);
  if (rows.length !== columns.length) return lines;
  const right = rows.filter((row) => best[row].length === 1 && data.sameIndex(row, best[row][0])).length;
  return [...lines, `Framed: layers of the same index; ${right} of ${rows.length} have the star.`];
}

function endsText(data: MatrixData, quantity: Quantity, chance: number, same: number): string {
  if (quantity === "calibrated") return "1: the same. 0: what a random pairing of the items gives.";
  const larger = data.rises(quantity) ? "Larger: more alike." : "Smaller: more alike.";
  const random = Number.isFinite(chance) ? ` Random pairing: ${value(chance)} on average.` : "";
  return `${larger}${random}${Number.isFinite(same) ? ` A space with itself: ${value(same)}.` : ""}`;
}
