/** A matrix of comparisons as numbers: a table to read, comma-separated text, a figure with its key. Owns no state. */

import { fitNames, textWidth } from "../../chart/text_names";
import { h, svg } from "../../page/dom";
import { value } from "../../page/format";
import { toCss } from "../../page/palette";
import { csv } from "../../page/save_file";
import { FONT, tone } from "../../page/theme";
import type { Axes, MatrixData, Quantity } from "./data";
import { layGrid } from "./grid";
import { BEST, drawHeatmap, type HeatSpec, TIED } from "./heatmap";
import { drawScale, KEY_HEIGHT, keyLines, quantityTitle } from "./key";
import { axesText } from "./words";

const KEY_WIDTH = 250;
const MARGIN = 14;
const MOST_HEADING = 140;

export function matrixCsv(data: MatrixData, quantity: Quantity, { rows, columns }: Axes): string {
  const head = [quantityTitle(data, quantity), ...columns.map((i) => data.names[i])];
  return csv([head, ...rows.map((i) => [data.names[i], ...columns.map((j) => data.get(quantity, i, j))])]);
}

export function matrixTable(data: MatrixData, quantity: Quantity, axes: Axes): HTMLTableElement {
  const [across, down] = [axes.columns, axes.rows].map((side) => headings(axes.names, side));
  const head = axes.columns.map((j, at) => h("th", { scope: "col", title: data.name(j) }, across[at]));
  const rows = axes.rows.map((i, at) => {
    const best = data.layered ? data.bestOf(i) : [];
    const sign = (j: number) => (best.includes(j) ? ` ${best.length > 1 ? TIED : BEST}` : "");
    const cells = axes.columns.map((j) => h("td", {}, `${value(data.get(quantity, i, j))}${sign(j)}`));
    return h("tr", {}, h("th", { scope: "row", title: data.name(i) }, down[at]), ...cells);
  });
  return h(
    "table",
    { class: "embw-table" },
    h("caption", {}, [quantityTitle(data, quantity), axesText(data)].filter(Boolean).join(". ")),
    h("thead", {}, h("tr", {}, h("td", {}), ...head)),
    h("tbody", {}, ...rows),
  );
}

const headings = (names: readonly string[], side: readonly number[]): string[] =>
  fitNames(
    side.map((i) => names[i] || "(empty)"),
    (text) => textWidth(text, 12) <= MOST_HEADING,
  );

/** The heat map as large as it is read best, its title above and its key beside it. */
export function matrixFigure(spec: HeatSpec): SVGSVGElement {
  const { data, theme, quantity, grid } = spec;
  const [down, across] = [grid.down.length, grid.across.length];
  const pitch = Math.max(down, across) <= 30 ? 40 : 16;
  const axes = { names: data.axes.names, rows: grid.down, columns: grid.across };
  const large = layGrid(axes, 260 + pitch * across, 260 + pitch * down, pitch);
  const plot = svg("svg", { x: MARGIN, y: 34 });
  drawHeatmap(plot, { ...spec, grid: large });
  const left = MARGIN + large.width + 24;
  const ink = toCss(tone(theme, 0.9));
  const title = { x: MARGIN, y: 22, "font-size": 14, "font-weight": 600, fill: ink };
  const key = svg("g", { transform: `translate(${left} ${34 + large.top})` }, drawScale(spec, KEY_WIDTH));
  keyLines(data, quantity)
    .flatMap((line) => wrap(line, KEY_WIDTH, 11))
    .forEach((line, i) => {
      key.append(svg("text", { x: 0, y: KEY_HEIGHT + 18 + 15 * i, "font-size": 11, fill: ink }, line));
    });
  const width = left + KEY_WIDTH + MARGIN;
  const height = Math.max(34 + large.height + MARGIN, 34 + large.top + KEY_HEIGHT + 160);
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT };
  const background = { x: 0, y: 0, width, height, fill: toCss(theme.background) };
  return svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", ...size },
    svg("rect", background),
    svg("text", title, [quantityTitle(data, quantity), axesText(data)].filter(Boolean).join(". ")),
    plot,
    key,
  );
}

/** Lines of words that are about this wide at most; a longer word is broken. */
export function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").flatMap((one) => broken(one, width, size))) {
    const last = lines[lines.length - 1];
    if (last !== undefined && textWidth(`${last} ${word}`, size) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function broken(word: string, width: number, size: number): string[] {
  const parts = [""];
  for (const letter of word) {
    if (textWidth(parts[parts.length - 1] + letter, size) > width) parts.push("");
    parts[parts.length - 1] += letter;
  }
  return parts;
}
