/** NNGS, CKA and SPEC of two arrangements of the same points. Pure; owns no state. */
import { ckaSd, ckaSkewness, debiasedCka, uCentred } from "./cka";
import { countOf, neighbourLists, nngsCurve, type Points, ranksOf, squaredDistances } from "./neighbours";
import { type Chance, edgePairs, nngsChance } from "./nngs_chance";
import { gaussianKernel, type Leading, leadingPair } from "./spec";

/** What is computed of one space by itself, once for each place of its points. */
export interface Side {
  points: Points;
  lists: Uint8Array;
  ranks: Uint8Array;
  pairs: ReturnType<typeof edgePairs>;
  inner: Float64Array;
  kernel: Float64Array;
}

export interface Meters {
  n: number;
  /** At every k from 1. */
  nngs: Float64Array;
  nngsChance: Chance[];
  cka: number;
  ckaChance: Chance;
  ckaSkewness: number;
  spec: Leading;
}

export function sideOf(points: Points): Side {
  const n = countOf(points);
  const squares = squaredDistances(points);
  const lists = neighbourLists(squares);
  return {
    points,
    lists,
    ranks: ranksOf(lists, n),
    pairs: edgePairs(lists, n),
    inner: uCentred(points),
    kernel: gaussianKernel(squares),
  };
}

export function threeMeters(x: Side, y: Side): Meters {
  const n = countOf(x.points);
  return {
    n,
    nngs: nngsCurve(x.ranks, y.ranks, n),
    nngsChance: nngsChance(x.pairs, y.pairs, n),
    cka: debiasedCka(x.inner, y.inner),
    ckaChance: { mean: 0, sd: ckaSd(n) },
    ckaSkewness: ckaSkewness(x.points, y.points),
    spec: leadingPair(x.kernel, y.kernel),
  };
}
