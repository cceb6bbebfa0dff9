/**
 * The state that Python and the browser share, trait by trait (`embwidget/widgets/scenes/scene.py`).
 *
 * Two owners of state, kept apart in every file:
 *   synced  k, hovered, selected, selections, cluster: Python must know them; written by both sides
 *   view    zoom, pinned item, hidden lines, pending lasso: lives in the page and is never sent
 * Everything else here is written by Python once and only read in the browser.
 */
import type { AnyModel, RenderProps } from "@anywidget/types";

export interface WireArray {
  dtype: "<f8" | "<f4" | "<u4" | "<u2" | "|u1";
  shape: number[];
  data: DataView | ArrayBuffer | Uint8Array;
}

/** Selections under names: all rows one behind the other, and how many are of each. */
export interface NamedRows extends WireArray {
  names: string[];
  sizes: number[];
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
  /** Whether the table begins with it; the others are shown when asked for. */
  leading: boolean;
}

export interface TileLayout {
  size: number;
  /** Side of the tiles that are asked for where `size` is too coarse. */
  large?: number;
  columns: number;
  per_sheet: number;
}

/** A label or word that is more frequent inside a cluster than outside; odds are null where infinite. */
export interface EnrichmentRow {
  kind: string;
  term: string;
  inside: number;
  members: number;
  outside: number;
  others: number;
  odds: number | null;
  p: number;
  q: number;
}

/** Whether a group holds on other rows, and if it does, whether its members are close. */
export type GroupKind = "tight" | "broad" | "not found again";

/** How a name did on members that it was not chosen on. */
interface NameTestRow {
  auc: number | null;
  p: number | null;
  q: number | null;
  members: number;
  others: number;
}

/** One cluster of a spectral comparison; pairs are [in X, in Y]. */
export interface ClusterRow {
  index: number;
  kind: GroupKind;
  /** What to call it everywhere: the name given to it, else the tested one, else three leading members. */
  title: string;
  name: string | null;
  name_test: NameTestRow | null;
  given_name: string | null;
  /** Whether the other space does not group it at all; false where it does, but less; null where it is not known. */
  exclusive: boolean | null;
  /** Whether |λ| is no larger than unrelated spaces have it; null where that was not tried. */
  inside_unrelated: boolean | null;
  eigenvalue: number;
  /** Of its components: more than one where they are tied, or it was turned out of several. */
  eigenvalues: number[];
  /** Whether its vector was turned out of several eigenvectors. */
  turned: boolean;
  /** How much smaller its |λ| is than the largest of them, as a share. */
  lost: number;
  side: string;
  share: number;
  effective_size: number;
  members: number;
  largest_loading: number;
  constant_share: number;
  /** Mean, low, high; null where it was not computed. */
  held_out: [number, number, number] | null;
  /** How much of the vector is found again on other rows. */
  stability: number | null;
  survives: boolean | null;
  within: (number | null)[];
  between: (number | null)[];
  ranking: (number | null)[];
  tied: number;
  enrichment: EnrichmentRow[];
}

/** A score that every item has. */
export interface ItemScoreRow {
  name: string;
  higher_is_similar: boolean;
  chance: number | null;
}

export interface SpectralInfo {
  names: string[];
  eigenvalues: number[];
  noise_floor: number;
  /** Leading eigenvalues under permuted pairing, signed. */
  unrelated: number[];
  spec_diff: number;
  sentence: string;
  provenance: string;
  /** What helps where an eigenvector is nearly constant. */
  constant_remedy: string;
  notes: string[];
}

/** How the items were drawn, and whether maps on which neighbours lie together are there or can be. */
export interface DrawnState {
  /** Of `map_x` and `map_y`: "pca", "umap" or "given". */
  method: string;
  /** Titles of their axes, right and up, of X and of Y; then those of the maps of neighbours. */
  axes: string[][];
  neighbor_axes: string[][];
  first: "plain" | "neighbors";
  status: "offered" | "drawing" | "ready" | "missing" | "none" | "failed";
  /** Why not, or what to do about it. */
  told: string;
}

/** Which kernel's groups are shown: those that are close together, or those along broad directions. */
export type Which = "close" | "broad";

/** The switch between the two: why it cannot be used, if so, and what is on its way. */
export interface Directions {
  shown: Which | "";
  reason: string;
  wanted: Which | "";
  share: number;
  what: string;
}

export interface State {
  n: number;
  k_max: number;
  names: string[];
  sentence: string;
  provenance: string;
  notes: string[];
  scores: ScoreRow[];
  /** Where neighbours were searched for of the first items only, among how many; the others are their neighbours. */
  sample: { searched: number; among: number } | Record<string, never>;
  /** The sizes k that counts are of, ascending; empty where it is every one from 1 to k_max. */
  count_sizes: number[];
  /** (searched, sizes) */
  counts: WireArray;
  similarities: WireArray;
  curve: WireArray;
  null: WireArray;
  /** Of NNGS, low and high, then of the share of neighbours kept: (4, k_max); empty without. */
  interval: WireArray;
  /** Of re-runs of X's model against X, least, mean and largest NNGS, then mutual kNN: (6, k_max); empty without. */
  runs: WireArray;
  map_x: WireArray;
  map_y: WireArray;
  /** Empty, as is the next, until they are drawn. */
  map_x_neighbors: WireArray;
  map_y_neighbors: WireArray;
  drawn: DrawnState | Record<string, never>;
  neighbors_x: WireArray;
  neighbors_y: WireArray;
  label_names: string[];
  label_codes: WireArray;
  texts: string[];
  tiles: TileLayout | Record<string, never>;
  changed: WireArray;
  changed_value: WireArray;
  changed_p: WireArray;
  /** (4, classes, sizes): low and high of a class's mean share kept, then of its difference to all; empty until known. */
  class_interval: WireArray;
  /** Whether an item's p follows from how many neighbours it shares: not where there are placeholders. */
  p_by_count: boolean;
  item_scores: ItemScoreRow[];
  /** (scores, n), NaN where an item has none. */
  item_values: WireArray;
  /** Empty, as are the six that follow, until a spectral comparison is on the scene. */
  clusters: ClusterRow[];
  spectral: SpectralInfo | Record<string, never>;
  /** (clusters, n); of very many items of the first clusters only, in steps of 1/127 of the largest about 128. */
  loadings: WireArray;
  /** Members of all clusters, one cluster after the other, strongest first. */
  member_rows: WireArray;
  /** How many of each cluster's members these are; empty where they are all. */
  members_listed: number[];
  /** (clusters, 4, bins): within X, between X, within Y, between Y. */
  histograms: WireArray;
  /** (clusters, 2, bins + 1) */
  edges: WireArray;
  /** (clusters, r), padded with 2³² − 1. */
  nearest: WireArray;
  directions: Directions | Record<string, never>;
  error: string;
  /** Names what the scene's frames share; empty where no others are. */
  channel: string;
  /** What is shared with each scene that it is linked to, and by which channel. */
  shares: { channel: string; traits: string[] }[];
  k: number;
  cluster: number;
  hovered: number;
  selected: WireArray;
  selections: NamedRows;
}

export type Model = Pick<AnyModel<State>, "get" | "set" | "on" | "off" | "save_changes" | "send">;

/** How the page finds another scene. */
export type Host = Pick<RenderProps["host"], "getWidget">;

/** What every view is given: data to read, linked state to follow, and the way to mount another view. */
export interface MountOptions {
  options?: Record<string, unknown>;
  signal: AbortSignal;
  /** Only for views that show other scenes within. */
  host?: Host;
}
export type Mount = (kind: string, el: HTMLElement, how: MountOptions) => void;
