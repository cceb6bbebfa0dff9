/** Neighbourhoods shared with the target at every k, before and after, against chance. Pure; owns no state. */

import { type Chart, drawChart, type Line, type Plot } from "../../chart/line_chart";
import { namesBeside } from "../../chart/names_beside";
import { svg } from "../../page/dom";
import { value } from "../../page/format";
import { changeColours, toCss } from "../../page/palette";
import { type Theme, tone } from "../../page/theme";
import type { AlignmentData, Side } from "./data";

const SIDES: readonly Side[] = ["before", "after"];

function curveLines(data: AlignmentData, theme: Theme): Line[] {
  const ink = toCss(tone(theme, 0.95));
  const grey = toCss(tone(theme, 0.5));
  const looks = {
    before: { colour: toCss(tone(theme, 0.72)), width: 1.8, dash: "7 3" },
    after: { colour: ink, width: 2.6 },
  };
  const chance: Line = {
    id: "chance",
    name: "chance",
    values: data.chance.mean,
    colour: grey,
    width: 1.5,
    dash: "2 3",
  };
  return [chance, ...SIDES.map((side) => ({ id: side, name: side, values: data.curves[side], ...looks[side] }))];
}

function bands(data: AlignmentData, theme: Theme): Chart["bands"] {
  const { mean, sd } = data.chance;
  const { onlyY } = changeColours(theme.dark);
  const around = (sign: number) => mean.map((m, j) => m + sign * 1.96 * sd[j]);
  const chance = { low: around(-1), high: around(1), colour: toCss(tone(theme, 0.5)), opacity: 0.22 };
  return [chance, ...data.intervals.map((ends) => ({ ...ends, colour: onlyY, opacity: 0.16 }))];
}

/** Draws the curves and, over them, where k is. */
export function drawCurves(
  node: SVGSVGElement,
  data: AlignmentData,
  k: number,
  size: [number, number],
  theme: Theme,
): Plot {
  const lines = curveLines(data, theme);
  const all = [...lines.map(({ values }) => values), ...data.intervals.map(({ high }) => high)];
  const most = Math.max(0.02, ...all.flatMap((values) => [...values].filter(Number.isFinite)));
  const n = data.heldOut.length;
  const rest = { share: false, n, kMax: data.kMax, from: 0, to: Math.min(1.02, most * 1.06), marks: [], theme };
  const words = "NNGS: neighbours shared with ";
  const [name] = namesBeside([data.names[1]], `↑ ${words}`, size[0] - 10, 11);
  const yTitle = `${words}${name}`;
  const plot = drawChart(node, { width: size[0], height: size[1], lines, bands: bands(data, theme), yTitle, ...rest });
  node.append(svg("title", {}, `${words}${data.names[1]}`));
  const x = plot.x(k);
  const cursor = { x1: x, x2: x, y1: plot.top - 4, y2: plot.bottom, stroke: toCss(tone(theme, 0.6)), "data-part": "k" };
  const dots = SIDES.map((side) => {
    const look = { r: side === "after" ? 4 : 3, fill: toCss(tone(theme, side === "after" ? 0.95 : 0.72)) };
    const v = data.curves[side][k - 1];
    return Number.isFinite(v) ? [svg("circle", { cx: x, cy: plot.y(v), ...look })] : [];
  });
  node.append(svg("line", cursor), ...dots.flat(), handle(plot, k, theme));
  return plot;
}

/** What is to be dragged, as on the sweep over k. */
function handle(plot: Plot, k: number, theme: Theme): SVGElement {
  const wide = 36 + 7 * String(k).length;
  const middle = Math.max(plot.left + wide / 2 - 8, Math.min(plot.right + 10 - wide / 2, plot.x(k)));
  const box = {
    x: middle - wide / 2,
    y: plot.top - 18,
    width: wide,
    height: 18,
    rx: 9,
    fill: toCss(tone(theme, 0.95)),
  };
  const look = { "font-size": 11, "font-weight": 600, "text-anchor": "middle", fill: toCss(theme.background) };
  return svg("g", {}, svg("rect", box), svg("text", { ...look, x: middle, y: plot.top - 5 }, `k = ${k}`));
}

/** What the bands are. */
export const curveKey = ({ intervals }: AlignmentData): string =>
  intervals.length > 0 ? "Bands: 95% interval; chance ± 1.96 sd." : "Band: chance ± 1.96 sd.";

/** The numbers at k. */
export function curveText(data: AlignmentData, k: number): string {
  const [before, after] = SIDES.map((side) => value(data.curves[side][k - 1]));
  return `k = ${k}: ${before} before (dashed) → ${after} after (solid), chance ${value(data.chance.mean[k - 1])} (dotted)`;
}
