/** Curves over k as SVG, self-contained so that the saved file looks like the page. Pure; owns no state. */

import { svg } from "../page/dom";
import { percent } from "../page/format";
import { toCss } from "../page/palette";
import { FONT, type Theme, tone } from "../page/theme";
import { linear, logarithmic, logTicks, niceTicks, type Scale } from "./axes";

export interface Line {
  id: string;
  name: string;
  /** More than the name, for a tooltip. */
  title?: string;
  values: Float64Array;
  colour: string;
  width: number;
  dash?: string;
  opacity?: number;
}

export interface Chart {
  width: number;
  height: number;
  share: boolean;
  n: number;
  kMax: number;
  from: number;
  to: number;
  lines: readonly Line[];
  bands: readonly { low: Float64Array; high: Float64Array; colour: string; opacity: number }[];
  marks: readonly { k: number; colour: string; title: string }[];
  yTitle: string;
  /** Of k, where it is no number of neighbours. */
  xTitle?: string;
  theme: Theme;
}

export interface Plot {
  x: Scale;
  y: Scale;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function layout(chart: Chart): Plot {
  const [left, right, top, bottom] = [46, chart.width - 14, 34, chart.height - 38];
  const last = Math.max(chart.kMax, 2);
  const x = chart.share ? linear(1, last, left, right) : logarithmic(1, last, left, right);
  return { x, y: linear(chart.from, chart.to, bottom, top), left, right, top, bottom };
}

/** Redraws the whole chart into `target`. */
export function drawChart(target: SVGSVGElement, chart: Chart): Plot {
  const plot = layout(chart);
  for (const [name, value] of Object.entries({ width: chart.width, height: chart.height, "font-family": FONT })) {
    target.setAttribute(name, String(value));
  }
  target.setAttribute("viewBox", `0 0 ${chart.width} ${chart.height}`);
  const area = svg("svg", {
    x: plot.left,
    y: plot.top,
    width: Math.max(1, plot.right - plot.left),
    height: Math.max(1, plot.bottom - plot.top),
    viewBox: `${plot.left} ${plot.top} ${Math.max(1, plot.right - plot.left)} ${Math.max(1, plot.bottom - plot.top)}`,
    overflow: "hidden",
  });
  for (const band of chart.bands) area.append(drawBand(band, plot));
  for (const line of chart.lines) area.append(drawLine(line, plot));
  target.replaceChildren(...axes(chart, plot), area, ...chart.marks.map((mark) => drawMark(mark, plot)));
  return plot;
}

/** Path through finite values; a gap where there is none. */
export function linePath(values: Float64Array, x: (k: number) => number, y: (v: number) => number): string {
  let path = "";
  let broken = true;
  values.forEach((v, j) => {
    if (Number.isFinite(v)) path += `${broken ? "M" : "L"}${x(j + 1).toFixed(1)} ${y(v).toFixed(1)}`;
    broken = !Number.isFinite(v);
  });
  return path;
}

function drawLine(line: Line, plot: Plot): SVGPathElement {
  return svg("path", {
    d: linePath(line.values, plot.x, plot.y),
    fill: "none",
    stroke: line.colour,
    "stroke-width": line.width,
    "stroke-dasharray": line.dash,
    "stroke-linejoin": "round",
    "stroke-linecap": "round",
    opacity: line.opacity,
    "data-line": line.id,
  });
}

/** Closed paths between finite bounds, one for each run of them; nothing where a bound is missing. */
export function bandPath(
  { low, high }: { low: Float64Array; high: Float64Array },
  x: (k: number) => number,
  y: (v: number) => number,
): string {
  let path = "";
  let forth: string[] = [];
  let back: string[] = [];
  for (let j = 0; j <= low.length; j++) {
    if (j < low.length && Number.isFinite(low[j]) && Number.isFinite(high[j])) {
      const at = x(j + 1).toFixed(1);
      forth.push(`${at} ${y(high[j]).toFixed(1)}`);
      back.unshift(`${at} ${y(low[j]).toFixed(1)}`);
      continue;
    }
    if (forth.length) path += `M${[...forth, ...back].join("L")}Z`;
    forth = [];
    back = [];
  }
  return path;
}

function drawBand(band: Chart["bands"][number], plot: Plot): SVGPathElement {
  return svg("path", { d: bandPath(band, plot.x, plot.y), fill: band.colour, opacity: band.opacity });
}

function drawMark(mark: Chart["marks"][number], plot: Plot): SVGPathElement {
  const x = plot.x(mark.k);
  const d = `M${x} ${plot.bottom}l-4 -7h8Z`;
  return svg("path", { d, fill: mark.colour, class: "embw-size-mark" }, svg("title", {}, mark.title));
}

function axes(chart: Chart, plot: Plot): SVGElement[] {
  const quiet = toCss(tone(chart.theme, 0.13));
  const ink = toCss(tone(chart.theme, 0.68));
  const label = { fill: ink, "font-size": 11 };
  const out: SVGElement[] = [];
  const ys = niceTicks(chart.from, chart.to, Math.max(3, (plot.bottom - plot.top) / 40));
  const digits = Math.max(1, Math.ceil(-Math.log10((ys[1] ?? 1) - (ys[0] ?? 0)) - 1e-9));
  for (const v of ys) {
    const y = plot.y(v);
    const zero = Math.abs(v) < 1e-12;
    const stroke = zero ? toCss(tone(chart.theme, 0.35)) : quiet;
    out.push(svg("line", { x1: plot.left, x2: plot.right, y1: y, y2: y, stroke }));
    const text = zero ? "0" : v.toFixed(digits).replace("-", "−");
    out.push(svg("text", { ...label, x: plot.left - 7, y: y + 3.8, "text-anchor": "end" }, text));
  }
  for (const k of xTicks(chart, plot)) {
    const x = plot.x(k);
    out.push(svg("line", { x1: x, x2: x, y1: plot.bottom, y2: plot.bottom + 4, stroke: ink }));
    const text = chart.share ? percent(k / (chart.n - 1)) : String(k);
    out.push(svg("text", { ...label, x, y: plot.bottom + 16, "text-anchor": "middle" }, text));
  }
  const plain = chart.share ? "k as a share of the other items →" : "k, neighbours per item (log scale) →";
  const xTitle = chart.xTitle ?? plain;
  out.push(svg("text", { ...label, x: plot.right, y: plot.bottom + 32, "text-anchor": "end" }, xTitle));
  out.push(svg("text", { ...label, x: 6, y: 12 }, `↑ ${chart.yTitle}`));
  return out;
}

/** Ticks with labels that have room beside each other. */
function xTicks(chart: Chart, plot: Plot): number[] {
  const linearTicks = () => [1, ...niceTicks(1, chart.kMax, 6).filter((k) => k > 1)];
  const all = chart.share ? linearTicks() : logTicks(chart.kMax);
  const room = chart.share ? 44 : 24;
  const kept: number[] = [];
  for (const k of all) if (!kept.length || plot.x(k) - plot.x(kept[kept.length - 1]) >= room) kept.push(k);
  return kept;
}
