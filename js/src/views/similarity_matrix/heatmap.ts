/** The heat map as SVG, self-contained so that the saved file looks like the page. Pure; owns no state. */

import { hatching } from "../../chart/hatching";
import { textWidth } from "../../chart/text_names";
import { svg } from "../../page/dom";
import { type Ends, share } from "../../page/ends";
import { parseHex, type Rgb, ramp, toCss } from "../../page/palette";
import { FONT, luminance, type Theme, tone } from "../../page/theme";
import type { MatrixData, Pair, Quantity } from "./data";
import type { Grid } from "./grid";

export interface HeatSpec {
  /** Begins the ids of what is drawn. */
  id: string;
  data: MatrixData;
  grid: Grid;
  quantity: Quantity;
  ends: Ends;
  theme: Theme;
}

const INK: readonly [Rgb, Rgb] = [parseHex("#111111"), parseHex("#ffffff")];

/** Cells of which a corner has room for a star beside a number. */
const CORNER_FROM = 28;

/** Black or white, whichever is read better on that colour. */
const inkOn = (colour: Rgb): Rgb => INK[luminance(colour) > 0.45 ? 0 : 1];

/** The colour of a value; undefined where there is none. */
function cellColour(v: number, ends: Ends, theme: Theme): Rgb | undefined {
  return Number.isFinite(v) ? ramp(share(v, ends), theme.dark) : undefined;
}

/** How numbers are written in cells: few digits, enough to tell these values apart, and no leading zero. */
export function cellFormat(values: readonly number[]): (v: number) => string {
  const most = Math.max(0, ...values.filter(Number.isFinite).map(Math.abs));
  const digits = most < 0.1 ? 3 : most < 10 ? 2 : most < 100 ? 1 : 0;
  return (v) => {
    const text = Math.abs(v).toFixed(digits).replace(/^0\./, ".");
    return `${v < 0 && Number(text) !== 0 ? "−" : ""}${text}`;
  };
}

export function drawHeatmap(node: SVGSVGElement, spec: HeatSpec): void {
  const { grid, id, theme } = spec;
  const { width, height } = grid;
  for (const [name, v] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT }))
    node.setAttribute(name, String(v));
  node.replaceChildren(svg("defs", {}, hatching(`${id}-none`, theme), veil(`${id}-chance`, theme)), ...drawCells(spec));
}

