/** An item's neighbours in the two spaces, as kept, lost and gained. Pure; owns no state. */
import type { Numbers } from "./arrays";

export interface NeighborChange {
  kept: number[];
  onlyX: number[];
  onlyY: number[];
}

/** An approximate search may have found fewer; Python's -1 arrives as the largest number of its type. */
const missing = (list: Numbers): number => 2 ** (8 * list.BYTES_PER_ELEMENT) - 1;

/** Both lists are nearest first; `kept` and `onlyX` follow X's order, `onlyY` follows Y's. */
export function neighborChange(x: Numbers, y: Numbers, listLength: number, item: number, k: number): NeighborChange {
  const length = Math.min(k, listLength);
  const from = item * listLength;
  const listed = (list: Numbers) => Array.from(list.subarray(from, from + length)).filter((j) => j !== missing(list));
  const inX = listed(x);
  const inY = listed(y);
  const xs = new Set(inX);
  const ys = new Set(inY);
  return {
    kept: inX.filter((j) => ys.has(j)),
    onlyX: inX.filter((j) => !ys.has(j)),
    onlyY: inY.filter((j) => !xs.has(j)),
  };
}

/** The place of each neighbour in an item's list, from 1; of those that are not in it, none. */
export function neighborRanks(list: Numbers, listLength: number, item: number): Map<number, number> {
  const from = item * listLength;
  const ranks = new Map<number, number>();
  list.subarray(from, from + listLength).forEach((row: number, place: number) => {
    if (row !== missing(list)) ranks.set(row, place + 1);
  });
  return ranks;
}
