/**
 * An item's neighbours in the two spaces, as kept, lost and gained; and lists of single items where the page holds only
 * the first places of each: it asks {type: "neighbors", row}, and Python answers the same message with both lists as its
 * buffers. View state: what has come.
 */
import { sendMessage } from "../page/tell_python";
import type { Numbers } from "./arrays";
import type { Model } from "./scene";

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

type Both = readonly [Numbers, Numbers];

/** How long an item is looked at before its lists are asked for. */
const REST_MS = 80;
const KEPT = 500;

export class WholeLists {
  private readonly known = new Map<number, Both>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly model: Model,
    signal: AbortSignal,
    private readonly came: () => void,
  ) {
    const heard = (message: { type?: string; row?: number } | undefined, buffers: DataView[]) => {
      if (message?.type === "neighbors" && message.row !== undefined) this.take(message.row, buffers);
    };
    model.on("msg:custom", heard);
    signal.addEventListener("abort", () => {
      clearTimeout(this.timer);
      model.off("msg:custom", heard);
      this.known.clear();
    });
  }

  of(row: number): Both | undefined {
    return this.known.get(row);
  }

  ask(row: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => sendMessage(this.model, { type: "neighbors", row }), REST_MS);
  }

  private take(row: number, buffers: DataView[]): void {
    const [x, y] = buffers.map(
      (one) => new Uint32Array(one.buffer.slice(one.byteOffset, one.byteOffset + one.byteLength)),
    );
    if (!x || !y) return;
    for (const oldest of this.known.keys()) {
      if (this.known.size < KEPT) break;
      this.known.delete(oldest);
    }
    this.known.set(row, [x, y]);
    this.came();
  }
}
