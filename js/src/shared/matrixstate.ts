/** The state of a matrix of comparisons, trait by trait (`embwidget/widgets/matrix_scene.py`). Written by Python only. */
import type { AnyModel } from "@anywidget/types";
import type { WireArray } from "./state";

export interface MatrixState {
  names: string[];
  measure: string;
  title: string;
  k: number | null;
  larger_is_more_similar: boolean;
  symmetric: boolean;
  /** (m, m), as are the five that follow. */
  values: WireArray;
  calibrated: WireArray;
  null_mean: WireArray;
  null_sd: WireArray;
  z: WireArray;
  p: WireArray;
  order: WireArray;
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
