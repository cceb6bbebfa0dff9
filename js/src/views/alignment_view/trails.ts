/** Lines over the map of an alignment: where items came from, and where the target has them. Pure; owns no state. */

import type { PointMap } from "../../map/point_map";
import { changeColours, toCss } from "../../page/palette";
import { type Theme, tone } from "../../page/theme";

/** In pixels: a way no longer than the point is wide shows nothing. */
const SHORT = 5;

/** From where each item was to where it is now; a small ring where it was. */
export function drawTrails(
  context: CanvasRenderingContext2D,
  map: PointMap,
  before: Float32Array,
  rows: readonly number[],
  position: number,
  theme: Theme,
): void {
  if (position <= 0) return;
  const ends = rows
    .map((row) => [map.place(before[2 * row], before[2 * row + 1]), map.project(row)] as const)
    .filter(([from, to]) => Math.hypot(to[0] - from[0], to[1] - from[1]) > SHORT);
  context.strokeStyle = toCss(tone(theme, 0.85));
  context.lineWidth = 1;
  context.globalAlpha = ends.length > 40 ? 0.4 : 0.6;
  context.beginPath();
  for (const [from, to] of ends) {
    context.moveTo(...from);
    context.lineTo(...to);
  }
  context.stroke();
  context.beginPath();
  for (const [[x, y]] of ends) {
    context.moveTo(x + 2, y);
    context.arc(x, y, 2, 0, 2 * Math.PI);
  }
  context.fillStyle = toCss(theme.background);
  context.globalAlpha = 0.9;
  context.fill();
  context.stroke();
  context.globalAlpha = 1;
}

/** A dashed line from each item to a ring where the target has it. */
export function drawPointers(
  context: CanvasRenderingContext2D,
  map: PointMap,
  target: Float32Array,
  rows: readonly number[],
  theme: Theme,
): void {
  if (rows.length === 0) return;
  context.strokeStyle = changeColours(theme.dark).onlyY;
  context.globalAlpha = rows.length > 20 ? 0.5 : 0.9;
  context.lineWidth = 1.2;
  context.setLineDash([3, 3]);
  context.beginPath();
  for (const row of rows) {
    context.moveTo(...map.project(row));
    context.lineTo(...map.place(target[2 * row], target[2 * row + 1]));
  }
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 1.6;
  context.beginPath();
  for (const row of rows) {
    const [x, y] = map.place(target[2 * row], target[2 * row + 1]);
    context.moveTo(x + 5, y);
    context.arc(x, y, 5, 0, 2 * Math.PI);
  }
  context.stroke();
  context.globalAlpha = 1;
}
