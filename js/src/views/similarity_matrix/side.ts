/**
 * Beside a heat map: what its colours mean, and the map of the spaces.
 *   synced  nothing   view  nothing
 */

import { h, svg } from "../../page/dom";
import { FONT } from "../../page/theme";
import type { HeatSpec } from "./heatmap";
import { drawScale, KEY_HEIGHT, keyLines, quantityTitle } from "./key";
import { drawModelMap, type MapSpec, nearest, type Point } from "./model_map";

export const SIDE = 300;

export class MatrixSide {
  readonly node: HTMLElement;
  private readonly title = h("p", { class: "embw-key-title" });
  private readonly scale = svg("svg", { class: "embw-scale-bar", "aria-hidden": "true", "font-family": FONT });
  private readonly lines = h("ul", { class: "embw-key-lines" });
  private readonly map = svg("svg", { class: "embw-model-map", role: "img" });
  private readonly caption = h("figcaption", {});
  private points: Point[] = [];

  /** `hovered` is told the space under the pointer in the map, or -1. */
  constructor(hovered: (space: number) => void, signal: AbortSignal) {
    const figure = h("figure", { class: "embw-model-figure" }, this.caption, this.map);
    this.node = h("div", { class: "embw-matrix-side" }, h("div", {}, this.title, this.scale, this.lines), figure);
    const moved = (e: PointerEvent) => {
      const box = this.map.getBoundingClientRect();
      hovered(nearest(this.points, e.clientX - box.left, e.clientY - box.top));
    };
    this.map.addEventListener("pointermove", moved, { signal });
    this.map.addEventListener("pointerleave", () => hovered(-1), { signal });
  }

  drawKey(spec: HeatSpec, width: number): void {
    const { data, quantity } = spec;
    this.title.textContent = quantityTitle(data, quantity);
    const wide = Math.min(SIDE, width) - 8;
    this.scale.setAttribute("width", String(wide + 4));
    this.scale.setAttribute("height", String(KEY_HEIGHT));
    this.scale.replaceChildren(drawScale(spec, wide));
    this.lines.replaceChildren(...keyLines(data, quantity).map((line) => h("li", {}, line)));
  }

  drawMap(spec: Omit<MapSpec, "width" | "height">, width: number): void {
    const wide = Math.min(SIDE, width);
    const [a, b] = spec.data.networks;
    this.caption.textContent = spec.data.layered ? `Map of the layers: ● ${a}, □ ${b}` : "Map of the spaces";
    this.points = drawModelMap(this.map, { ...spec, width: wide, height: Math.round(0.82 * wide) });
    this.map.setAttribute("aria-label", `Map of ${spec.data.m} spaces: the nearer, the more alike`);
  }
}