/** Lines over a colour, which they leave to be seen. */
function veil(id: string, theme: Theme): SVGElement {
  const tile = { id, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  const line = { width: 1.3, height: 5, fill: toCss(theme.background), "fill-opacity": 0.55 };
  return svg("pattern", tile, svg("rect", line));
}

function drawCells(spec: HeatSpec): SVGElement[] {
  const cells = svg("g", { "data-part": "cells" });
  const veils = svg("g", { "data-part": "chance" });
  const numbers = svg("g", { "data-part": "numbers", "text-anchor": "middle", "font-size": numberSize(spec.grid) });
  const { data, grid, quantity } = spec;
  const write = cellFormat(data.pairs().map(([i, j]) => data.get(quantity, i, j)));
  const roomy = fitNumbers(spec, write);
  for (const row of grid.down) for (const column of grid.across) drawCell(spec, row, column, { cells, veils });
  if (roomy) for (const row of grid.down) numbers.append(...rowOfNumbers(spec, row, write));
  return [
    cells,
    veils,
    drawDiagonal(spec),
    numbers,
    ...drawNames(spec),
    drawBest(spec, roomy && grid.pitch >= CORNER_FROM),
  ];
}

const numberSize = ({ pitch }: Grid) => Math.max(9.5, Math.min(13, 0.3 * pitch + 2));

function fitNumbers({ data, grid, quantity }: HeatSpec, write: (v: number) => string): boolean {
  const texts = data.pairs().map(([i, j]) => write(data.get(quantity, i, j)));
  return Math.max(0, ...texts.map((text) => textWidth(text, numberSize(grid)))) <= grid.pitch - 3;
}

function drawCell(spec: HeatSpec, row: number, column: number, into: { cells: SVGElement; veils: SVGElement }): void {
  const { data, grid, quantity, theme, id } = spec;
  const gap = grid.pitch >= 17 ? 1 : 0;
  const x = grid.left + grid.place[column] * grid.pitch;
  const y = grid.top + grid.place[row] * grid.pitch;
  const box = { x, y, width: grid.pitch - gap, height: grid.pitch - gap };
  const colour = cellColour(data.get(quantity, row, column), spec.ends, theme);
  const blank = row === column ? toCss(tone(theme, 0.1)) : `url(#${id}-none)`;
  into.cells.append(svg("rect", { ...box, fill: row !== column && colour ? toCss(colour) : blank }));
  if (data.byChance(row, column)) into.veils.append(svg("rect", { ...box, fill: `url(#${id}-chance)` }));
}

function rowOfNumbers(spec: HeatSpec, row: number, write: (v: number) => string): SVGElement[] {
  const { data, grid, quantity, theme, ends } = spec;
  const starred = grid.pitch < CORNER_FROM ? bestCells(data, quantity) : [];
  return grid.across.flatMap((column) => {
    if (starred.some(({ pair: [i, j] }) => i === row && j === column)) return [];
    const v = data.get(quantity, row, column);
    const colour = cellColour(v, ends, theme);
    if (row === column || !colour) return [];
    const x = grid.left + (grid.place[column] + 0.5) * grid.pitch - 0.5;
    const y = grid.top + (grid.place[row] + 0.5) * grid.pitch + 0.36 * numberSize(grid) - 0.5;
    const look = data.byChance(row, column) ? outlined(colour) : {};
    return [svg("text", { x, y, fill: toCss(inkOn(colour)), ...look }, write(v))];
  });
}

/** Kept readable over lines. */
const outlined = (colour: Rgb) => ({ stroke: toCss(colour), "stroke-width": 3, "paint-order": "stroke" });

function drawNames({ data, grid, theme }: HeatSpec): SVGElement[] {
  const fill = toCss(tone(theme, 0.85));
  const all = (axis: Axis, spaces: readonly number[]) =>
    spaces.filter((_, at) => at % grid.step === 0).map((space) => drawName(data, grid, axis, space, { fill }));
  const [rows, columns] = [all("row", grid.down), all("column", grid.across)];
  return [svg("g", { "data-part": "rows" }, ...rows), svg("g", { "data-part": "columns" }, ...columns)];
}

export type Axis = "row" | "column";

type Look = Record<string, string | number>;

export function drawName(data: MatrixData, grid: Grid, axis: Axis, space: number, look: Look): SVGElement {
  const { left, top, pitch, place, font, turn } = grid;
  const middle = (place[space] + 0.5) * pitch;
  const title = svg("title", {}, data.name(space));
  const common = { ...look, "font-size": font, [`data-${axis}`]: space };
  if (axis === "row") {
    const at = { x: left - 6, y: top + middle + 0.34 * font, "text-anchor": "end" };
    return svg("text", { ...common, ...at }, title, grid.rows[space] || data.name(space));
  }
  const shift = turn === -90 ? 0.34 * font : turn === -45 ? 0.2 * font : 0;
  const transform = `translate(${left + middle + shift} ${top - 6}) rotate(${turn})`;
  const anchor = turn === 0 ? "middle" : "start";
  return svg("text", { ...common, transform, "text-anchor": anchor }, title, grid.columns[space] || data.name(space));
}

/** Lines around the cells of layers of the same index. */
function drawDiagonal({ data, grid, quantity, ends, theme }: HeatSpec): SVGElement {
  const [inset, width] = grid.pitch >= 17 ? [1.5, 1.5] : [0.5, 1];
  const side = grid.pitch - 2 * inset - (grid.pitch >= 17 ? 1 : 0);
  const same = grid.down.flatMap((i) => grid.across.filter((j) => data.sameIndex(i, j)).map((j): Pair => [i, j]));
  const boxes = same.map(([i, j]) => {
    const colour = cellColour(data.get(quantity, i, j), ends, theme);
    const stroke = toCss(colour ? inkOn(colour) : tone(theme, 0.9));
    const [x, y] = [grid.left + grid.place[j] * grid.pitch, grid.top + grid.place[i] * grid.pitch];
    const box = { x: x + inset, y: y + inset, width: side, height: side };
    return svg("rect", { ...box, fill: "none", stroke, "stroke-width": width });
  });
  return svg("g", { "data-part": "diagonal" }, ...boxes);
}

interface Best {
  pair: Pair;
  sign: string;
}

export const BEST = "★";
export const TIED = "☆";

/** The cells of the two that are most alike; of layers, the most similar of each row. */
function bestCells(data: MatrixData, quantity: Quantity): Best[] {
  if (data.layered) return data.axes.rows.flatMap((row) => bestOfRow(data, row));
  const best = data.best(quantity);
  if (!best) return [];
  const both: Pair[] = data.symmetric ? [best, [best[1], best[0]]] : [best];
  return both.map((pair) => ({ pair, sign: BEST }));
}

function bestOfRow(data: MatrixData, row: number): Best[] {
  const best = data.bestOf(row);
  return best.map((column) => ({ pair: [row, column], sign: best.length > 1 ? TIED : BEST }));
}

/** A star on the most alike: in the corner where there is a number, else over the cell. */
function drawBest({ data, grid, quantity, ends, theme }: HeatSpec, roomy: boolean): SVGElement {
  const stars = svg("g", { "data-part": "best", "text-anchor": "middle" });
  const size = roomy ? Math.max(9, 0.27 * grid.pitch) : Math.max(10, Math.min(16, 0.8 * grid.pitch));
  for (const { pair, sign } of bestCells(data, quantity)) {
    const [row, column] = pair;
    const colour = ramp(share(data.get(quantity, row, column), ends), theme.dark);
    const ink = { fill: toCss(inkOn(colour)), stroke: toCss(colour), "stroke-width": 2, "paint-order": "stroke" };
    const offset = roomy
      ? [grid.pitch - 0.55 * size - 2, 0.85 * size + 1]
      : [grid.pitch / 2, grid.pitch / 2 + 0.35 * size];
    const x = grid.left + grid.place[column] * grid.pitch + offset[0];
    const y = grid.top + grid.place[row] * grid.pitch + offset[1];
    stars.append(svg("text", { x, y, "font-size": size, ...ink }, sign));
  }
  return stars;
}
