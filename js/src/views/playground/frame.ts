/** Which part of the plane a panel shows, as a square. Pure; owns no state. */
import { countOf, type Points } from "../../meters/neighbours";

export interface Frame {
  x: number;
  y: number;
  /** Half its side, in the points' own units. */
  half: number;
}

export const BASE: Frame = { x: 0, y: 0, half: 8.9 };
const MARGIN = 1.08;
/** So many points beyond the rim are pointed to; of more the frame grows. */
const FEW = 4;

export const place = (frame: Frame, size: number, x: number, y: number): [number, number] => [
  ((x - frame.x) / frame.half + 1) * (size / 2),
  (1 - (y - frame.y) / frame.half) * (size / 2),
];

export const inverse = (frame: Frame, size: number, left: number, top: number): [number, number] => [
  frame.x + (left / (size / 2) - 1) * frame.half,
  frame.y + (1 - top / (size / 2)) * frame.half,
];

export function outside(frame: Frame, points: Points): number[] {
  const rows: number[] = [];
  for (let row = 0; row < countOf(points); row++) {
    const far = Math.max(Math.abs(points[2 * row] - frame.x), Math.abs(points[2 * row + 1] - frame.y));
    if (far > frame.half) rows.push(row);
  }
  return rows;
}

/** The smallest square about all points. */
export function fitted(points: Points): Frame {
  const [low, high] = [
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ];
  for (const [i, value] of points.entries()) {
    low[i % 2] = Math.min(low[i % 2], value);
    high[i % 2] = Math.max(high[i % 2], value);
  }
  const half = (Math.max(high[0] - low[0], high[1] - low[1]) / 2) * MARGIN;
  return { x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2, half: half || BASE.half };
}

/** The usual frame where that holds all points but a few, else one about all. */
export const natural = (points: Points): Frame => (outside(BASE, points).length > FEW ? fitted(points) : BASE);

export const between = (from: Frame, to: Frame, share: number): Frame => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
  half: from.half + (to.half - from.half) * share,
});

/** Where a point beyond the rim is pointed to: on the way from the middle, just inside. */
export function atRim(size: number, left: number, top: number, edge: number): [number, number] {
  const middle = size / 2;
  const far = Math.max(Math.abs(left - middle), Math.abs(top - middle));
  const share = Math.min(1, (middle - edge) / (far || 1));
  return [middle + (left - middle) * share, middle + (top - middle) * share];
}
