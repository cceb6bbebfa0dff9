/**
 * Where the points are, and what the meters say of that.
 *   synced  posture, k, points_x, points_y, meters   view  the item pointed at, the pinned one, what can be undone
 * A drag stays in the page; Python hears of it when the point is let go.
 */
import type { Points } from "../../meters/neighbours";
import { type Meters, type Side, sideOf, threeMeters } from "../../meters/three_meters";
import { saveChanges } from "../../page/tell_python";
import { decode } from "../../state/arrays";
import type { PlaygroundModel, PostureRow } from "../../state/playground";

/** "posture": other points altogether; "points": some have moved; "item": another is pointed at. */
export type PlayEvent = "posture" | "points" | "k" | "item";

interface Moment {
  points: [Points, Points];
  posture: string;
  k: number;
}

const MOST_UNDONE = 200;
const TRAITS = ["points_x", "points_y"] as const;
/** As far out as Python takes a point. */
const MOST = 1e6;

export class Arrangement {
  readonly postures: readonly PostureRow[];
  readonly groups: Uint8Array;
  readonly n: number;
  posture: string;
  k: number;
  hovered = -1;
  pinned = -1;
  private points: [Points, Points];
  private sides: [Side | undefined, Side | undefined] = [undefined, undefined];
  private found: Meters | undefined;
  private held: Moment | undefined;
  private readonly past: Moment[] = [];
  private readonly layouts: Float64Array;
  private readonly listeners: ((event: PlayEvent) => void)[] = [];
  private telling = false;

  constructor(
    private readonly model: PlaygroundModel,
    signal: AbortSignal,
  ) {
    this.postures = model.get("postures");
    this.groups = decode(model.get("groups")) as Uint8Array;
    this.n = this.groups.length;
    this.layouts = decode(model.get("layouts")) as Float64Array;
    this.posture = model.get("posture");
    this.k = model.get("k");
    this.points = this.given();
    const changes = { "change:posture": "posture", "change:points_x": "points", "change:points_y": "points" } as const;
    const heard = Object.entries(changes).map(([name, event]) => [name, () => this.hear(event)] as const);
    const all = [...heard, ["change:k", () => this.hear("k")] as const];
    for (const [name, listener] of all) model.on(name as "change:k", listener);
    signal.addEventListener("abort", () => {
      for (const [name, listener] of all) model.off(name as "change:k", listener);
      this.listeners.length = 0;
    });
  }

  on(heard: (event: PlayEvent) => void): void {
    this.listeners.push(heard);
  }

  side(space: 0 | 1): Side {
    const known = this.sides[space] ?? sideOf(this.points[space]);
    this.sides[space] = known;
    return known;
  }

  get meters(): Meters {
    this.found ??= threeMeters(this.side(0), this.side(1));
    return this.found;
  }

  /** The item whose neighbours are shown: pointed at, else pinned; -1 for none. */
  get item(): number {
    return this.hovered >= 0 ? this.hovered : this.pinned;
  }

  get row(): PostureRow | undefined {
    return this.postures.find((one) => one.name === this.posture);
  }

  take(name: string): void {
    const index = this.postures.findIndex((one) => one.name === name);
    if (index < 0) return;
    this.remember();
    const size = 2 * this.n;
    const start = 2 * index * size;
    const [x, y] = [start, start + size].map((from) => this.layouts.slice(from, from + size));
    this.k = this.postures[index].k;
    this.put({ points: [x, y], posture: name }, "posture");
    this.tell();
  }

  setK(k: number): void {
    const next = Math.max(1, Math.min(this.n - 1, Math.round(k)));
    if (next === this.k) return;
    this.k = next;
    this.emit("k");
  }

  point(row: number): void {
    if (row === this.hovered) return;
    this.hovered = row;
    this.emit("item");
  }

  pin(row: number): void {
    this.pinned = this.pinned === row ? -1 : row;
    this.emit("item");
  }

  /** Moves rows of one space by so much; what was before can be had again once they are let go. */
  move(space: 0 | 1, rows: readonly number[], dx: number, dy: number): void {
    this.held ??= this.moment;
    const moved = this.points[space].slice();
    for (const row of rows) {
      moved[2 * row] = within(moved[2 * row] + dx);
      moved[2 * row + 1] = within(moved[2 * row + 1] + dy);
    }
    const points: [Points, Points] = [...this.points];
    points[space] = moved;
    this.put({ points, posture: "" }, "points");
  }

  /** The end of a drag, or of a run of keys. */
  letGo(): void {
    if (!this.held) return;
    this.past.push(this.held);
    this.held = undefined;
    this.tell();
  }

  /** Whether points are being moved. */
  get holding(): boolean {
    return this.held !== undefined;
  }

  get undoable(): boolean {
    return this.past.length > 0 || this.held !== undefined;
  }

  undo(): boolean {
    const last = this.held ?? this.past.pop();
    this.held = undefined;
    if (!last) return false;
    // k belongs to a posture; within one, whoever moved it meant it.
    if (last.posture !== this.posture) this.k = last.k;
    this.put(last, "points");
    this.tell();
    return true;
  }

  /** Python hears of the points, of k and of the meters. */
  tell(): void {
    const { nngs, cka, spec } = this.meters;
    this.telling = true;
    this.model.set("posture", this.posture);
    this.model.set("k", this.k);
    for (const [i, name] of TRAITS.entries()) this.model.set(name, wire(this.points[i]));
    this.model.set("meters", { nngs: known(nngs[this.k - 1]), cka: known(cka), spec: known(spec.value) });
    saveChanges(this.model);
    this.telling = false;
  }

  private get moment(): Moment {
    return { points: [...this.points], posture: this.posture, k: this.k };
  }

  private remember(): void {
    this.past.push(this.held ?? this.moment);
    this.held = undefined;
    if (this.past.length > MOST_UNDONE) this.past.shift();
  }

  private put({ points, posture }: Omit<Moment, "k">, event: "posture" | "points"): void {
    for (const space of [0, 1] as const) if (points[space] !== this.points[space]) this.sides[space] = undefined;
    this.points = points;
    this.posture = posture;
    this.found = undefined;
    this.emit(event);
  }

  private given(): [Points, Points] {
    return TRAITS.map((name) => (decode(this.model.get(name)) as Float64Array).slice()) as [Points, Points];
  }

  /** Python has put something else. */
  private hear(event: "posture" | "points" | "k"): void {
    if (this.telling) return;
    if (event === "k") {
      this.setK(this.model.get("k"));
      return;
    }
    const points = this.given();
    const posture = this.model.get("posture");
    const same = points.every((side, space) => side.every((value, i) => value === this.points[space][i]));
    if (same && posture === this.posture) return;
    this.held = undefined;
    this.put({ points, posture }, posture ? "posture" : "points");
  }

  private emit(event: PlayEvent): void {
    for (const heard of [...this.listeners]) heard(event);
  }
}

const within = (value: number): number => Math.max(-MOST, Math.min(MOST, value));
const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

function wire(points: Points) {
  return { dtype: "<f8" as const, shape: [points.length / 2, 2], data: new DataView(points.slice().buffer) };
}
