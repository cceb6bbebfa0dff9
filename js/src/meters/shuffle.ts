/** What the meters say when the rows of Y are dealt at random: nothing is shared then. Pure; owns no state. */
import { debiasedCka } from "./cka";
import { nngsCurve } from "./neighbours";
import { leadingPair } from "./spec";
import type { Side } from "./three_meters";

export interface Shuffled {
  /** At every k from 1. */
  nngs: Float64Array;
  cka: number;
  spec: number;
}

/** A generator of numbers from 0 to 1 with a seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rows in a random order (Fisher and Yates). */
export function shuffledRows(n: number, next: () => number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let last = n - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** The meters of X and Y with its rows in this order: what is known of Y by itself is only dealt anew. */
export function shuffledMeters(x: Side, y: Side, order: readonly number[]): Shuffled {
  const n = order.length;
  return {
    nngs: nngsCurve(x.ranks, dealt(y.ranks, order), n),
    cka: debiasedCka(x.inner, dealt(y.inner, order)),
    spec: leadingPair(x.kernel, dealt(y.kernel, order)).value,
  };
}

/** A square of numbers about pairs, its rows and columns in this order. */
export function dealt<T extends Float64Array | Uint8Array>(square: T, order: readonly number[]): T {
  const n = order.length;
  return square.map((_, at) => square[order[Math.floor(at / n)] * n + order[at % n]]) as T;
}
