/** What of a query's results is kept, lost and gained. Pure; owns no state. */
import type { Numbers } from "../../state/arrays";

/** In place of a document where a list has ended. */
const NOBODY = 2 ** 32 - 1;

/** A document on a list: its rank in old and in new from 1, or 0 where it is not there; NaN where nobody judged it. */
export interface Found {
  row: number;
  old: number;
  fresh: number;
  grade: number;
}

export interface Change {
  kept: Found[];
  lost: Found[];
  gained: Found[];
}

/** A list, nearest first, and what its documents were judged; grades may be none. */
interface Listed {
  rows: Numbers;
  grades: Numbers;
}

/** Kept and lost in the order of old, gained in that of new. */
export function changeOf(old: Listed, fresh: Listed): Change {
  const ranks = ({ rows }: Listed) => new Map(Array.from(rows, (row, i) => [row, i + 1]));
  const [inOld, inNew] = [ranks(old), ranks(fresh)];
  const listed = (side: Listed): Found[] =>
    Array.from(side.rows, (row, i) => ({
      row,
      old: inOld.get(row) ?? 0,
      fresh: inNew.get(row) ?? 0,
      grade: side.grades[i] ?? Number.NaN,
    })).filter(({ row }) => row !== NOBODY);
  const all = listed(old);
  return {
    kept: all.filter((one) => one.fresh > 0),
    lost: all.filter((one) => one.fresh === 0),
    gained: listed(fresh).filter((one) => one.old === 0),
  };
}
