/**
 * Colours and glyphs that do not rely on hue alone. Pure; owns no state. Okabe & Ito (2008), on light ground as dark as
 * a contrast of 3 : 1 asks, where letters have it 4.5 : 1 (WCAG 2.2); viridis for ordered values.
 */
export type Rgb = readonly [number, number, number];
export type Shape = "circle" | "triangle" | "square" | "diamond";

const LIGHT = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#2f94cf", "#5b4bb7", "#6b6b6b"];
const DARK = ["#4aa8e0", "#f0803c", "#2cc295", "#e39bc4", "#e0bc4a", "#8fd0f5", "#a596f5", "#b5b5b5"];
const SHAPES: readonly Shape[] = ["circle", "triangle", "square", "diamond"];
const VIRIDIS = [
  "#440154",
  "#482878",
  "#3e4a89",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6ece58",
  "#b5de2b",
  "#fde725",
];

/** Classes beyond this many share one grey: more colour and shape pairs could not be told apart. */
export const CLASS_STYLES = LIGHT.length * SHAPES.length;

export function parseHex(hex: string): Rgb {
  const v = Number.parseInt(hex.slice(1), 16);
  return [v >> 16, (v >> 8) & 255, v & 255];
}

/** The class of this rank in size: eight colours, then the same colours with the next shape. */
export function classStyle(rank: number, dark: boolean): { colour: string; shape: Shape } {
  if (rank >= CLASS_STYLES) return { colour: otherColour(dark), shape: "circle" };
  const colours = dark ? DARK : LIGHT;
  return { colour: colours[rank % colours.length], shape: SHAPES[Math.floor(rank / colours.length)] };
}

const NAMED_LIGHT = ["#5b4bb7", "#a3195b", "#6b5a00", "#00666b"];
const NAMED_DARK = ["#a596f5", "#ff8fc0", "#d8c460", "#5fd0d6"];
const NAMED_DASHES = ["10 3 2 3", "4 2", "1 3", "12 4", "6 2 2 2"];

/** The curve of the named selection at this place. */
export function namedStyle(place: number, dark: boolean): { colour: string; dash: string } {
  const colours = dark ? NAMED_DARK : NAMED_LIGHT;
  const dash = NAMED_DASHES[Math.floor(place / colours.length) % NAMED_DASHES.length];
  return { colour: colours[place % colours.length], dash };
}

export const otherColour = (dark: boolean): string => (dark ? "#7d7d7d" : "#929292");

/** Kept ●, only in X ▲, only in Y ▼. */
export function changeColours(dark: boolean): { kept: string; onlyX: string; onlyY: string } {
  return dark
    ? { kept: "#2cc295", onlyX: "#f5a742", onlyY: "#6db8f2" }
    : { kept: "#006f50", onlyX: "#a84c00", onlyY: "#0068a8" };
}

/** Ordered colours for 0..1; the end that would sink into the background is left out. */
export function ramp(t: number, dark: boolean): Rgb {
  const [from, to] = dark ? [0.24, 1] : [0, 0.92];
  const at = (from + Math.max(0, Math.min(1, t)) * (to - from)) * (VIRIDIS.length - 1);
  const i = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const a = parseHex(VIRIDIS[i]);
  const b = parseHex(VIRIDIS[i + 1]);
  return [0, 1, 2].map((c) => Math.round(a[c] + (b[c] - a[c]) * (at - i))) as unknown as Rgb;
}

/** Below 0 green, above 0 purple (told apart by every kind of colour vision), `middle` at 0; for -1..1. */
export function diverging(t: number, middle: Rgb, dark: boolean): Rgb {
  const [below, above] = dark ? ["#7bd389", "#d79bea"] : ["#1b7837", "#7b2d91"];
  return mix(middle, parseHex(t < 0 ? below : above), Math.min(1, Math.abs(t)));
}

export const toCss = ([r, g, b]: Rgb): string => `rgb(${r}, ${g}, ${b})`;

export const mix = (a: Rgb, b: Rgb, share: number): Rgb =>
  [0, 1, 2].map((c) => Math.round(a[c] + (b[c] - a[c]) * share)) as unknown as Rgb;

/** The pixel as ImageData holds it on a little-endian machine. */
export const toPixel = ([r, g, b]: Rgb): number => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** The colour of such a pixel, for SVG. */
export const pixelCss = (pixel: number): string => toCss([pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]);
