/**
 * What colour each point gets. Pure, but for the buffers a Colouring keeps between draws.
 *   synced  reads k, cluster and selected   view  the mode (label, agreement, loading, selection, a score)
 */

import {
  CLASS_STYLES,
  classStyle,
  diverging,
  mix,
  otherColour,
  parseHex,
  type Rgb,
  ramp,
  type Shape,
  toPixel,
} from "../page/palette";
import { type Theme, tone } from "../page/theme";
import { adjusted, columnOf, jaccard } from "../state/curves";
import type { SceneData } from "../state/data";
import { makeStamp, type PointStyle, type Stamp } from "./splat";

export type ColourMode = "label" | "agreement" | "adjusted" | "loading" | "selection" | `score ${number}`;

/** Which of the items' scores a mode is, -1 for none. */
export const scoreOf = (mode: ColourMode): number => (mode.startsWith("score ") ? Number(mode.slice(6)) : -1);

/** What the colours of a mode are for: the cursor k, the open cluster. */
interface ColourBy {
  mode: ColourMode;
  k: number;
  cluster: number;
}

const STEPS = 256;
const NO_LOADING = STEPS / 2;
/** Loadings beyond this share of the largest are painted over the others. */
const STRONG = 0.3;
const SHAPES: readonly Shape[] = ["circle", "triangle", "square", "diamond"];

/** Number of items for every count of shared neighbours 0..k. */
function sharedHistogram(data: SceneData, k: number): Uint32Array {
  const bins = new Uint32Array(k + 1);
  const { values, n, ks } = data.counts;
  for (let i = 0, at = columnOf(data.counts, k); i < n; i++, at += ks.length) bins[Math.round(values[at])]++;
  return bins;
}

interface AgreementScale {
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
  while (top < k && below + bins[top] < 0.98 * data.counts.n) below += bins[top++];
  const chance = data.chance.nngs[k - 1];
  const value = (x: number) => (mode === "adjusted" ? adjusted(jaccard(x, k), chance) : jaccard(x, k));
  const values = Float64Array.from({ length: k + 1 }, (_, x) => value(x));
  return { low: 0, high: Math.max(values[Math.max(1, top)], 1e-6), values, bins };
}

/** The largest loading of a cluster, whichever its sign: the ends of its colours. */
export function loadingScale(data: SceneData, cluster: number): number {
  let most = 1e-9;
  for (const u of data.spectral.loading(cluster)) if (Math.abs(u) > most) most = Math.abs(u);
  return most;
}

/** Little colour is spent on the many loadings near 0, but they are not all the same. */
export const loadingTone = (share: number): number => Math.sign(share) * Math.abs(share) ** 0.75;

export class Colouring {
  private readonly style: Uint16Array;
  private readonly ranks: Uint16Array;
  private labelled = false;
  /** 1 for the items that are painted over the others: those with a class of their own, those that load strongly. */
  private readonly over: Uint8Array;

  constructor(private readonly data: SceneData) {
    this.style = new Uint16Array(data.n);
    this.over = new Uint8Array(data.n);
    this.ranks = new Uint16Array(data.labelNames.length + 1).fill(CLASS_STYLES);
    data.classes.forEach((c, rank) => {
      this.ranks[c.code] = Math.min(rank, CLASS_STYLES);
    });
  }

  /** Look of the points: their own, dimmed, and the ring around a selected one. */
  look(by: ColourBy, mask: Uint8Array | undefined, theme: Theme, radius: number) {
    const colours = this.colours(by, mask, theme);
    const stamps = stampsOf(by.mode, radius, this.opacity);
    const paint = (rgbs: readonly Rgb[]) => Uint32Array.from(rgbs, toPixel);
    const over = by.mode === "label" || by.mode === "loading" ? this.over : undefined;
    const look: PointStyle = { style: this.style, colours: paint(colours), stamps, over };
    const dimmed = { ...look, colours: paint(colours.map((c) => mix(theme.background, c, 0.22))) };
    const ring = {
      ...look,
      colours: paint(colours.map(() => tone(theme, 1))),
      stamps: stampsOf(by.mode, radius + 1.6),
    };
    return { look, dimmed, ring };
  }

  /** A little light through each point shows where many lie; too many points are drawn solid, which is faster. */
  private get opacity(): number {
    return this.data.n > 40_000 ? 1 : 0.85;
  }

  private colours({ mode, k, cluster }: ColourBy, mask: Uint8Array | undefined, theme: Theme): Rgb[] {
    if (mode === "label") return this.byLabel(theme);
    this.labelled = false;
    if (mode === "loading") return this.byLoading(cluster, theme);
    if (scoreOf(mode) >= 0) return this.byScore(scoreOf(mode), theme);
    if (mode === "selection") {
      if (mask) this.style.set(mask);
      else this.style.fill(0);
      return [tone(theme, 0.4), parseHex(classStyle(1, theme.dark).colour)];
    }
    if (this.data.withheld(k)) {
      this.style.fill(0);
      return [parseHex(otherColour(theme.dark))];
    }
    const scale = agreementScale(this.data, k, mode);
    const steps = scale.values.map((v) => Math.round((STEPS - 1) * Math.max(0, Math.min(1, v / scale.high))));
    const { values, n, ks } = this.data.counts;
    // A mean over ties takes the colour of the nearest whole number of neighbours, as the legend has it.
    for (let i = 0, at = columnOf(this.data.counts, k); i < n; i++, at += ks.length)
      this.style[i] = steps[Math.round(values[at])];
    this.style.fill(STEPS, n);
    return valueColours(theme);
  }

