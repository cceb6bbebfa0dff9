/**
 * One map of points: canvases, pan and zoom, painting, picking.
 *   synced  nothing   view  transform (zoom, pan)
 */
import { h, onResize } from "../page/dom";
import { toPixel } from "../page/palette";
import type { Theme } from "../page/theme";
import { layersOf, type Marked, type PointStyle, pick, pickToward, splat } from "./splat";
import { fit, pan, project, type Transform, zoom } from "./transform";
import "./map.css";

const MARGIN = 16;
const MOST_ZOOM = 400;

export class PointMap {
  readonly node: HTMLElement;
  readonly base = h("canvas", { class: "embw-map-base", "aria-hidden": "true" });
  readonly over = h("canvas", { class: "embw-map-over", "aria-hidden": "true" });
  /** Screen positions in CSS pixels, interleaved; up to date after every paint. */
  readonly positions: Float32Array;
  width = 0;
  height = 0;
  ratio = 1;
  private transform: Transform = { scale: 1, x: 0, y: 0 };
  private fitted: Transform = { scale: 1, x: 0, y: 0 };
  private image: ImageData | undefined;
  private device: Float32Array;

  constructor(
    public xy: Float32Array,
    name: string,
    private readonly changed: () => void,
    signal: AbortSignal,
    /** What has to be in sight: more than the points, where they move. */
    private extent = xy,
  ) {
    this.positions = new Float32Array(xy.length);
    this.device = new Float32Array(xy.length);
    const label = `Map of ${name}, ${xy.length / 2} items. Arrow keys move between items, Enter pins, Space selects.`;
    this.node = h(
      "div",
      { class: "embw-map", role: "application", "aria-label": label, tabindex: 0 },
      this.base,
      this.over,
    );
    onResize(this.node, () => this.resize(), signal);
  }

  get zoomLevel(): number {
    return this.transform.scale / this.fitted.scale;
  }

  get pointRadius(): number {
    const n = this.xy.length / 2;
    const base = n <= 300 ? 4.6 : n <= 1200 ? 3.6 : n <= 4000 ? 3 : n <= 12_000 ? 2.4 : n <= 60_000 ? 1.7 : 1.2;
    return Math.min(9, base * this.zoomLevel ** 0.35);
  }

  project(row: number): [number, number] {
    return [this.positions[2 * row], this.positions[2 * row + 1]];
  }

  /** A place of the map on the screen. */
  place(x: number, y: number): [number, number] {
    return [x * this.transform.scale + this.transform.x, this.transform.y - y * this.transform.scale];
  }

  pick(x: number, y: number): number {
    return pick(this.positions, x, y, Math.max(8, this.pointRadius + 4));
  }

  /** The nearest item in a direction; from no item, the one nearest to the middle. */
  step(from: number, dx: number, dy: number): number {
    if (from < 0) return pick(this.positions, this.width / 2, this.height / 2, Infinity);
    return pickToward(this.positions, from, dx, dy);
  }

  zoomBy(factor: number, x = this.width / 2, y = this.height / 2): void {
    const level = this.zoomLevel * factor;
    if (level > MOST_ZOOM || level < 0.2) return;
    this.moveTo(zoom(this.transform, factor, x, y));
  }

  panBy(dx: number, dy: number): void {
    this.moveTo(pan(this.transform, dx, dy));
  }

  fit(): void {
    this.moveTo(this.fitted);
  }

  /** Shows the same items at other places, all of them in sight. */
  move(xy: Float32Array): void {
    this.xy = this.extent = xy;
    if (this.width > 0) this.fitted = fit(xy, this.width, this.height, MARGIN);
    this.fit();
  }

  /** Brings an item into sight without changing the zoom. */
  reveal(row: number): void {
    const [x, y] = this.project(row);
    const near = (at: number, size: number) => (at < MARGIN || at > size - MARGIN ? size / 2 - at : 0);
    const [dx, dy] = [near(x, this.width), near(y, this.height)];
    if (dx || dy) this.panBy(dx, dy);
  }

  private moveTo(transform: Transform): void {
    this.transform = transform;
    this.changed();
  }

  private resize(): void {
    const [width, height] = [this.node.clientWidth, this.node.clientHeight];
    if (width === 0 || height === 0 || (width === this.width && height === this.height)) return;
    const untouched = this.width === 0 || this.zoomLevel === 1;
    const next = fit(this.extent, width, height, MARGIN);
    if (untouched) this.transform = next;
    else this.transform = pan(this.transform, (width - this.width) / 2, (height - this.height) / 2);
    this.fitted = next;
    [this.width, this.height] = [width, height];
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    for (const canvas of [this.base, this.over]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    this.image = undefined;
    this.changed();
  }

  /** Other points of the same map, painted as it is seen now; to be put beneath the map's own. */
  layer(xy: Float32Array, look: PointStyle, theme: Theme): Uint32Array {
    const [width, height] = [this.base.width, this.base.height];
    const pixels = new Uint32Array(width * height).fill(toPixel(theme.background));
    const at = project(xy, this.transform, new Float32Array(xy.length));
    for (let i = 0; i < at.length; i++) at[i] *= this.ratio;
    splat({ pixels, width, height }, at, look);
    return pixels;
  }

  /** Paints all points; with a mask, those outside it dimmed underneath and those inside on top, ringed. */
  paint(look: PointStyle, theme: Theme, marked?: Marked, beneath?: Uint32Array): void {
    const context = this.base.getContext("2d");
    if (!context || this.width === 0) return;
    this.image ??= context.createImageData(this.base.width, this.base.height);
    const surface = {
      pixels: new Uint32Array(this.image.data.buffer),
      width: this.base.width,
      height: this.base.height,
    };
    if (beneath?.length === surface.pixels.length) surface.pixels.set(beneath);
    else surface.pixels.fill(toPixel(theme.background));
    project(this.xy, this.transform, this.positions);
    for (let i = 0; i < this.device.length; i++) this.device[i] = this.positions[i] * this.ratio;
    for (const layer of layersOf(look, marked)) splat(surface, this.device, layer.look, layer.mask, layer.which);
    context.putImageData(this.image, 0, 0);
  }

  /** The overlay's context, cleared and in CSS pixels. */
  overlay(): CanvasRenderingContext2D | null {
    const context = this.over.getContext("2d");
    context?.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context?.clearRect(0, 0, this.width, this.height);
    return context;
  }
}
