/**
 * A small map of the spaces: the nearer two points, the more alike the two. Unknown axes, so a scale and no ticks.
 *   synced  nothing   view  nothing
 */
import { linear, niceStep } from "../../chart/axes";
import { fitNames, textWidth } from "../../chart/text_names";
import { svg } from "../../page/dom";
import { tidy } from "../../page/format";
import { toCss } from "../../page/palette";
import { FONT, type Theme, tone } from "../../page/theme";
import type { MatrixData } from "./data";

const MARGIN = { left: 14, right: 14, top: 14, bottom: 30 };
const FONT_SIZE = 11;
const RADIUS = 4.5;
const MOST_LABEL = 118;
const NEAR = 22;

export type Point = readonly [number, number];

interface PlacedLabel {
  at: number;
  x: number;
  y: number;
  anchor: "start" | "middle" | "end";
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Points of the map in pixels; both axes have the same scale, which is the second value. */
export function fitMap(xy: Float32Array, width: number, height: number): [Point[], number] {
  const axis = (a: 0 | 1) => Array.from({ length: xy.length / 2 }, (_, i) => xy[2 * i + a]);
  const [xs, ys] = [axis(0), axis(1)];
  const middle = (v: number[]) => (Math.min(...v) + Math.max(...v)) / 2;
  const span = (v: number[]) => Math.max(...v) - Math.min(...v);
  const inner = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  const scale = Math.min(inner[0] / (span(xs) || 1e-9), inner[1] / (span(ys) || 1e-9), 1e6);
  const centre = [MARGIN.left + inner[0] / 2, MARGIN.top + inner[1] / 2];
  const points = xs.map((x, i): Point => {
    return [centre[0] + (x - middle(xs)) * scale, centre[1] - (ys[i] - middle(ys)) * scale];
  });
  return [points, scale];
}

/** Names beside their points, none over another name or point; only the first `sure` are there also without room. */
export function placeLabels(
  points: readonly Point[],
  widths: readonly number[],
  width: number,
  height: number,
  sure = 0,
): PlacedLabel[] {
  const dots: Box[] = points.map(([x, y]) => around(x, y, RADIUS + 1));
  const names: Box[] = [];
  // A name that is no nearer to its own point than to another would be read as the other's.
  const own = (box: Box, at: number) =>
    points.every((point, i) => i === at || apart(point, points[at]) < 2 || gap(box, point) > gap(box, points[at]) + 2);
  const placed: PlacedLabel[] = [];
  points.forEach(([x, y], at) => {
    const inside = placesOf(at, x, y)
      .map((place) => ({ place, box: boxOf(place, widths[at]) }))
      .filter(({ box }) => box.left >= 1 && box.right <= width - 1 && box.top >= 1 && box.bottom <= height - 16);
    const free = inside.filter(({ box }) => !names.some((other) => overlap(box, other)));
    const clear = free.filter(({ box }) => !dots.some((other, i) => i !== at && overlap(box, other)) && own(box, at));
    const found = clear[0] ?? (at < sure ? (free[0] ?? inside[0]) : undefined);
    if (!found) return;
    names.push(found.box);
    placed.push(found.place);
  });
  return placed;
}

function placesOf(at: number, x: number, y: number): PlacedLabel[] {
  const [down, gap] = [0.36 * FONT_SIZE, RADIUS + 7];
  return [
    { at, x: x + gap, y: y + down, anchor: "start" },
    { at, x: x - gap, y: y + down, anchor: "end" },
    { at, x, y: y - gap - 2, anchor: "middle" },
    { at, x, y: y + gap + 0.82 * FONT_SIZE, anchor: "middle" },
    { at, x: x + 2, y: y - gap - 2, anchor: "start" },
    { at, x: x - 2, y: y - gap - 2, anchor: "end" },
    { at, x: x + 2, y: y + gap + 0.82 * FONT_SIZE, anchor: "start" },
    { at, x: x - 2, y: y + gap + 0.82 * FONT_SIZE, anchor: "end" },
  ].map((place) => ({ ...place, anchor: place.anchor as PlacedLabel["anchor"] }));
}

const apart = ([x, y]: Point, [u, v]: Point): number => Math.hypot(x - u, y - v);

const gap = (box: Box, [x, y]: Point): number =>
  Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));

const around = (x: number, y: number, r: number): Box => ({ left: x - r, right: x + r, top: y - r, bottom: y + r });

