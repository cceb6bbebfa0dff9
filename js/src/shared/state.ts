/**
 * The state that Python and the browser share, trait by trait (`embwidget/widgets/scene.py`).
 *
 * Two owners of state, kept apart in every file:
 *   synced  k, hovered, selected: Python must know them; written by both sides
 *   view    zoom, pinned item, hidden lines, pending lasso: lives in the page and is never sent
 * Everything else here is written by Python once and only read in the browser.
 */
import type { AnyModel } from "@anywidget/types";

export interface WireArray {
  dtype: "<f4" | "<u4" | "<u2" | "|u1";
  shape: number[];
  data: DataView | ArrayBuffer | Uint8Array;
}

export interface ScoreRow {
  measure: string;
  title: string;
  k: number | null;
  value: number | null;
  chance: number | null;
  calibrated: number | null;
  z: number | null;
  p: number | null;
  low: number | null;
  high: number | null;
}

export interface TileLayout {
  size: number;
  columns: number;
  per_sheet: number;
  sheets: number;
}

export interface State {
  n: number;
  k_max: number;
  names: string[];
  sentence: string;
  provenance: string;
  notes: string[];
  scores: ScoreRow[];
  counts: WireArray;
  curve: WireArray;
  null: WireArray;
  interval: WireArray;
  map_x: WireArray;
  map_y: WireArray;
  neighbors_x: WireArray;
  neighbors_y: WireArray;
  label_names: string[];
  label_codes: WireArray;
  texts: string[];
  tiles: TileLayout | Record<string, never>;
  changed: WireArray;
  changed_value: WireArray;
  changed_p: WireArray;
  error: string;
  k: number;
  hovered: number;
  selected: WireArray;
}

export type Model = Pick<AnyModel<State>, "get" | "set" | "on" | "off" | "save_changes" | "send">;

/** What every view is given: data to read, linked state to follow, and the way to mount another view. */
export interface MountOptions {
  options?: Record<string, unknown>;
  signal: AbortSignal;
}
export type Mount = (kind: string, el: HTMLElement, how: MountOptions) => void;
