/**
 * The linked state of one scene.
 *   synced  k, hovered, selected, named selections, cluster
 *   view    pinned item, class pointed at, status text, history of selections
 * Views read and write here; they hear each other in the browser at once, also from frame to frame. Python hears k,
 * hovered and cluster a moment after they come to rest, and a selection when it is made.
 */

import type { Frames } from "../page/frames";
import { saveChanges, sendMessage } from "../page/tell_python";
import { acrossFrames, type Shared } from "./across_frames";
import { decodeRows, encodeRows } from "./arrays";
import { sameGroups } from "./clusters";
import { nearestSize } from "./curves";
import type { ClusterRow, Model } from "./scene";
import { encodeNamed, History, type Named, readNamed, sameNamed, sameRows } from "./selection";

/**
 * "cluster": another one is open; "clusters", "scores", "drawn": Python has put others on the scene; "renamed": the same
 * clusters under other names; "directions": how the switch between them stands; "lists": neighbours asked for are here.
 */
type LinkedEvent =
  | "k"
  | "hovered"
  | "selected"
  | "named"
  | "pinned"
  | "pointed"
  | "cluster"
  | "clusters"
  | "renamed"
  | "directions"
  | "scores"
  | "drawn"
  | "lists"
  | "status"
  | "error";

const REST_MS = 150;
const HOVER_MS = 100;

export class Linked {
  k: number;
  hovered: number;
  selected: Uint32Array;
  /** Selections under names. */
  named: readonly Named[];
  cluster: number;
  pinned = -1;
  /** The class that a legend or a table points at, -1 for none. */
  pointed = -1;
  status = "";
  private readonly listeners = new Map<LinkedEvent, Set<() => void>>();
  private readonly history = new History();
  private readonly timers: { [name in Shared]?: ReturnType<typeof setTimeout> } = {};
  private clusters: readonly ClusterRow[];
  private readonly frames: Frames;

  constructor(
    private readonly model: Model,
    signal: AbortSignal,
  ) {
    const takes = {
      value: (name: Shared, value: number | Uint32Array) => this.take(name, value),
      tell: (name: Shared) => this.commitLater(name),
      pinned: (row: number) => this.pin(row),
      named: (named: readonly Named[]) => this.takeNamed(named),
    };
    this.frames = acrossFrames(model, takes, signal);
    this.k = this.clamp(model.get("k"));
    this.hovered = model.get("hovered") ?? -1;
    this.selected = decodeRows(model.get("selected"));
    this.named = readNamed(model.get("selections"));
    this.cluster = model.get("cluster") ?? -1;
    this.clusters = model.get("clusters") ?? [];
    const changes = {
      "change:k": () => this.hear("k"),
      "change:hovered": () => this.hear("hovered"),
      "change:selected": () => this.hear("selected"),
      "change:selections": () => this.takeNamed(readNamed(model.get("selections"))),
      "change:cluster": () => this.hear("cluster"),
      "change:clusters": () => this.renew(),
      "change:directions": () => this.emit("directions"),
      "change:item_scores": () => this.emit("scores"),
      "change:drawn": () => this.emit("drawn"),
      "change:error": () => this.emit("error"),
      "change:shares": () => this.frames.link(this.model.get("shares") ?? []),
    };
    for (const [name, heard] of Object.entries(changes)) model.on(name as "change:k", heard);
    signal.addEventListener("abort", () => {
      for (const [name, heard] of Object.entries(changes)) model.off(name as "change:k", heard);
      for (const timer of Object.values(this.timers)) clearTimeout(timer);
      this.listeners.clear();
    });
  }

