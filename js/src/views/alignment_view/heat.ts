/**
 * Three heat maps of the same held-out items in the order of the groups: similarity before, after, and in the target.
 *   synced  writes hovered (the item of the row under the pointer), reads cluster   view  nothing
 */

import { h, svg } from "../../page/dom";
import { value } from "../../page/format";
import { shorten } from "../../page/graphemes";
import { diverging, type Rgb, ramp, toCss, toPixel } from "../../page/palette";
import { FONT, type Theme, tone } from "../../page/theme";
import { decode, type Numbers } from "../../state/arrays";
import type { AlignmentContext } from "./context";
import { groupName } from "./words";
import "./heat.css";

const KEY_STEPS = 64;
const HIGH = 0.99;
const NO_GROUP = 65535;

/** Consecutive items of one group. */
interface Block {
  cluster: number;
  from: number;
  to: number;
}

/** The runs of rows that are of the same group. */
function blocksOf(groups: Numbers): Block[] {
  const blocks: Block[] = [];
  groups.forEach((cluster, at) => {
    const last = blocks[blocks.length - 1];
    if (last?.cluster === cluster && last.to === at) last.to = at + 1;
    else if (cluster !== NO_GROUP) blocks.push({ cluster, from: at, to: at + 1 });
  });
  return blocks;
}

interface HeatRange {
  low: number;
  high: number;
}

/** One scale for all three: from the least similarity to what 99 % of those of different items stay under. */
function heatRange(heat: Numbers, m: number): HeatRange {
  const off = Array.from(heat)
    .filter((v, i) => Number.isFinite(v) && (i % (m * m)) % (m + 1) !== 0)
    .sort((a, b) => a - b);
  const at = (share: number) => off[Math.floor(share * (off.length - 1))] ?? 0;
  const [low, high] = [at(1 - HIGH), at(HIGH)];
  if (low < -0.05 * Math.abs(high)) {
    const far = Math.max(high, -low);
    return { low: -far, high: far };
  }
  return high > low ? { low, high } : { low, high: low + 1 };
}

export class AlignmentHeat {
  readonly node = h("section", { class: "embw-heats", "aria-label": "Similarity of held-out items" });
  private readonly rows: Numbers;
  private readonly heat: Numbers;
  private readonly m: number;
  private readonly range: HeatRange;
  private readonly blocks: Block[];
  private readonly canvases: HTMLCanvasElement[] = [];
  private readonly frames: SVGSVGElement[] = [];
  private readonly reading = h("p", { class: "embw-heat-reading embw-muted embw-number" });
  private readonly key = svg("svg", { class: "embw-heat-key", "aria-hidden": "true", "font-family": FONT });

  constructor(
    private readonly context: AlignmentContext,
    private readonly signal: AbortSignal,
  ) {
    const { model } = context.data;
    this.rows = decode(model.get("heat_rows"));
    this.heat = decode(model.get("heat"));
    this.m = this.rows.length;
    this.range = heatRange(this.heat, this.m);
    this.blocks = blocksOf(decode(model.get("heat_groups")));
    this.build();
    context.linked.on("cluster", () => this.mark(), signal);
  }

  private build(): void {
    const { data, linked } = this.context;
    const [x, y] = data.names;
    // The word first: of a long name only the beginning is seen.
    const titles = [`before · ${x}`, `after · ${x}`, `target · ${y}`];
    const figures = titles.map((title, which) => {
      const canvas = h("canvas", { width: this.m, height: this.m, "aria-hidden": "true" });
      const frame = svg("svg", {
        class: "embw-heat-frames",
        viewBox: `0 0 ${this.m} ${this.m}`,
        "aria-hidden": "true",
      });
      this.canvases.push(canvas);
      this.frames.push(frame);
      const label = `Similarity of ${this.m} held-out items, ${title}; items of one group beside each other`;
      const box = h("div", { class: "embw-heat-square", role: "img", "aria-label": label }, canvas, frame);
      box.addEventListener("pointermove", (e) => this.point(e, box, which), { signal: this.signal });
      box.addEventListener("pointerleave", () => linked.setHovered(-1), { signal: this.signal });
      return h("figure", {}, h("figcaption", { class: "embw-ellipsis", title }, title), box);
    });
    const words = `${this.m} held-out items, those of a group beside each other (framed). A group of ${y} that ${x} lacks is a strong square in the last and not in the first.`;
    const side = h("div", { class: "embw-heat-side" }, h("p", { class: "embw-muted" }, words), this.key, this.reading);
    this.node.append(...figures, side);
  }