  private byScore(at: number, theme: Theme): Rgb[] {
    const shares = this.data.itemScores.shares(at);
    for (let i = 0; i < this.data.n; i++) {
      this.style[i] = Number.isNaN(shares[i]) ? STEPS : Math.round((STEPS - 1) * shares[i]);
    }
    return valueColours(theme);
  }

  private byLoading(cluster: number, theme: Theme): Rgb[] {
    const loading = this.data.spectral.loading(cluster);
    const scale = loadingScale(this.data, cluster);
    for (let i = 0; i < this.data.n; i++) {
      const share = (loading[i] ?? 0) / scale;
      this.style[i] = NO_LOADING + Math.round((NO_LOADING - 1) * share);
      this.over[i] = Math.abs(share) > STRONG ? 1 : 0;
    }
    const middle = tone(theme, 0.22);
    return Array.from({ length: STEPS }, (_, s) => {
      return diverging(loadingTone((s - NO_LOADING) / (NO_LOADING - 1)), middle, theme.dark);
    });
  }

  private byLabel(theme: Theme): Rgb[] {
    const { codes, labelNames, n } = this.data;
    if (!this.labelled) {
      for (let i = 0; i < n; i++) {
        const code = codes[i] ?? labelNames.length;
        this.style[i] = this.ranks[Math.min(code, labelNames.length)];
        this.over[i] = this.style[i] < CLASS_STYLES ? 1 : 0;
      }
      this.labelled = true;
    }
    const own = Array.from({ length: CLASS_STYLES }, (_, rank) => parseHex(classStyle(rank, theme.dark).colour));
    return [...own, parseHex(otherColour(theme.dark))];
  }
}

/** From the least to the most alike, and that of items without a value. */
const valueColours = (theme: Theme): Rgb[] => [
  ...Array.from({ length: STEPS }, (_, s) => ramp(s / (STEPS - 1), theme.dark)),
  parseHex(otherColour(theme.dark)),
];

function stampsOf(mode: ColourMode, radius: number, opacity = 1): Stamp[] {
  if (mode === "label") return labelStamps(radius, opacity);
  if (mode === "loading") return loadingStamps(radius, opacity);
  const circle = makeStamp("circle", radius, opacity);
  if (mode === "selection") return [circle];
  // Items without a value are told by their shape too.
  return [...new Array<Stamp>(STEPS).fill(circle), makeStamp("square", 0.7 * radius, opacity)];
}

function loadingStamps(radius: number, opacity: number): Stamp[] {
  return Array.from({ length: STEPS }, (_, style) => {
    const { shape, size } = glyphOf("loading", style);
    return makeStamp(shape, radius * size, opacity);
  });
}

/** The shape of a style, and its size as a share of a point's radius: none is told by colour alone. */
export function glyphOf(mode: ColourMode, style: number): { shape: Shape; size: number } {
  if (mode === "label") {
    const { shape } = classStyle(style, false);
    return { shape, size: shape === "circle" ? 1 : 1.12 };
  }
  if (mode === "loading") {
    // Diamonds below 0, circles above, larger the farther.
    const share = (style - NO_LOADING) / (NO_LOADING - 1);
    return { shape: share < 0 ? "diamond" : "circle", size: 0.8 + 0.45 * Math.abs(share) };
  }
  // Items without a value are squares; of a selection style 256 is none.
  return style === STEPS ? { shape: "square", size: 0.7 } : { shape: "circle", size: 1 };
}

/** One stamp per class style, so that style number and stamp number agree; the rest are circles. */
export function labelStamps(radius: number, opacity = 1): Stamp[] {
  const four = SHAPES.map((shape) => makeStamp(shape, shape === "circle" ? radius : radius * 1.12, opacity));
  const all = Array.from({ length: CLASS_STYLES }, (_, rank) => four[SHAPES.indexOf(classStyle(rank, false).shape)]);
  return [...all, four[0]];
}

/** The items of a class. */
export const classMask = (data: SceneData, code: number): Uint8Array =>
  Uint8Array.from({ length: data.n }, (_, i) => (data.codes[i] === code ? 1 : 0));

export function maskOf(rows: Uint32Array, n: number): Uint8Array | undefined {
  if (rows.length === 0) return undefined;
  const mask = new Uint8Array(n);
  for (const row of rows) if (row < n) mask[row] = 1;
  return mask;
}
