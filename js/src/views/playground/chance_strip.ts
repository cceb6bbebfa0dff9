/** What a meter says of shuffled rows, close up: a dot for each, about the curve of chance. Owns no state. */
import { linear } from "../../chart/axes";
import { svg } from "../../page/dom";

export interface Strip {
  title: string;
  from: number;
  to: number;
  /** The law of chance, up to a factor; undefined where it is not known. */
  density: ((value: number) => number) | undefined;
  dots: readonly number[];
  value: number;
}

const WIDE = 190;
const HIGH = 96;
const BASE = HIGH - 18;
const BINS = 26;
const MOST = 3;
const FEWEST = 40;

export function drawStrip(chart: SVGSVGElement, strip: Strip, short: (v: number) => string): void {
  const x = linear(strip.from, strip.to, 6, WIDE - 6);
  const wide = (WIDE - 12) / BINS;
  const stacks = stacked(strip.dots, (v) => Math.floor((x(v) - 6) / wide));
  const tallest = Math.max(...stacks.map(({ height }) => height + 1), 0);
  const high = curveHeights(strip, (i) => x.invert(6 + (i + 0.5) * wide));
  // Dots and curve have one scale: a curve's height is how many of the dots are to be expected there.
  const step = Math.min(MOST * 2, (BASE - 6) / Math.max(tallest, ...high, 8));
  const radius = Math.min(MOST, wide / 2 - 0.2);
  const dots = stacks.map(({ bin, height }) =>
    svg("circle", { class: "embw-play-grey", cx: 6 + (bin + 0.5) * wide, cy: BASE - step * (height + 0.5), r: radius }),
  );
  chart.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
  chart.replaceChildren(
    ...curve(high, step, wide),
    svg("line", { class: "embw-play-axis", x1: 6, x2: WIDE - 6, y1: BASE, y2: BASE }),
    ...dots,
    ...valueMark(strip, x),
    ...[strip.from, (strip.from + strip.to) / 2, strip.to].map((v, i) =>
      svg("text", { x: x(v), y: HIGH - 5, "text-anchor": ["start", "middle", "end"][i] }, short(v)),
    ),
  );
  chart.setAttribute(
    "aria-label",
    `${strip.title}: ${strip.dots.length} shuffles between ${short(strip.from)} and ${short(strip.to)}`,
  );
}

function stacked(values: readonly number[], binOf: (v: number) => number): { bin: number; height: number }[] {
  const heights = new Map<number, number>();
  return values.map((v) => {
    const bin = Math.max(0, Math.min(BINS - 1, binOf(v)));
    const height = heights.get(bin) ?? 0;
    heights.set(bin, height + 1);
    return { bin, height };
  });
}

/** How many dots the law expects in each bin; of few dots as if there were forty. */
function curveHeights({ density, dots }: Strip, valueAt: (bin: number) => number): number[] {
  if (!density) return [];
  const shares = Array.from({ length: BINS }, (_, bin) => Math.max(0, density(valueAt(bin))));
  const total = shares.reduce((a, b) => a + b, 0) || 1;
  return shares.map((share) => (share / total) * Math.max(FEWEST, dots.length));
}

function curve(high: readonly number[], step: number, wide: number): SVGElement[] {
  if (high.length === 0) return [];
  const line = high.map((v, bin) => `L${(6 + (bin + 0.5) * wide).toFixed(1)} ${(BASE - v * step).toFixed(1)}`).join("");
  return [svg("path", { class: "embw-play-law", d: `M6 ${BASE}${line}L${WIDE - 6} ${BASE}Z` })];
}

/** Where the meter stands; beyond the strip an arrow says so. */
function valueMark({ value, from, to }: Strip, x: (v: number) => number): SVGElement[] {
  if (!Number.isFinite(value)) return [];
  if (value >= from && value <= to) {
    return [svg("line", { class: "embw-play-now", x1: x(value), x2: x(value), y1: 2, y2: BASE })];
  }
  const [at, sign] = value > to ? [WIDE - 3, -1] : [3, 1];
  return [svg("path", { class: "embw-play-now", d: `M${at + sign * 9} 8L${at} 13L${at + sign * 9} 18` })];
}