  draw(theme: Theme): void {
    const { m, range } = this;
    const size = m * m;
    this.canvases.forEach((canvas, which) => {
      const context = canvas.getContext("2d");
      if (!context) return;
      const image = context.createImageData(m, m);
      const pixels = new Uint32Array(image.data.buffer);
      for (let i = 0; i < size; i++) pixels[i] = toPixel(colourOf(this.heat[which * size + i], range, theme));
      context.putImageData(image, 0, 0);
    });
    this.drawKey(theme);
    this.mark();
  }

  /** Frames around the groups; the open one's is strong. */
  private mark(): void {
    const { data, linked } = this.context;
    const open = linked.cluster;
    for (const frame of this.frames) {
      const boxes = this.blocks.map(({ cluster, from, to }) => {
        const box = { x: from, y: from, width: to - from, height: to - from, fill: "none" };
        const title = svg("title", {}, groupName(data, data.changes[cluster]));
        const look = { "vector-effect": "non-scaling-stroke", "data-group": cluster };
        return svg("rect", { ...box, ...look, class: cluster === open ? "embw-open" : "" }, title);
      });
      frame.replaceChildren(...boxes);
    }
  }

  private point(e: PointerEvent, box: HTMLElement, which: number): void {
    const at = box.getBoundingClientRect();
    const place = (v: number, from: number, size: number) =>
      Math.max(0, Math.min(this.m - 1, Math.floor(((v - from) / size) * this.m)));
    const [row, column] = [place(e.clientY, at.top, at.height), place(e.clientX, at.left, at.width)];
    const { scene, linked } = this.context;
    linked.setHovered(this.rows[row]);
    const pair = [row, column].map((i) => shorten(scene.describe(this.rows[i]), 30)).join(" with ");
    const values = [0, 1, 2].map((w) => value(this.heat[w * this.m * this.m + row * this.m + column]));
    const words = values.map((v, w) => (w === which ? `[${v}]` : v));
    this.reading.textContent = `${pair}: ${words[0]} before, ${words[1]} after, ${words[2]} in ${this.context.data.names[1]}`;
  }

  private drawKey(theme: Theme): void {
    const { low, high } = this.range;
    const [width, height] = [170, 14];
    const ink = toCss(tone(theme, 0.7));
    const bars = Array.from({ length: KEY_STEPS }, (_, s) => {
      const v = low + ((high - low) * s) / (KEY_STEPS - 1);
      const fill = toCss(colourOf(v, this.range, theme));
      return svg("rect", { x: (s * width) / KEY_STEPS, y: 0, width: width / KEY_STEPS + 0.4, height, fill });
    });
    const text = (x: number, words: string, anchor: string) =>
      svg("text", { x, y: height + 14, "font-size": 11, fill: ink, "text-anchor": anchor }, words);
    for (const [name, v] of Object.entries({ width: width + 10, height: height + 32 }))
      this.key.setAttribute(name, String(v));
    this.key.replaceChildren(
      ...bars,
      text(0, `≤ ${value(low)}`, "start"),
      text(width, `≥ ${value(high)}`, "end"),
      text(width / 2, low < 0 ? "0" : value((low + high) / 2), "middle"),
      svg("text", { x: 0, y: height + 29, "font-size": 11, fill: ink }, "similarity, one scale for all"),
    );
  }
}

function colourOf(v: number, { low, high }: HeatRange, theme: Theme): Rgb {
  if (!Number.isFinite(v)) return tone(theme, 0.3);
  if (low < 0) return diverging(Math.max(-1, Math.min(1, v / high)), tone(theme, 0.02), theme.dark);
  return ramp((v - low) / (high - low), theme.dark);
}
