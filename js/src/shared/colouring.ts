/**
 * What colour each point gets. Pure, but for the buffers a Colouring keeps between draws.
 *   synced  reads k and selected   view  the mode (label, agreement, selection)
 */
import { adjusted, jaccard } from "./curves";
import type { SceneData } from "./data";
import { CLASS_STYLES, classStyle, mix, otherColour, parseHex, type Rgb, ramp, type Shape, toPixel } from "./palette";
import { makeStamp, type PointStyle, type Stamp } from "./splat";
import { type Theme, tone } from "./theme";

export type ColourMode = "label" | "agreement" | "adjusted" | "selection";

const STEPS = 256;
const SHAPES: readonly Shape[] = ["circle", "triangle", "square", "diamond"];

/** Number of items for every count of shared neighbours 0..k. */
export function sharedHistogram(data: SceneData, k: number): Uint32Array {
  const bins = new Uint32Array(k + 1);
  const { values, n, kMax } = data.counts;
  for (let i = 0, at = k - 1; i < n; i++, at += kMax) bins[values[at]]++;
  return bins;
}

export interface AgreementScale {
  /** Ends of the colour ramp in the units of the mode; values beyond them take the end's colour. */
  low: number;
  high: number;
  /** Value for every count of shared neighbours 0..k. */
  values: Float64Array;
  bins: Uint32Array;
}

/** Raw: from 0 to what 98 % of the items stay under; adjusted: the same, read from chance = 0. */
export function agreementScale(data: SceneData, k: number, mode: ColourMode): AgreementScale {
  const bins = sharedHistogram(data, k);
  let below = 0;
  let top = 0;
  while (top < k && below + bins[top] < 0.98 * data.n) below += bins[top++];
  const chance = data.chance.nngs[k - 1];
  const value = (x: number) => (mode === "adjusted" ? adjusted(jaccard(x, k), chance) : jaccard(x, k));
  const values = Float64Array.from({ length: k + 1 }, (_, x) => value(x));
  return { low: 0, high: Math.max(values[Math.max(1, top)], 1e-6), values, bins };
}

export class Colouring {
  private readonly style: Uint16Array;
  private readonly ranks: Uint16Array;
  private labelled = false;
  /** 1 for the items with a class of their own: they are painted over the others. */
  private readonly classed: Uint8Array;

  constructor(private readonly data: SceneData) {
    this.style = new Uint16Array(data.n);
    this.classed = new Uint8Array(data.n);
    this.ranks = new Uint16Array(data.labelNames.length + 1).fill(CLASS_STYLES);
    data.classes.forEach((c, rank) => {
      this.ranks[c.code] = Math.min(rank, CLASS_STYLES);
    });
  }

  /** Look of the points: their own, dimmed, and the ring around a selected one. */
  look(mode: ColourMode, k: number, mask: Uint8Array | undefined, theme: Theme, radius: number) {
    const colours = this.colours(mode, k, mask, theme);
    const stamps = mode === "label" ? labelStamps(radius, this.opacity) : [makeStamp("circle", radius, this.opacity)];
    const paint = (rgbs: readonly Rgb[]) => Uint32Array.from(rgbs, toPixel);
    const over = mode === "label" ? this.classed : undefined;
    const look: PointStyle = { style: this.style, colours: paint(colours), stamps, over };
    const dimmed = { ...look, colours: paint(colours.map((c) => mix(theme.background, c, 0.22))) };
    const ringStamp = mode === "label" ? labelStamps(radius + 1.6) : [makeStamp("circle", radius + 1.6)];
    const ring = { ...look, colours: paint(colours.map(() => tone(theme, 1))), stamps: ringStamp };
    return { look, dimmed, ring };
  }

  /** A little light through each point shows where many lie; too many points are drawn solid, which is faster. */
  private get opacity(): number {
    return this.data.n > 40_000 ? 1 : 0.85;
  }

  private colours(mode: ColourMode, k: number, mask: Uint8Array | undefined, theme: Theme): Rgb[] {
    if (mode === "label") return this.byLabel(theme);
    this.labelled = false;
    if (mode === "selection") {
      if (mask) this.style.set(mask);
      else this.style.fill(0);
      return [tone(theme, 0.4), parseHex(classStyle(1, theme.dark).colour)];
    }
    const scale = agreementScale(this.data, k, mode);
    const steps = scale.values.map((v) => Math.round((STEPS - 1) * Math.max(0, Math.min(1, v / scale.high))));
    const { values, n, kMax } = this.data.counts;
    for (let i = 0, at = k - 1; i < n; i++, at += kMax) this.style[i] = steps[values[at]];
    return Array.from({ length: STEPS }, (_, s) => ramp(s / (STEPS - 1), theme.dark));
  }

  private byLabel(theme: Theme): Rgb[] {
    const { codes, labelNames, n } = this.data;
    if (!this.labelled) {
      for (let i = 0; i < n; i++) {
        const code = codes[i] ?? labelNames.length;
        this.style[i] = this.ranks[Math.min(code, labelNames.length)];
        this.classed[i] = this.style[i] < CLASS_STYLES ? 1 : 0;
      }
      this.labelled = true;
    }
    const own = Array.from({ length: CLASS_STYLES }, (_, rank) => parseHex(classStyle(rank, theme.dark).colour));
    return [...own, parseHex(otherColour(theme.dark))];
  }
}

/** One stamp per class style, so that style number and stamp number agree; the rest are circles. */
function labelStamps(radius: number, opacity = 1): Stamp[] {
  const four = SHAPES.map((shape) => makeStamp(shape, shape === "circle" ? radius : radius * 1.12, opacity));
  const all = Array.from({ length: CLASS_STYLES }, (_, rank) => four[SHAPES.indexOf(classStyle(rank, false).shape)]);
  return [...all, four[0]];
}

export function maskOf(rows: Uint32Array, n: number): Uint8Array | undefined {
  if (rows.length === 0) return undefined;
  const mask = new Uint8Array(n);
  for (const row of rows) if (row < n) mask[row] = 1;
  return mask;
}
