/** Both maps as a file: what is seen of them now, on white, with names, axes and legend. Owns no state. */
import { type Colouring, type ColourMode, glyphOf } from "../../map/colouring";
import { DENSITY, drawPoints } from "../../map/figure_points";
import { drawLegend } from "../../map/legend_figure";
import { legendOf } from "../../map/legend_words";
import type { Box } from "../../map/places";
import type { PointMap } from "../../map/point_map";
import { svg } from "../../page/dom";
import { toCss } from "../../page/palette";
import { FONT, PAPER, tone } from "../../page/theme";
import type { Context } from "../../state/context";

const MARGIN = 16;
const SIDE = 460;
const HEAD = 26;
const GAP = 20;
/** Of the two maps and what lies between them. */
const WIDTH = 2 * SIDE + GAP;

/** A map and what is written on it. */
interface SeenMap {
  map: PointMap;
  name: string;
  axes: readonly [string, string];
  written: readonly (Box & { text: string })[];
}

/** How the points are coloured, and which stand out. */
interface SeenLook {
  colouring: Colouring;
  mode: ColourMode;
  mask: Uint8Array | undefined;
}

export function mapsFigure(context: Context, maps: readonly SeenMap[], seen: SeenLook): SVGSVGElement {
  const tall = Math.max(...maps.map(({ map }) => (map.height / map.width) * SIDE));
  const legend = drawLegend(legendOf(context, seen.mode, PAPER), WIDTH);
  const [width, height] = [WIDTH + 2 * MARGIN, 2 * MARGIN + HEAD + tall + 14 + legend.height];
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT };
  return svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", ...size },
    svg("title", {}, `Maps of ${maps.map(({ name }) => name).join(" and ")}`),
    svg("rect", { x: 0, y: 0, width, height, fill: toCss(PAPER.background) }),
    ...maps.map((one, space) => drawMap(context, one, seen, MARGIN + space * (SIDE + GAP))),
    svg("g", { transform: `translate(${MARGIN} ${MARGIN + HEAD + tall + 14})` }, ...legend.nodes),
  );
}

function drawMap(context: Context, one: SeenMap, seen: SeenLook, left: number): SVGElement {
  const { map, name, axes, written } = one;
  const scale = SIDE / map.width;
  const height = map.height * scale;
  const ink = toCss(tone(PAPER, 1));
  const frame = { x: 0.5, y: 0.5, width: SIDE - 1, height: height - 1, rx: 6 };
  const inside = svg(
    "svg",
    { x: left, y: MARGIN + HEAD, width: SIDE, height, "data-map": name },
    ...drawPoints(pointsOf(context, map, seen, scale)),
    ...axesOf(axes, height),
    ...written.map((box) => nameOf(box, scale)),
    svg("rect", { ...frame, fill: "none", stroke: toCss(tone(PAPER, 0.25)) }),
  );
  const title = { x: left, y: MARGIN + 14, "font-size": 14, "font-weight": 600, fill: ink };
  return svg("g", {}, svg("text", title, name), inside);
}

function pointsOf(context: Context, map: PointMap, seen: SeenLook, scale: number) {
  const { linked, data } = context;
  // Larger maps are for more room between points, not for larger points.
  const radius = map.pointRadius * Math.sqrt(scale);
  const by = { mode: seen.mode, k: linked.k, cluster: linked.cluster };
  const { look, dimmed, ring } = seen.colouring.look(by, seen.mask, PAPER, radius * DENSITY);
  return {
    width: SIDE,
    height: map.height * scale,
    positions: map.positions.map((v) => v * scale),
    look,
    marked: seen.mask && { mask: seen.mask, dimmed, ring },
    radius,
    ring: 1.6 * Math.sqrt(scale),
    opacity: data.n > 4000 ? 1 : 0.85,
    glyph: (style: number) => glyphOf(seen.mode, style),
  };
}

const NAME = 14;
const HALO = {
  stroke: toCss(PAPER.background),
  "stroke-width": 3,
  "stroke-linejoin": "round",
  "paint-order": "stroke",
};

function axesOf([right, up]: readonly [string, string], height: number): SVGElement[] {
  const look = { ...HALO, "font-size": 11, fill: toCss(tone(PAPER, 0.7)) };
  return [
    svg("text", { ...look, x: 6, y: 15 }, `↑ ${up}`),
    svg("text", { ...look, x: SIDE - 6, y: height - 6, "text-anchor": "end" }, `${right} →`),
  ];
}

function nameOf({ text, left, top, width, height }: Box & { text: string }, scale: number): SVGElement {
  const at = { x: (left + width / 2) * scale, y: (top + height / 2) * scale + 0.35 * NAME, "text-anchor": "middle" };
  const look = { ...HALO, "font-size": NAME, "font-weight": 600, fill: toCss(tone(PAPER, 1)) };
  return svg("text", { ...at, ...look }, text);
}
