/** What is drawn over a map's points: the hovered item, its neighbours in three glyphs, an outline. Owns no state. */

import { changeColours, toCss } from "../page/palette";
import { type Theme, tone } from "../page/theme";
import type { NeighborChange } from "../state/neighbors";
import { placeCaption } from "./caption_place";
import type { Outline } from "./lasso";
import type { PointMap } from "./point_map";

export type Glyph = "kept" | "onlyX" | "onlyY";
export const GLYPHS: Record<Glyph, string> = { kept: "●", onlyX: "▲", onlyY: "▼" };
const DASHES: Record<Glyph, number[]> = { kept: [], onlyX: [5, 3], onlyY: [1.5, 3] };

interface Overlay {
  hovered: number;
  pinned: number;
  /** A neighbour that is pointed at elsewhere, -1 for none. */
  ringed?: number;
  change: NeighborChange | undefined;
  /** The space of this map: its own neighbours get the strong lines. */
  space: 0 | 1;
  caption: string;
  outline: Outline | undefined;
  keyboardFocus: boolean;
  /** Drawn first, beneath all else. */
  beneath?: (context: CanvasRenderingContext2D) => void;
}

export function drawOverlay(map: PointMap, what: Overlay, theme: Theme): void {
  const context = map.overlay();
  if (!context) return;
  what.beneath?.(context);
  const item = what.hovered >= 0 ? what.hovered : what.pinned;
  if (item >= 0 && what.change) {
    drawLines(context, map, item, what.change, what.space, theme);
    drawGlyphs(context, map, what.change, theme);
  }
  if (what.pinned >= 0) drawRing(context, map.project(what.pinned), 9, theme);
  if (what.hovered >= 0) drawRing(context, map.project(what.hovered), 7, theme);
  if ((what.ringed ?? -1) >= 0) drawRing(context, map.project(what.ringed as number), 8, theme);
  if (item >= 0) drawCaption(context, map, item, what, theme);
  if (what.outline) drawOutline(context, what.outline, theme);
}

function groups(change: NeighborChange): (readonly [Glyph, readonly number[]])[] {
  return [
    ["onlyY", change.onlyY],
    ["onlyX", change.onlyX],
    ["kept", change.kept],
  ];
}

function drawLines(
  context: CanvasRenderingContext2D,
  map: PointMap,
  item: number,
  change: NeighborChange,
  space: 0 | 1,
  theme: Theme,
): void {
  const colours = changeColours(theme.dark);
  const [x, y] = map.project(item);
  for (const [glyph, rows] of groups(change)) {
    const own = glyph === "kept" || glyph === (space === 0 ? "onlyX" : "onlyY");
    context.beginPath();
    for (const row of rows) {
      context.moveTo(x, y);
      context.lineTo(...map.project(row));
    }
    context.strokeStyle = colours[glyph];
    context.globalAlpha = own ? 0.85 : 0.3;
    context.lineWidth = own ? 1.4 : 1;
    context.setLineDash(DASHES[glyph]);
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawGlyphs(context: CanvasRenderingContext2D, map: PointMap, change: NeighborChange, theme: Theme): void {
  const colours = changeColours(theme.dark);
  const total = change.kept.length + change.onlyX.length + change.onlyY.length;
  const r = total > 80 ? 3.5 : total > 40 ? 4.5 : 5.5;
  context.strokeStyle = toCss(theme.background);
  context.lineWidth = 1.25;
  for (const [glyph, rows] of groups(change)) {
    context.fillStyle = colours[glyph];
    for (const row of rows) {
      glyphPath(context, glyph, ...map.project(row), r);
      context.fill();
      context.stroke();
    }
  }
}

function glyphPath(context: CanvasRenderingContext2D, glyph: Glyph, x: number, y: number, r: number): void {
  context.beginPath();
  if (glyph === "kept") {
    context.arc(x, y, r * 0.85, 0, 2 * Math.PI);
    return;
  }
  const up = glyph === "onlyX" ? -1 : 1;
  context.moveTo(x, y + up * r);
  context.lineTo(x + r, y - up * r * 0.75);
  context.lineTo(x - r, y - up * r * 0.75);
  context.closePath();
}

function drawRing(context: CanvasRenderingContext2D, [x, y]: [number, number], r: number, theme: Theme): void {
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  context.lineWidth = 4;
  context.strokeStyle = toCss(theme.background);
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = toCss(tone(theme, 1));
  context.stroke();
}

function drawCaption(
  context: CanvasRenderingContext2D,
  map: PointMap,
  item: number,
  { caption, change }: Overlay,
  theme: Theme,
): void {
  context.font = `12px ${getComputedStyle(map.node).fontFamily}`;
  const size = { width: context.measureText(caption).width + 12, height: 20 };
  const neighbours = change ? groups(change).flatMap(([, rows]) => rows.map((row) => map.project(row))) : [];
  const { left, top } = placeCaption(map.project(item), size, map, neighbours);
  context.globalAlpha = 0.92;
  context.fillStyle = toCss(tone(theme, 0.04));
  context.strokeStyle = toCss(tone(theme, 0.35));
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(left, top, size.width, size.height, 4);
  context.fill();
  context.stroke();
  context.globalAlpha = 1;
  context.fillStyle = toCss(tone(theme, 1));
  context.textBaseline = "middle";
  context.fillText(caption, left + 6, top + 10.5);
}

function drawOutline(context: CanvasRenderingContext2D, outline: Outline, theme: Theme): void {
  context.beginPath();
  for (const [x, y] of outline) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = toCss(tone(theme, 1));
  context.globalAlpha = 0.07;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 1.25;
  context.setLineDash([4, 3]);
  context.strokeStyle = toCss(tone(theme, 0.8));
  context.stroke();
  context.setLineDash([]);
}
