/** The neighbour graph of one space, drawn beneath its points. Owns no state. */
import type { Side } from "../../meters/three_meters";

interface EdgeLooks {
  kept: string;
  /** Of edges that only this space has. */
  own: string;
}

export interface Edges {
  /** Pairs of rows, one after the other. */
  kept: number[];
  own: number[];
}

/** Who is among the k nearest of whom here, and whether in the other space too; each pair once. */
export function edgesOf(here: Side, there: Side, n: number, k: number): Edges {
  const found: Edges = { kept: [], own: [] };
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const [to, from] = [i * n + j, j * n + i];
      const [near, back] = [here.ranks[to] < k, here.ranks[from] < k];
      if (!near && !back) continue;
      const kept = (near && there.ranks[to] < k) || (back && there.ranks[from] < k);
      (kept ? found.kept : found.own).push(i, j);
    }
  }
  return found;
}

/** The k neighbours of one item, from it. */
export function edgesFrom(here: Side, there: Side, n: number, k: number, item: number): Edges {
  const found: Edges = { kept: [], own: [] };
  for (let place = 0; place < k; place++) {
    const other = here.lists[item * (n - 1) + place];
    (there.ranks[item * n + other] < k ? found.kept : found.own).push(item, other);
  }
  return found;
}

/** `told` false: the graph alone, and not what became of it. */
export function drawEdges(
  context: CanvasRenderingContext2D,
  edges: Edges,
  at: readonly [number, number][],
  looks: EdgeLooks,
  line: { width: number; alpha: number; told: boolean },
): void {
  context.globalAlpha = line.alpha;
  context.lineWidth = line.width;
  stroke(context, line.told ? edges.kept : [...edges.kept, ...edges.own], at, looks.kept, []);
  if (line.told) stroke(context, edges.own, at, looks.own, [5, 3.5]);
  context.globalAlpha = 1;
}

function stroke(
  context: CanvasRenderingContext2D,
  pairs: readonly number[],
  at: readonly [number, number][],
  colour: string,
  dashes: number[],
): void {
  context.strokeStyle = colour;
  context.setLineDash(dashes);
  context.beginPath();
  for (let i = 0; i < pairs.length; i += 2) {
    context.moveTo(...at[pairs[i]]);
    context.lineTo(...at[pairs[i + 1]]);
  }
  context.stroke();
}
