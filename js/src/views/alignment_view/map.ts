/**
 * The one map of an alignment: items on their way from before to after, trails, and their places in the target.
 *   synced  reads position, hovered, selected, cluster; writes hovered and selected
 *   view    zoom, tool, pinned item, the outline being drawn
 */

import type { Frame } from "../../controls/frame";
import { maskOf } from "../../map/colouring";
import type { Outline } from "../../map/lasso";
import { wireMap } from "../../map/map_input";
import { drawOverlay } from "../../map/overlay";
import { PointMap } from "../../map/point_map";
import { makeRing } from "../../map/splat";
import { MapTools } from "../../map/tools";
import { h, perFrame } from "../../page/dom";
import { shorten } from "../../page/graphemes";
import { changeColours, mix, parseHex, toPixel } from "../../page/palette";
import { AlignmentColouring, type AlignmentMode } from "./colours";
import type { AlignmentContext } from "./context";
import { FITTED, HELD_OUT } from "./data";
import { drawPointers, drawTrails } from "./trails";

export const MOST_TRAILS = 100;

/** What of the map can be turned on and off. */
export interface Shown {
  mode: AlignmentMode;
  trails: boolean;
  targets: boolean;
  heldOutOnly: boolean;
}

export class AlignmentMap {
  readonly map: PointMap;
  readonly node: HTMLElement;
  readonly tools: MapTools;
  readonly colouring: AlignmentColouring;
  private readonly current: Float32Array;
  private outline: Outline | undefined;
  private targets: { key: string; pixels: Uint32Array } | undefined;
  private trails: readonly number[] = [];
  private among = 0;
  readonly paintSoon: () => void;
  private readonly overlaySoon: () => void;

  constructor(
    private readonly frame: Frame,
    private readonly context: AlignmentContext,
    private readonly shown: Shown,
    /** Told after each time the points have been drawn. */
    private readonly painted: () => void,
    private readonly signal: AbortSignal,
  ) {
    const { data, scene } = context;
    this.colouring = new AlignmentColouring(data, scene);
    this.current = new Float32Array(2 * data.n);
    this.paintSoon = perFrame(() => this.paint(), signal);
    this.overlaySoon = perFrame(() => this.overlay(), signal);
    const name = `${data.names[0]} on its way to ${data.names[1]}`;
    const moved = () => {
      this.targets = undefined;
      this.paintSoon();
    };
    this.map = new PointMap(this.current, name, moved, signal, extentOf([data.before, data.after, data.target]));
    this.node = this.map.node;
    this.tools = new MapTools([this.map], signal);
    Object.assign(this.node, { embw: { project: (row: number) => this.map.project(row) } });
    this.wire();
    this.follow();
    this.chooseTrails();
  }

  /** The rows of which trails are drawn: of the selected or the open group's items, else of all, those that move most. */
  private chooseTrails(): void {
    const { data, linked } = this.context;
    const members = linked.cluster >= 0 ? data.members(linked.cluster) : undefined;
    const among = linked.selected.length > 0 ? linked.selected : members;
    this.trails = data.movers(MOST_TRAILS, among);
    this.among = (among ?? data.heldOut).length;
  }

  /** Of how many items there are lines, and how many might have some. */
  get lines(): { drawn: number; of: number } {
    return { drawn: this.trails.length, of: this.among };
  }

  private follow(): void {
    const { linked, position } = this.context;
    const { signal } = this;
    const chosen = () => {
      this.chooseTrails();
      this.paintSoon();
    };
    linked.on("selected", chosen, signal);
    linked.on("cluster", chosen, signal);
    linked.on("hovered", this.overlaySoon, signal);
    const pinned = () => {
      if (linked.pinned >= 0) this.map.reveal(linked.pinned);
      this.overlaySoon();
    };
    linked.on("pinned", pinned, signal);
    let last = position.value;
    const slid = () => {
      if (position.value === last) return;
      last = position.value;
      this.paintSoon();
    };
    position.on(slid, signal);
    const retheme = () => {
      this.targets = undefined;
      this.paintSoon();
    };
    this.frame.onTheme(retheme);
  }

  /** Draws anew after what is shown has changed. */
  renew(): void {
    this.targets = undefined;
    this.paintSoon();
  }

  /** Where every item is now; nowhere, where it is not to be seen. */
  private slide(): void {
    const { data, position } = this.context;
    const { before, after, parts } = data;
    const { current } = this;
    const t = position.value;
    for (let i = 0; i < current.length; i++) current[i] = before[i] + (after[i] - before[i]) * t;
    if (!this.shown.heldOutOnly) return;
    for (let i = 0; i < parts.length; i++) if (parts[i] !== HELD_OUT) current[2 * i] = current[2 * i + 1] = Number.NaN;
  }