  on(event: LinkedEvent, heard: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    const all = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, all.add(heard));
    signal.addEventListener("abort", () => all.delete(heard));
  }

  get listenerCount(): number {
    return [...this.listeners.values()].reduce((sum, all) => sum + all.size, 0);
  }

  get error(): string {
    return this.model.get("error") ?? "";
  }

  /** Python hears of it when it has rested a while, now, or (while something is held) not yet. */
  setK(k: number, tell: "rested" | "now" | "not yet" = "rested"): void {
    const next = this.clamp(k);
    clearTimeout(this.timers.k);
    if (next !== this.k) {
      this.k = next;
      this.frames.tell("k", next);
      this.emit("k");
    }
    if (tell === "now") this.commit("k", this.k);
    else if (tell === "rested") this.commitLater("k");
  }

  /** So many sizes on, of those there are: at least to the next. */
  stepK(step: number): void {
    const ks = this.model.get("count_sizes") ?? [];
    const next = ks[Math.max(0, Math.min(ks.length - 1, ks.indexOf(this.k) + Math.sign(step)))] ?? this.k;
    this.setK(Math.abs(step) > Math.abs(next - this.k) ? this.k + step : next);
  }

  /** The item pointed at, else the one that is kept; -1 for none. */
  get item(): number {
    return this.hovered >= 0 ? this.hovered : this.pinned;
  }

  setHovered(row: number): void {
    if (row === this.hovered) return;
    this.hovered = row;
    this.frames.tell("hovered", row);
    this.emit("hovered");
    this.commitLater("hovered");
  }

  setCluster(index: number): void {
    if (index === this.cluster) return;
    this.cluster = index;
    this.frames.tell("cluster", index);
    this.emit("cluster");
    this.commitLater("cluster");
  }

  setPinned(row: number): void {
    if (row === this.pinned) return;
    this.frames.tell("pinned", row);
    this.pin(row);
  }

  private pin(row: number): void {
    const other = row !== this.pinned;
    this.pinned = row;
    if (other) this.emit("pinned");
  }

  setPointed(code: number): void {
    if (code === this.pointed) return;
    this.pointed = code;
    this.emit("pointed");
  }

  select(rows: Uint32Array): void {
    if (sameRows(rows, this.selected)) return;
    this.remember();
    this.putSelected(rows);
  }

  /** Whether selections can be named on this scene. */
  get names(): boolean {
    return this.model.get("selections") !== undefined;
  }

  setNamed(named: readonly Named[]): void {
    if (sameNamed(named, this.named)) return;
    this.remember();
    this.putNamed(named);
  }

  undo(): boolean {
    const past = this.history.undo();
    if (past && !sameRows(past.selected, this.selected)) this.putSelected(past.selected);
    if (past && !sameNamed(past.named, this.named)) this.putNamed(past.named);
    return past !== undefined;
  }

  listsCame(): void {
    this.emit("lists");
  }

  say(text: string): void {
    this.status = text;
    this.emit("status");
  }

  /** Asks Python for something; whether there is anybody to ask. */
  ask(message: object): boolean {
    return sendMessage(this.model, message);
  }

  private putSelected(rows: Uint32Array): void {
    this.selected = rows;
    this.frames.tell("selected", rows);
    this.emit("selected");
    this.commitLater("selected");
  }

  private putNamed(named: readonly Named[]): void {
    this.named = named;
    this.frames.tell("named", named);
    this.emit("named");
    this.commitLater("selections");
  }

  private remember(): void {
    this.history.remember({ selected: this.selected, named: this.named });
  }

  private takeNamed(named: readonly Named[]): void {
    if (sameNamed(named, this.named)) return;
    this.remember();
    this.named = named;
    this.emit("named");
  }

  /** When it has rested a while; a selection now. */
  private commitLater(name: Shared | "selections"): void {
    if (name === "selected" || name === "selections") {
      this.model.set(name, name === "selected" ? encodeRows(this.selected) : encodeNamed(this.named));
      saveChanges(this.model);
    } else if (name === "hovered") {
      this.timers.hovered ??= setTimeout(() => {
        this.timers.hovered = undefined;
        this.commit("hovered", this.hovered);
      }, HOVER_MS);
    } else {
      clearTimeout(this.timers[name]);
      this.timers[name] = setTimeout(() => this.commit(name, this[name]), REST_MS);
    }
  }

  private commit(name: "k" | "hovered" | "cluster", value: number): void {
    if (this.model.get(name) === value) return;
    this.model.set(name, value);
    saveChanges(this.model);
  }

  /** A change that came from Python, or the echo of our own, which is then already here. */
  private hear(name: Shared): void {
    if (name === "selected") this.take(name, decodeRows(this.model.get("selected")));
    else this.take(name, this.model.get(name));
  }

  private take(name: Shared, value: number | Uint32Array): void {
    if (value instanceof Uint32Array) {
      if (sameRows(value, this.selected)) return;
      this.remember();
      this.selected = value;
    } else {
      const next = name === "k" ? this.clamp(value) : value;
      if (name === "selected" || next === this[name]) return;
      this[name] = next;
    }
    this.emit(name);
  }

  /** Other clusters: what was open or about to be told is none of them. The same under other names stay open. */
  private renew(): void {
    const before = this.clusters;
    this.clusters = this.model.get("clusters") ?? [];
    if (sameGroups(before, this.clusters)) {
      this.emit("renamed");
      return;
    }
    clearTimeout(this.timers.cluster);
    this.cluster = this.model.get("cluster");
    this.emit("clusters");
    this.emit("cluster");
  }

  private emit(event: LinkedEvent): void {
    for (const heard of [...(this.listeners.get(event) ?? [])]) heard();
  }

  private clamp(k: number): number {
    return nearestSize(k, this.model.get("k_max"), this.model.get("count_sizes") ?? []);
  }
}
