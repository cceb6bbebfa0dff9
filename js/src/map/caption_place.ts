/** Where the caption of an item goes: beside it, on as few of its neighbours as can be. Pure; owns no state. */
import type { Box } from "./places";

type Point = readonly [number, number];

/** Pixels between an item's place and its caption. */
const GAP = 12;
/** How far around its middle a neighbour is drawn. */
const REACH = 5;
const EDGE = 2;

/** In which order the eight places are taken where it makes no difference: across and down, in -1, 0, 1. */
const SPOTS: readonly Point[] = [
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
  [0, -1],
  [0, 1],
  [1, 0],
  [-1, 0],
];

/** Of the eight places around an item the one with the fewest points beneath; the item itself stays clear if it can. */
export function placeCaption(
  at: Point,
  size: { width: number; height: number },
  room: { width: number; height: number },
  points: readonly Point[],
): Box {
  let best = boxAt(at, SPOTS[0], size, room);
  let least = Number.POSITIVE_INFINITY;
  for (const spot of SPOTS) {
    const box = boxAt(at, spot, size, room);
    const own = covers(box, at) ? points.length + 1 : 0;
    const cost = own + points.reduce((sum, point) => sum + (covers(box, point) ? 1 : 0), 0);
    if (cost >= least) continue;
    [best, least] = [box, cost];
    if (cost === 0) break;
  }
  return best;
}

function boxAt([x, y]: Point, [across, down]: Point, size: Omit<Box, "left" | "top">, room: Omit<Box, "left" | "top">) {
  const { width, height } = size;
  const beside = (place: number, side: number, long: number) =>
    side < 0 ? place - GAP - long : side > 0 ? place + GAP : place - long / 2;
  const within = (place: number, long: number, whole: number) => Math.max(EDGE, Math.min(whole - long - EDGE, place));
  return {
    left: within(beside(x, across, width), width, room.width),
    top: within(beside(y, down, height), height, room.height),
    width,
    height,
  };
}

const covers = ({ left, top, width, height }: Box, [x, y]: Point): boolean =>
  x > left - REACH && x < left + width + REACH && y > top - REACH && y < top + height + REACH;
