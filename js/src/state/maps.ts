/**
 * Where the items are: on plain maps, and on maps where neighbours lie together. Written by Python only; owns no state
 * but what it has decoded.
 */
import { sendMessage } from "../page/tell_python";
import { decode } from "./arrays";
import type { DrawnState, Model, WireArray } from "./scene";

export type MapKind = DrawnState["first"];
type Points = readonly [Float32Array, Float32Array];

const UNTOLD = ["axis 1", "axis 2"] as const;
const NAMES: Record<string, string> = { pca: "PCA", umap: "neighbours", given: "as given" };

/** What is not said, in a scene that Python made without a result, is that there are plain maps alone. */
const PLAIN: DrawnState = { method: "given", axes: [], neighbor_axes: [], first: "plain", status: "none", told: "" };

export class Maps {
  private readonly plain: Points;
  private neighbors: { of: WireArray; points: Points } | undefined;

  constructor(private readonly model: Model) {
    this.plain = this.read("map_x", "map_y");
  }

  get told(): DrawnState {
    return { ...PLAIN, ...this.model.get("drawn") };
  }

  /** The kind to begin with. */
  get first(): MapKind {
    return this.ready && this.told.first === "neighbors" ? "neighbors" : "plain";
  }

  /** Whether there are maps of neighbours. */
  get ready(): boolean {
    return this.told.status === "ready" && (this.model.get("map_x_neighbors")?.shape?.[0] ?? 0) > 0;
  }

  /** What the plain maps are called. */
  get name(): string {
    return NAMES[this.told.method] ?? NAMES.given;
  }

  /** Both spaces' points, interleaved; the plain ones where others are not there yet. */
  of(kind: MapKind): Points {
    if (kind === "plain" || !this.ready) return this.plain;
    const of = this.model.get("map_x_neighbors");
    if (this.neighbors?.of !== of) this.neighbors = { of, points: this.read("map_x_neighbors", "map_y_neighbors") };
    return this.neighbors.points;
  }

  /** Titles of a map's axes: to the right, and upwards. */
  axes(kind: MapKind, space: 0 | 1): readonly [string, string] {
    const { axes, neighbor_axes } = this.told;
    const [right, up] = (kind === "neighbors" ? neighbor_axes : axes)[space] ?? UNTOLD;
    return [right, up];
  }

  /** Asks Python for maps of neighbours; whether it could be asked. */
  ask(): boolean {
    return sendMessage(this.model, { type: "draw_neighbors" });
  }

  private read(x: "map_x" | "map_x_neighbors", y: "map_y" | "map_y_neighbors"): Points {
    return [decode(this.model.get(x)) as Float32Array, decode(this.model.get(y)) as Float32Array];
  }
}