function boxOf({ x, y, anchor }: PlacedLabel, wide: number): Box {
  const left = anchor === "start" ? x : anchor === "end" ? x - wide : x - wide / 2;
  return { left, right: left + wide, top: y - 0.82 * FONT_SIZE, bottom: y + 0.25 * FONT_SIZE };
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

export interface MapSpec {
  data: MatrixData;
  width: number;
  height: number;
  theme: Theme;
  /** Spaces under the pointer, and the pair that is open. */
  lit: readonly number[];
  open: readonly number[];
}

export function drawModelMap(node: SVGSVGElement, spec: MapSpec): Point[] {
  const { data, width, height, theme } = spec;
  const [points, scale] = fitMap(data.map, width, height);
  for (const [name, v] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT }))
    node.setAttribute(name, String(v));
  const names = fitNames(data.names, (text) => textWidth(text, FONT_SIZE) <= MOST_LABEL);
  const widths = names.map((name) => textWidth(name, FONT_SIZE));
  const first = [...spec.lit, ...spec.open];
  // Who is pointed at has the first choice of a place.
  const ranked = [...new Set([...first, ...data.names.keys()])];
  const labels = placeLabels(
    ranked.map((i) => points[i]),
    ranked.map((i) => widths[i]),
    width,
    height,
    new Set(first).size,
  ).map((label) => ({ ...label, at: ranked[label.at] }));
  node.replaceChildren(
    ...drawLinks(spec, points),
    ...points.map((point, i) => drawPoint(spec, point, i)),
    ...labels.map((label) => drawLabel(spec, label, names[label.at] || data.name(label.at))),
    ...drawRuler(scale, height, theme, data.mapsCalibrated),
  );
  return points;
}

function drawLinks({ lit, open, theme }: MapSpec, points: readonly Point[]): SVGElement[] {
  const line = ([i, j]: readonly number[], dash?: string) => {
    const [[x1, y1], [x2, y2]] = [points[i], points[j]];
    const look = { stroke: toCss(tone(theme, 0.7)), "stroke-width": 1.5, "stroke-dasharray": dash };
    return svg("line", { x1, y1, x2, y2, ...look });
  };
  return [...(open.length === 2 ? [line(open)] : []), ...(lit.length === 2 ? [line(lit, "3 3")] : [])];
}

function drawPoint({ data, lit, open, theme }: MapSpec, [cx, cy]: Point, i: number): SVGElement {
  const [on, kept] = [lit.includes(i), open.includes(i)];
  const fill = toCss(tone(theme, on ? 1 : kept ? 0.9 : 0.5));
  const look = { fill, stroke: toCss(theme.background), "stroke-width": 1.5 };
  const r = on ? RADIUS + 2 : RADIUS;
  const title = svg("title", {}, data.name(i));
  // Open, so that a layer of the other network in the same place is seen.
  const square = { x: cx - r, y: cy - r, width: 2 * r, height: 2 * r, fill: "none", stroke: fill, "stroke-width": 2 };
  const second = data.layered && data.axes.columns.includes(i);
  const dot = second
    ? svg("rect", { ...square, "data-space": i }, title)
    : svg("circle", { cx, cy, r, ...look, "data-space": i }, title);
  if (!kept) return dot;
  const ring = { cx, cy, r: RADIUS + 4, fill: "none", stroke: fill, "stroke-width": 1.5 };
  return svg("g", {}, dot, svg("circle", ring));
}

function drawLabel({ lit, open, theme }: MapSpec, { at, x, y, anchor }: PlacedLabel, text: string): SVGElement {
  const strong = lit.includes(at) || open.includes(at);
  const halo = { stroke: toCss(theme.background), "stroke-width": 3, "paint-order": "stroke" };
  const look = {
    "font-size": FONT_SIZE,
    "font-weight": strong ? 700 : 400,
    fill: toCss(tone(theme, strong ? 1 : 0.8)),
  };
  return svg("text", { x, y, "text-anchor": anchor, ...look, ...halo, "pointer-events": "none" }, text);
}

/** How long a round difference in likeness is on this map. */
function drawRuler(scale: number, height: number, theme: Theme, calibrated: boolean): SVGElement[] {
  const length = niceStep(44 / scale);
  const ink = toCss(tone(theme, 0.66));
  const x = linear(0, length, MARGIN.left, MARGIN.left + length * scale);
  const y = height - 8;
  const bar = `M${x(0)} ${y - 4}v4H${x(length)}v-4`;
  const text = { x: x(length) + 6, y: y + 1, "font-size": 10.5, fill: ink };
  return [
    svg("path", { d: bar, fill: "none", stroke: ink }),
    svg("text", text, `${tidy(length)}${calibrated ? " in 1 − calibrated" : " of the range of values"}`),
  ];
}

/** The space nearest to a place in the map, -1 where none is near. */
export function nearest(points: readonly Point[], x: number, y: number): number {
  let [best, least] = [-1, NEAR];
  points.forEach(([px, py], i) => {
    const far = Math.hypot(px - x, py - y);
    if (far < least) [best, least] = [i, far];
  });
  return best;
}
