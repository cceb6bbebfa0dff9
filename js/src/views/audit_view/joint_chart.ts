/** All pairs by their similarity in old and in new, and both thresholds over them, as SVG. Pure; owns no state. */
import { linear, niceTicks, type Scale } from "../../chart/axes";
import { namesBeside } from "../../chart/names_beside";
import { svg } from "../../page/dom";
import { tidy } from "../../page/format";
import { ramp, toCss } from "../../page/palette";
import { FONT, type Theme, tone } from "../../page/theme";
import type { PairCounts, Passing } from "./pair_counts";
import { threshold } from "./words";

const MOST_CELLS = 60;
const MARGIN = { left: 46, right: 12, top: 20, bottom: 38 };

export interface JointPlot {
  x: Scale;
  y: Scale;
}

/** Cells merged until there are few enough of them along a side: where each begins, and the last ends. */
export function mergedStarts(length: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(length / most));
  const starts = Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
  return [...starts, length];
}

export function drawJoint(
  node: SVGSVGElement,
  counts: PairCounts,
  names: readonly [string, string],
  [width, height]: [number, number],
  theme: Theme,
): JointPlot {
  const { edges } = counts.cells;
  const [xs, ys] = edges.map((one) => [one[0], one[one.length - 1]]);
  const x = linear(xs[0], xs[1], MARGIN.left, width - MARGIN.right);
  const y = linear(ys[0], ys[1], height - MARGIN.bottom, MARGIN.top);
  for (const [name, v] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT }))
    node.setAttribute(name, String(v));
  const lines = svg("g", { "data-part": "lines" });
  node.replaceChildren(
    svg("g", { "shape-rendering": "crispEdges" }, ...cells(counts, { x, y }, theme)),
    ...axes(counts, { x, y }, names, [width, height], theme),
    lines,
  );
  return { x, y };
}

function cells(counts: PairCounts, { x, y }: JointPlot, theme: Theme): SVGElement[] {
  const { values, shape, edges } = counts.cells;
  const [columns, rows] = shape.map((length) => mergedStarts(length, MOST_CELLS));
  const sums: [number, number, number][] = [];
  for (let a = 0; a + 1 < columns.length; a++) {
    for (let b = 0; b + 1 < rows.length; b++) {
      let sum = 0;
      for (let i = columns[a]; i < columns[a + 1]; i++)
        for (let j = rows[b]; j < rows[b + 1]; j++) sum += values[i * shape[1] + j];
      if (sum > 0) sums.push([a, b, sum]);
    }
  }
  const most = Math.log(sums.reduce((found, [, , sum]) => Math.max(found, sum), 2));
  return sums.map(([a, b, sum]) => {
    const [left, right] = [x(edges[0][columns[a]]), x(edges[0][columns[a + 1]])];
    const [top, bottom] = [y(edges[1][rows[b + 1]]), y(edges[1][rows[b]])];
    const box = {
      x: left.toFixed(1),
      y: top.toFixed(1),
      width: (right - left + 0.3).toFixed(1),
      height: (bottom - top + 0.3).toFixed(1),
    };
    // The fewest nearest to the background, in either theme.
    const share = 0.08 + (0.92 * Math.log(sum)) / most;
    return svg("rect", { ...box, fill: toCss(ramp(theme.dark ? share : 1 - share, theme.dark)) });
  });
}

function axes(
  counts: PairCounts,
  { x, y }: JointPlot,
  names: readonly [string, string],
  [width, height]: [number, number],
  theme: Theme,
): SVGElement[] {
  const ink = toCss(tone(theme, 0.68));
  const label = { fill: ink, "font-size": 11 };
  const [bottom, left] = [height - MARGIN.bottom, MARGIN.left];
  const word = counts.told.word;
  const ends = ([one]: readonly Float64Array[]) => [one[0], one[one.length - 1]] as const;
  const [xs, ys] = [ends([counts.cells.edges[0]]), ends([counts.cells.edges[1]])];
  const across = niceTicks(...xs, 5).map((v) =>
    svg("text", { ...label, x: x(v), y: bottom + 15, "text-anchor": "middle" }, tidy(v)),
  );
  const up = niceTicks(...ys, 5).map((v) =>
    svg("text", { ...label, x: left - 6, y: y(v) + 3.8, "text-anchor": "end" }, tidy(v)),
  );
  const box = { x: left, y: MARGIN.top, width: width - left - MARGIN.right, height: bottom - MARGIN.top };
  const [below] = namesBeside([names[0]], `${word} in  →`, width - left, 11);
  const [above] = namesBeside([names[1]], `↑ ${word} in `, width - 10, 11);
  return [
    svg("rect", { ...box, fill: "none", stroke: toCss(tone(theme, 0.25)) }),
    ...across,
    ...up,
    svg("text", { ...label, x: width - MARGIN.right, y: height - 6, "text-anchor": "end" }, `${word} in ${below} →`),
    svg("text", { ...label, x: 6, y: 12 }, `↑ ${word} in ${above}`),
  ];
}

/** Both thresholds: that of old with a handle, that of new where as many pairs pass. */
export function drawLines(node: SVGSVGElement, plot: JointPlot, passing: Passing, theme: Theme): void {
  const lines = node.querySelector('[data-part="lines"]');
  if (!lines) return;
  const { x, y } = plot;
  const [width, height] = ["width", "height"].map((name) => Number(node.getAttribute(name)));
  const colour = theme.dark ? "#f5a742" : "#d55e00";
  const halo = { stroke: toCss(theme.background), "stroke-width": 4, opacity: 0.75 };
  const ends = {
    old: { x1: x(passing.old), x2: x(passing.old), y1: MARGIN.top, y2: height - MARGIN.bottom },
    fresh: { x1: MARGIN.left, x2: width - MARGIN.right, y1: y(passing.fresh), y2: y(passing.fresh) },
  };
  const line = { stroke: colour, "stroke-width": 2 };
  lines.replaceChildren(
    svg("line", { ...ends.fresh, ...halo }),
    svg("line", { ...ends.old, ...halo }),
    svg("line", { ...ends.fresh, ...line, "stroke-dasharray": "6 3", "data-line": "new" }),
    svg("line", { ...ends.old, ...line, "data-line": "old" }),
    ...handle(x(passing.old), threshold(passing.old), width, theme),
  );
}

function handle(at: number, text: string, width: number, theme: Theme): SVGElement[] {
  const wide = 14 + 7 * text.length;
  const middle = Math.max(MARGIN.left + wide / 2, Math.min(width - 2 - wide / 2, at));
  const box = { x: middle - wide / 2, y: MARGIN.top, width: wide, height: 18, rx: 9, fill: toCss(tone(theme, 0.95)) };
  const look = { "font-size": 11, "font-weight": 600, "text-anchor": "middle", fill: toCss(theme.background) };
  return [svg("rect", box), svg("text", { ...look, x: middle, y: MARGIN.top + 13 }, text)];
}
