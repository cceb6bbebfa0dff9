/** Similarities within a cluster against those to the other items, as two small histograms. Pure; owns no state. */
import { linear } from "../../chart/axes";
import { svg } from "../../page/dom";
import { tidy } from "../../page/format";
import { toCss } from "../../page/palette";
import { FONT, type Theme, tone } from "../../page/theme";
import type { Densities } from "../../state/clusters";

const SMALL = { width: 150, height: 42 };
const FOOT = 11;

/** Within: a dark outline, filled. Between: grey, without outline. */
export function drawDensities(densities: Densities, colour: string, theme: Theme, label: string): SVGSVGElement {
  const { width, height } = SMALL;
  const { edges, within, between } = densities;
  const most = Math.max(...within, ...between, 1e-9);
  const x = linear(edges[0], edges[edges.length - 1], 1, width - 1);
  const y = linear(0, most, height - FOOT, 3);
  const ink = toCss(tone(theme, 0.66));
  const end = (v: number, anchor: string, at: number) =>
    svg("text", { x: at, y: height - 1.5, "text-anchor": anchor, "font-size": 9.5, fill: ink }, tidy(v));
  const base = { x1: 1, x2: width - 1, y1: height - FOOT, y2: height - FOOT, stroke: toCss(tone(theme, 0.35)) };
  const grey = { fill: toCss(tone(theme, 0.5)), "data-part": "between" };
  const own = { fill: colour, "fill-opacity": 0.3, stroke: colour, "stroke-width": 1.5, "data-part": "within" };
  return svg(
    "svg",
    { width, height, role: "img", "aria-label": label, class: "embw-densities", "font-family": FONT },
    svg("path", { d: steps(edges, between, x, y), ...grey }),
    svg("path", { d: steps(edges, within, x, y), ...own }),
    svg("line", base),
    end(edges[0], "start", 1),
    end(edges[edges.length - 1], "end", width - 1),
  );
}

/** The outline of a histogram, from the base line up and back to it. */
export function steps(
  edges: ArrayLike<number>,
  heights: ArrayLike<number>,
  x: (v: number) => number,
  y: (v: number) => number,
): string {
  const round = (v: number) => Math.round(v * 10) / 10;
  let path = `M${round(x(edges[0]))} ${round(y(0))}`;
  for (let b = 0; b < heights.length; b++) path += `V${round(y(heights[b]))}H${round(x(edges[b + 1]))}`;
  return `${path}V${round(y(0))}Z`;
}
