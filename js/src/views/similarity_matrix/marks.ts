/** What lies over a heat map: the cell under the pointer or the cursor, the pair that is open. Pure; owns no state. */

import { textWidth } from "../../chart/text_names";
import { svg } from "../../page/dom";
import { toCss } from "../../page/palette";
import { type Theme, tone } from "../../page/theme";
import type { MatrixData, Pair } from "./data";
import type { Grid, Spot } from "./grid";
import { type Axis, drawName } from "./heatmap";

interface Marks {
  spot: Spot | undefined;
  open: Pair | undefined;
  asked: Pair | undefined;
}

/** Every space that is pointed at. */
export const litSpaces = (spot: Spot | undefined): number[] =>
  spot ? [...new Set([spot.row, spot.column])].filter((i) => i >= 0) : [];

export function drawMarks(data: MatrixData, grid: Grid, theme: Theme, { spot, open, asked }: Marks): SVGElement[] {
  const drawn: SVGElement[] = [];
  if (open) drawn.push(...frame(grid, open, theme, 3));
  if (asked) drawn.push(...frame(grid, asked, theme, 2.5, "4 3"));
  if (!spot) return drawn;
  if (spot.row >= 0 && spot.column >= 0) drawn.push(...frame(grid, [spot.row, spot.column], theme, 1.5));
  else for (const i of litSpaces(spot)) drawn.push(...bands(grid, i, theme));
  for (const axis of ["row", "column"] as const) drawn.push(...hiddenName(data, grid, theme, axis, spot[axis]));
  return drawn;
}

/** Seen on every colour: dark on light, or light on dark. */
function outline(box: Record<string, number>, theme: Theme, width: number, dash?: string): SVGElement[] {
  const rect = (stroke: string, wide: number, dashes?: string) =>
    svg("rect", { ...box, fill: "none", stroke, "stroke-width": wide, "stroke-dasharray": dashes, rx: 1 });
  return [rect(toCss(theme.background), width + 2), rect(toCss(tone(theme, 1)), width, dash)];
}

function frame(grid: Grid, [row, column]: Pair, theme: Theme, width: number, dash?: string): SVGElement[] {
  const { left, top, pitch, place } = grid;
  const box = { x: left + place[column] * pitch, y: top + place[row] * pitch, width: pitch, height: pitch };
  return outline(box, theme, width, dash);
}

function bands({ left, top, pitch, place, down, across }: Grid, space: number, theme: Theme): SVGElement[] {
  const at = place[space] * pitch;
  const row = { x: left, y: top + at, width: across.length * pitch, height: pitch };
  const column = { x: left + at, y: top, width: pitch, height: down.length * pitch };
  return [
    ...(down.includes(space) ? outline(row, theme, 1.5) : []),
    ...(across.includes(space) ? outline(column, theme, 1.5) : []),
  ];
}

/** A name that had no room among the others, over them while it is pointed at. */
function hiddenName(data: MatrixData, grid: Grid, theme: Theme, axis: Axis, space: number): SVGElement[] {
  if (space < 0 || grid.place[space] % grid.step === 0) return [];
  const name = drawName(data, grid, axis, space, { fill: toCss(tone(theme, 1)), "font-weight": 700 });
  const wide = textWidth((axis === "row" ? grid.rows : grid.columns)[space], grid.font);
  const box = { width: wide + 8, height: grid.font + 4, fill: toCss(theme.background) };
  const [x, y] = [Number(name.getAttribute("x") ?? 0), Number(name.getAttribute("y") ?? 0)];
  const at = { x: axis === "row" ? x - wide - 4 : -4, y: y - 0.85 * grid.font - 2 };
  const transform = name.getAttribute("transform") ?? undefined;
  return [svg("rect", { ...box, ...at, transform }), name];
}

/** Makes the names of what is pointed at stand out among those that are drawn. */
export function emphasise(heat: SVGSVGElement, spot: Spot | undefined): void {
  for (const name of heat.querySelectorAll("[font-weight]")) name.removeAttribute("font-weight");
  for (const axis of ["row", "column"] as const) {
    if (spot) heat.querySelector(`[data-${axis}="${spot[axis]}"]`)?.setAttribute("font-weight", "700");
  }
}
