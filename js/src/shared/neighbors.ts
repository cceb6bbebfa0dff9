/** An item's neighbours in the two spaces, as kept, lost and gained. Pure; owns no state. */
import type { Numbers } from "./arrays";

export interface NeighborChange {
  kept: number[];
  onlyX: number[];
  onlyY: number[];
}

/** Both lists are nearest first; `kept` and `onlyX` follow X's order, `onlyY` follows Y's. */
export function neighborChange(x: Numbers, y: Numbers, listLength: number, item: number, k: number): NeighborChange {
  const length = Math.min(k, listLength);
  const from = item * listLength;
  const inX = Array.from(x.subarray(from, from + length));
  const inY = Array.from(y.subarray(from, from + length));
  const xs = new Set(inX);
  const ys = new Set(inY);
  return {
    kept: inX.filter((j) => ys.has(j)),
    onlyX: inX.filter((j) => !ys.has(j)),
    onlyY: inY.filter((j) => !xs.has(j)),
  };
}
