/**
 * The state of an audit, trait by trait (`embwidget/widgets/scenes/audit_scene.py`).
 *   synced  hovered, selected, query: written by both sides; all else by Python only   view  nothing
 */
import type { AnyModel } from "@anywidget/types";
import type { Model, TileLayout, WireArray } from "./scene";

export type Decision = "switch" | "bridge" | "keep" | "cannot tell";

export interface ReasonRow {
  about: string;
  says: string;
  /** Whether it speaks for new; null where that is not known. */
  favourable: boolean | null;
}

export interface AuditGroup {
  name: string;
  /** "label", or "group" of those that only one of the spaces sees. */
  kind: string;
  change: number | null;
  low: number | null;
  high: number | null;
  p: number | null;
  q: number | null;
  /** "loses", "gains" or "no difference seen". */
  word: string;
  queries: number;
  /** How many of its queries the page holds. */
  members: number;
}

type Values = (number | null)[];

/** Over the sizes k. */
export interface AuditCurves {
  sizes: number[];
  kept: { values: Values; low: Values; high: Values; chance: Values };
  /** The least and the most that re-runs of old keep. */
  noise?: { low: Values; high: Values };
  /** By measure; low and high are the ends of the interval of new − old. */
  quality: Record<string, { old: Values; new: Values; difference: Values; low: Values; high: Values }>;
}

export interface CarriedThreshold {
  at: number;
  value: number;
  low: number | null;
  high: number | null;
  keep: string;
  /** "cosine" or "inner product". */
  word: string;
  n_pairs: number;
  switched: { both: number; old_only: number; new_only: number; neither: number };
  /** How many pairs of new pass at old's threshold. */
  unchanged: number;
  sentence: string;
}

/** A value with the ends of its interval. */
type Ends = (number | null)[];

export interface BridgeRow {
  method: string;
  fitted: number;
  asked: number;
  kept: Ends | null;
  against_old: Ends | null;
  against_new: Ends | null;
}

export interface AuditTableRow {
  aspect: string;
  what: string;
  old: number | null;
  new: number | null;
  change: number | null;
  low: number | null;
  high: number | null;
}

export interface AuditState {
  /** Documents. */
  n: number;
  k_max: number;
  names: string[];
  sentence: string;
  provenance: string;
  notes: string[];
  label_names: string[];
  label_codes: WireArray;
  texts: string[];
  tiles: TileLayout | Record<string, never>;
  decision: Decision;
  reasons: ReasonRow[];
  tolerance: number;
  measure: string;
  /** Every document asks for its neighbours: the queries are the documents. */
  of_documents: boolean;
  /** How many there are; the page may hold fewer. */
  queries: number;
  /** (m,) numbers of the queries that the page holds, ascending; so are all that follow, up to the grades. */
  query_rows: WireArray;
  /** (m,), or empty. */
  query_texts: string[];
  change: WireArray;
  kept: WireArray;
  /** (m, 2): by old and by new; or empty. */
  quality: WireArray;
  /** (m, k): rows of documents, nearest first; 2³² − 1 where there is none. */
  lists_old: WireArray;
  lists_new: WireArray;
  /** (m, k), NaN where nobody judged; or empty. */
  grades_old: WireArray;
  grades_new: WireArray;
  /** The grade from which a document is relevant. */
  relevant_from: number | null;
  groups: AuditGroup[];
  /** Numbers of the queries about each group, one group after the other. */
  group_rows: WireArray;
  curves: AuditCurves;
  thresholds: CarriedThreshold | Record<string, never>;
  /** (a, b): pairs by cell of old and of new. */
  joint: WireArray;
  /** (2, …), filled up with NaN: the edges of the cells. */
  joint_edges: WireArray;
  /** (2, ≤ 401), filled up with NaN: thresholds of each space, and how many pairs pass there. */
  edges: WireArray;
  passing: WireArray;
  bridges: BridgeRow[];
  table: AuditTableRow[];
  error: string;
  /** Names what the scene's frames share; empty where no others are. */
  channel: string;
  /** What is shared with each scene that it is linked to, and by which channel. */
  shares: { channel: string; traits: string[] }[];
  k: number;
  hovered: number;
  selected: WireArray;
  /** Synced: the number of the query that is open, or -1. */
  query: number;
}

export type AuditModel = Pick<AnyModel<AuditState>, "get" | "set" | "on" | "off" | "save_changes" | "send">;

/** What all scenes of items share, for what reads only that. */
export const asItems = (model: AuditModel): Model => model as unknown as Model;
