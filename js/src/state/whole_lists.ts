/**
 * Neighbour lists of single items where the page holds only the first places of each. View state: what has come.
 * The page asks {type: "neighbors", row}; Python answers the same message with both lists as its buffers.
 */
import { sendMessage } from "../page/tell_python";
import type { Numbers } from "./arrays";
import type { Model } from "./scene";

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