  private paint(): void {
    const { linked, data, position } = this.context;
    const { theme } = this.frame;
    const { map, node, shown } = this;
    this.slide();
    const mask = maskOf(linked.selected, data.n);
    const { look, dimmed, ring } = this.colouring.look(shown.mode, position.value, theme, map.pointRadius * map.ratio);
    map.paint(look, theme, mask && { mask, dimmed, ring }, shown.targets ? this.targetLayer() : undefined);
    node.dataset.painted = String(Number(node.dataset.painted ?? 0) + 1);
    node.dataset.position = position.value.toFixed(3);
    node.dataset.selected = String(linked.selected.length);
    this.overlay();
    this.painted();
  }

  /** The target's places do not move: painted once for every zoom and theme. */
  private targetLayer(): Uint32Array {
    const { data } = this.context;
    const { theme } = this.frame;
    const key = `${this.map.base.width} ${this.shown.heldOutOnly}`;
    if (this.targets?.key === key) return this.targets.pixels;
    const ink = mix(theme.background, parseHex(changeColours(theme.dark).onlyY), 0.45);
    const style = Uint16Array.from(data.parts, (part) => (part === HELD_OUT ? 0 : 1));
    const radius = Math.max(1.2, (this.map.pointRadius - 0.4) * this.map.ratio);
    const none = { size: 1, alpha: new Uint8Array(1) };
    const stamps = [makeRing(radius), this.shown.heldOutOnly ? none : makeRing(radius, 0.4)];
    const colours = Uint32Array.of(toPixel(ink), toPixel(ink));
    const pixels = this.map.layer(data.target, { style, colours, stamps }, theme);
    this.targets = { key, pixels };
    return pixels;
  }

  private overlay(): void {
    const { linked, scene, data, position } = this.context;
    const { hovered, pinned } = linked;
    const { map, node, shown } = this;
    const { theme } = this.frame;
    const item = this.item;
    const hidden = item >= 0 && shown.heldOutOnly && data.parts[item] !== HELD_OUT;
    const caption = item >= 0 && !hidden ? shorten(scene.describe(item), 40) : "";
    const trails = shown.trails ? this.trails : [];
    const beneath = (context: CanvasRenderingContext2D) => {
      drawTrails(context, map, data.before, trails, position.value, theme);
      drawPointers(context, map, data.target, this.pointing(), theme);
    };
    const points = hidden ? { hovered: -1, pinned: -1 } : { hovered, pinned };
    const focused = node.matches(":focus");
    const more = { change: undefined, space: 0 as const, caption, outline: this.outline, keyboardFocus: focused };
    drawOverlay(map, { ...points, ...more, beneath }, theme);
    node.dataset.hovered = String(hovered);
    node.dataset.pinned = String(pinned);
    node.dataset.trails = String(trails.length);
  }

  private get item(): number {
    return this.context.linked.item;
  }

  /** The items that point at their places in the target: the one pointed at, and those of a selection with trails. */
  private pointing(): number[] {
    const { linked } = this.context;
    const rows = linked.selected.length > 0 ? this.trails : [];
    const all = this.item >= 0 ? [...rows, this.item] : [...rows];
    return all.filter((row) => Number.isFinite(this.current[2 * row]));
  }

  private wire(): void {
    const { linked, position } = this.context;
    const input = {
      tool: () => this.tools.tool,
      outline: (outline: Outline | undefined) => {
        this.outline = outline;
        this.overlaySoon();
      },
      tell: (row: number) => this.context.tell(row),
      more: { a: () => position.toggle() },
    };
    wireMap(this.map, linked, input, this.signal);
  }
}

/** Two corners between which all of these points lie. */
function extentOf(maps: readonly Float32Array[]): Float32Array {
  const corners = Float32Array.of(Infinity, Infinity, -Infinity, -Infinity);
  for (const map of maps) {
    for (let i = 0; i < map.length; i++) {
      corners[i % 2] = Math.min(corners[i % 2], map[i]);
      corners[2 + (i % 2)] = Math.max(corners[2 + (i % 2)], map[i]);
    }
  }
  return corners;
}

/** What an item had to do with the fit. */
export function partText(part: number): string {
  if (part === HELD_OUT) return "held out";
  return part === FITTED ? "fitted" : "left out";
}

export const mapBox = (map: AlignmentMap, caption: HTMLElement, ...over: HTMLElement[]): HTMLElement =>
  h("figure", { class: "embw-panel" }, caption, h("div", { class: "embw-map-stack" }, map.node, ...over));
