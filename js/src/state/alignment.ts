/**
 * The state of an alignment, trait by trait (`embwidget/widgets/scenes/alignment_scene.py`).
 *   synced  k, hovered, selected, position, cluster: written by both sides; all else by Python only   view  nothing
 */
import type { AnyModel } from "@anywidget/types";
import type { Model, TileLayout, WireArray } from "./scene";

export type Status = "fitting" | "scoring" | "done" | "stopped" | "failed";

/** Where work stands that goes on in a thread of Python's (`embwidget/widgets/state/alignment.py`). */
export interface Progress {
  /** Steps made, or phases that are over, and all of them; no steps where it has none. */
  step: number;
  steps: number;
  /** Of the whole. */
  share: number;
  /** Since it began. */
  seconds: number;
  /** To the last step, or until there is something to show, where that is known. */
  seconds_left: number | null;
  /** One line: what is being done. */
  what: string;
  /** Whether it was ended on request before there was anything. */
  stopped: boolean;
}

/** A group that one space holds together and the other does not, and what became of it; pairs are [before, after]. */
export interface ChangeRow {
  index: number;
  side: string;
  /** Found only after the fit. */
  appeared: boolean;
  before: number | null;
  after: number | null;
  members: number;
  within_x: (number | null)[];
  within_y: number | null;
  between_x: (number | null)[];
  share: number | null;
  survives: boolean | null;
  title: string;
}

export interface SpectrumInfo {
  eigenvalues: number[];
  unrelated: number[];
  spec_diff: number | null;
}

export interface TableRow {
  measure: string;
  title: string;
  before: number | null;
  after: number | null;
  chance: number | null;
  chance_after: number | null;
  /** "larger" or "smaller". */
  better: string;
  /** What the sentence says too; "": much as before. */
  verdict: "better" | "worse" | "";
}

/** Whether it worked, in words (`embwidget/alignment/text.py`). */
export interface Answer {
  verdict: "yes" | "partly" | "no";
  /** A warning, or "". */
  before: string;
  lead: string;
  numbers: string;
  gained: string;
  given_up: string;
  /** Of the fit, or "". */
  more: string;
}

export interface AlignmentState {
  n: number;
  k_max: number;
  names: string[];
  sentence: string;
  /** The sentence part by part. */
  answer: Answer | Record<string, never>;
  provenance: string;
  notes: string[];
  label_names: string[];
  label_codes: WireArray;
  texts: string[];
  tiles: TileLayout | Record<string, never>;
  status: Status;
  progress: Progress | Record<string, never>;
  /** What the fitting raised. */
  failure: string;
  /** (4, s): step, loss, objective, keep. */
  steps: WireArray;
  /** (2, c): step, objective on rows that were not fitted. */
  checks: WireArray;
  best_step: number;
  fit: { method: string; stopped: string; seconds: number | null } | Record<string, never>;
  table: TableRow[];
  /** (3, n, 2): before, after, the target; one layout, of very many items in whole steps. */
  maps: WireArray;
  /** (n,): 0 left out, 1 fitted, 2 held out. */
  parts: WireArray;
  /** Row numbers. */
  held_out: WireArray;
  /** (2, held out): before, after. */
  residuals: WireArray;
  /** (2, k_max): before, after. */
  curves: WireArray;
  /** (2, k_max): mean, sd. */
  chance: WireArray;
  /** (4, k_max): low and high before, low and high after; or empty. */
  intervals: WireArray;
  spectra: { before: SpectrumInfo; after: SpectrumInfo } | Record<string, never>;
  changes: ChangeRow[];
  /** Members of all groups, one group after the other, strongest first. */
  member_rows: WireArray;
  /** How many of each group's members these are; empty where they are all. */
  members_listed: number[];
  heat_rows: WireArray;
  /** (m,): the group that each of these rows is shown with; 65535 for none. */
  heat_groups: WireArray;
  /** (3, m, m): before, after, the target; or empty. */
  heat: WireArray;
  error: string;
  /** Names what the scene's frames share; empty where no others are. */
  channel: string;
  /** What is shared with each scene that it is linked to, and by which channel. */
  shares: { channel: string; traits: string[] }[];
  k: number;
  hovered: number;
  selected: WireArray;
  /** Synced: 0 before … 1 after. */
  position: number;
  /** Synced: the group that is open, or -1. */
  cluster: number;
}

/** The page sends {type: "stop"}; and what tiles ask for. */
export type AlignmentModel = Pick<AnyModel<AlignmentState>, "get" | "set" | "on" | "off" | "save_changes" | "send">;

/** What is shown of a fit while it goes on. */
type Fit = "names" | "status" | "progress" | "failure" | "steps" | "checks" | "best_step";
export type FitModel = Pick<AnyModel<Pick<AlignmentState, Fit>>, "get" | "on" | "off" | "send">;

/** The training of a learned similarity (`embwidget/widgets/scenes/fitting_scene.py`). */
export interface FittingState extends Pick<AlignmentState, Fit | "notes" | "error"> {
  title: string;
  /** What came of it, once it is over. */
  sentence: string;
}
export type FittingModel = Pick<AnyModel<FittingState>, "get" | "on" | "off" | "send">;

/** What all scenes of items share, for what reads only that. */
export const asScene = (model: AlignmentModel): Model => model as unknown as Model;
