/** What each class keeps at one k, beside all items: Python's numbers, from its counts and intervals. Owns no state. */
import { columnOf } from "../../state/curves";
import type { SceneData } from "../../state/data";

/** In neighbours of k; NaN where there is none. */
export interface ClassRow {
  code: number;
  /** In size, for its colour. */
  place: number;
  name: string;
  size: number;
  kept: number;
  low: number;
  high: number;
  against: number;
  againstLow: number;
  againstHigh: number;
}

export function classRows(data: SceneData, k: number): ClassRow[] {
  const { counts, classes } = data;
  const none = !data.compared || data.withheld(k);
  const column = data.compared ? columnOf(counts, k) : 0;
  const width = counts.ks.length;
  const mean = (group: number) =>
    none ? Number.NaN : sums(data).shared[group * width + column] / sums(data).sizes[group];
  const all = none ? Number.NaN : meanOfAll(data, column);
  const { values, classes: known } = data.classInterval;
  const end = (which: number, code: number) =>
    none || code >= known ? Number.NaN : k * values[(which * known + code) * width + column];
  return classes.map(({ code, name, size }, place) => ({
    code,
    place,
    name,
    size,
    kept: mean(code),
    low: end(0, code),
    high: end(1, code),
    against: mean(code) - all,
    againstLow: end(2, code),
    againstHigh: end(3, code),
  }));
}

const sums = (data: SceneData) => data.classSums;

function meanOfAll(data: SceneData, column: number): number {
  const { shared, groups } = data.classSums;
  const width = data.counts.ks.length;
  let total = 0;
  for (let group = 0; group <= groups; group++) total += shared[group * width + column];
  return total / data.counts.n;
}

/** Whether a class keeps more or fewer than all items: only where 0 is outside the interval. */
export function standing(row: ClassRow): "above" | "below" | "" {
  if (row.againstLow > 0) return "above";
  return row.againstHigh < 0 ? "below" : "";
}
