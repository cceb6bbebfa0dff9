/** The state of a matrix of comparisons, trait by trait (`embwidget/widgets/scenes/matrix_scene.py`). Written by Python only. */
import type { AnyModel } from "@anywidget/types";
import type { WireArray } from "./scene";

/** One of the measures between the layers of two networks. */
export interface MeasureRow {
  title: string;
  k: number | null;
  larger_is_more_similar: boolean;
  /** Mean of a layer with itself. */
  same: number | null;
}

export interface MatrixState {
  names: string[];
  measure: string;
  title: string;
  k: number | null;
  larger_is_more_similar: boolean;
  symmetric: boolean;
  /** Of layers, the names of the two networks; else empty, as are the two that follow. */
  networks: string[];
  /** The layers of the first network, which are the rows, and of the second, the columns; `names` has all of them. */
  layers: string[][];
  measures: MeasureRow[];
  /** (m, m); of layers (rows, columns) of each measure, one below the other. As are the five that follow. */
  values: WireArray;
  calibrated: WireArray;
  null_mean: WireArray;
  null_sd: WireArray;
  z: WireArray;
  p: WireArray;
  /** Of each row, 1 where a space is the most similar to it or cannot be told from that; empty where not asked for. */
  ties: WireArray;
  order: WireArray;
  /** (m, 2); of layers that of each measure, one below the other. */
  map: WireArray;
  sentence: string;
  provenance: string;
  notes: string[];
  /** The pair that Python is comparing, or empty. */
  comparing: number[];
  /** The pair that is open, or empty. */
  pair: number[];
  /** The scene of the pair that is open. */
  opened: string | null;
  error: string;
}

/** The page sends {type: "open", pair} or {type: "close"}; Python answers each with {type: "answered"}. */
export type MatrixModel = Pick<AnyModel<MatrixState>, "get" | "on" | "off" | "send">;
