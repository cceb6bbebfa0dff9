/** The k-sweep as a file: numbers as comma-separated text, and the figure with its legend beside it. Owns no state. */

import { type Chart, drawChart, type Line, type Plot } from "../../chart/line_chart";
import { svg } from "../../page/dom";
import { toCss } from "../../page/palette";
import { csv } from "../../page/save_file";
import { type Theme, tone } from "../../page/theme";
import { readingOrder } from "./legend";

const LEGEND_WIDTH = 200;
export const FIGURE = { width: 760, height: 420 };

type Bands = Record<string, { low: Float64Array; high: Float64Array }>;

/** The lines at every k, and the two ends of each band, by its name. */
export function sweepCsv(lines: readonly Line[], bands: Bands, n: number): string {
  const columns = readingOrder(lines);
  const ends = Object.entries(bands);
  const named = ends.flatMap(([name]) => [`${name}_low`, `${name}_high`]);
  const head = ["k", "share_of_others", ...columns.map((l) => l.name), ...named];
  const rows = Array.from(bands.chance.low, (_, j) => [
    j + 1,
    (j + 1) / (n - 1),
    ...columns.map((l) => l.values[j]),
    ...ends.flatMap(([, { low, high }]) => [low[j], high[j]]),
  ]);
  return csv([head, ...rows]);
}

export function sweepFigure(chart: Chart): SVGSVGElement {
  const figure = svg("svg", { xmlns: "http://www.w3.org/2000/svg" });
  const plot = drawChart(figure, chart);
  const width = chart.width + LEGEND_WIDTH;
  figure.setAttribute("width", String(width));
  figure.setAttribute("viewBox", `0 0 ${width} ${chart.height}`);
  const background = { x: 0, y: 0, width: "100%", height: "100%", fill: toCss(chart.theme.background) };
  figure.prepend(svg("rect", background));
  figure.append(...legend(chart.lines, plot, chart.theme));
  return figure;
}

function legend(lines: readonly Line[], plot: Plot, theme: Theme): SVGElement[] {
  const fill = toCss(tone(theme, 0.9));
  return readingOrder(lines).flatMap((line, i) => {
    const [x, y] = [plot.right + 22, plot.top + 8 + 17 * i];
    const stroke = { stroke: line.colour, "stroke-width": line.width, "stroke-dasharray": line.dash };
    return [
      svg("line", { x1: x, x2: x + 22, y1: y, y2: y, ...stroke }),
      svg("text", { x: x + 28, y: y + 4, "font-size": 11, fill }, line.name),
    ];
  });
}
