/**
 * The state of the playground, trait by trait (`embwidget/widgets/scenes/playground_scene.py`).
 *   synced  posture, k, points_x, points_y, meters: written by both sides; all else by Python only   view  nothing
 */
import type { AnyModel } from "@anywidget/types";
import type { WireArray } from "./scene";

/** An arrangement: what was done to X to make Y, and why the meters say what they do. */
export interface PostureRow {
  name: string;
  title: string;
  question: string;
  why: string;
  k: number;
}

export interface PlaygroundState {
  heading: string;
  names: string[];
  sentence: string;
  postures: PostureRow[];
  /** (postures, 2, n, 2): X and Y of each. */
  layouts: WireArray;
  /** (n,): which cluster of X a point was made in. */
  groups: WireArray;
  /** Synced: empty once a point was moved. */
  posture: string;
  k: number;
  /** Synced: (n, 2). */
  points_x: WireArray;
  points_y: WireArray;
  /** Synced: of these points, at k; null where one is not defined. */
  meters: { nngs: number | null; cka: number | null; spec: number | null };
  error: string;
}

export type PlaygroundModel = Pick<AnyModel<PlaygroundState>, "get" | "set" | "on" | "off" | "save_changes" | "send">;
