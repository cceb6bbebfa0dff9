/** Where everything of a heat map stands: cells, names, and the size of all of it. Pure; owns no state. */

import { fitNames, textWidth } from "../../chart/text_names";
import type { Axes } from "./data";

const MOST_PITCH = 54;
const MOST_PITCH_OF_FEW = 76;
const FEW = 5;
/** Cells are not made larger than this to fill a tall place, nor smaller to fit into a low one. */
const READABLE_PITCH = 10;
const LEAST_PITCH = 3;
const LEAST_FONT = 9;
const MOST_FONT = 12;
const SLANTED_FROM = 15;
const MOST_UPRIGHT = 125;
/** Room for the names of the rows; less where more of them can be shown so. */
const ROOMS = [190, 90];
const GAP = 6;

export interface Grid {
  /** Spaces from top to bottom, and from left to right. */
  down: readonly number[];
  across: readonly number[];
  left: number;
  top: number;
  /** Side of a cell. */
  pitch: number;
  width: number;
  height: number;
  font: number;
  /** Turn of the names of the columns: 0, -45 or -90 degrees. */
  turn: number;
  /** Where each space is shown, along its axis or both. */
  place: readonly number[];
  /** The name of each space as its row and its column have it, and every how many of them have room for it. */
  rows: readonly string[];
  columns: readonly string[];
  step: number;
}

/** The grid that fits into a place of this width, and of about this height. */
export function layGrid(
  axes: Axes,
  width: number,
  height: number,
  most = Math.max(axes.rows.length, axes.columns.length) <= FEW ? MOST_PITCH_OF_FEW : MOST_PITCH,
): Grid {
  const grids = ROOMS.map((room) => {
    const place = { axes, width, height, most, room };
    const first = tryGrid(place, MOST_FONT);
    return first.font < MOST_FONT ? tryGrid(place, first.font) : first;
  });
  return grids.reduce((best, grid) => (grid.step < best.step ? grid : best));
}

interface Place {
  axes: Axes;
  width: number;
  height: number;
  most: number;
  room: number;
}

/** With names as large as this, or smaller where the cells are. */
function tryGrid({ axes, width, height, most, room }: Place, size: number): Grid {
  const { names, rows: down, columns: across } = axes;
  const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => textWidth(text, size)));
  const short = (spaces: readonly number[], most: number) => {
    const own = fitNames(
      spaces.map((i) => names[i]),
      (text) => textWidth(text, size) <= most + 0.5,
    );
    return names.map((_, i) => own[spaces.indexOf(i)] ?? "");
  };
  const rows = short([...down].sort(rising), Math.min(room, Math.max(60, 0.24 * width)));
  const slim = short([...across].sort(rising), MOST_UPRIGHT);
  const [left, upright] = [Math.ceil(widest(rows)) + GAP + 2, Math.ceil(widest(slim))];
  const wide = (width - left - 2) / across.length;
  const tall = Math.max(READABLE_PITCH, (height - upright - GAP) / down.length);
  const wanted = Math.max(LEAST_PITCH, Math.min(most, wide, tall));
  // Slanted names lean out over the last column.
  const overhang = Math.max(0, 0.71 * (upright + size) - wanted / 2);
  const leaning = Math.max(LEAST_PITCH, Math.min(wanted, (width - left - overhang - 2) / across.length));
  const turn = turnOf(widest(across.map((i) => names[i])), wanted, leaning);
  const [lean, fitted] = turn === -45 ? [overhang, leaning] : [0, wanted];
  const pitch = fitted >= 8 ? Math.floor(fitted) : Math.floor(4 * fitted) / 4;
  const font = Math.min(size, fontOf(pitch));
  const rise = turn === 0 ? font + 2 : turn === -45 ? 0.71 * (upright + font) : upright;
  const top = Math.ceil(rise) + GAP + 2;
  const columns = turn === 0 ? names : slim;
  // Where names would overlap, the others have theirs under the pointer.
  const step = Math.max(1, Math.ceil(font / pitch - 0.1));
  const place = names.map((_, i) => Math.max(down.indexOf(i), across.indexOf(i)));
  const [right, bottom] = [left + across.length * pitch + lean + 2, top + down.length * pitch + 2];
  const extent = { width: Math.ceil(right), height: Math.ceil(bottom) };
  return { down, across, left, top, pitch, ...extent, font, turn, place, rows, columns, step };
}

const rising = (a: number, b: number) => a - b;

const fontOf = (pitch: number) => Math.max(LEAST_FONT, Math.min(MOST_FONT, 0.68 * pitch));

/** Level where every name fits over its column, else slanted, unless that would cost much of the cells' size. */
function turnOf(widest: number, pitch: number, leaning: number): number {
  if (widest + GAP <= pitch) return 0;
  return leaning >= SLANTED_FROM && leaning > 0.75 * pitch ? -45 : -90;
}

export interface Spot {
  row: number;
  column: number;
}

/** A space alone: its row, or its column where it has no row. */
export function spotOf({ rows }: Axes, space: number): Spot | undefined {
  if (space < 0) return undefined;
  return rows.includes(space) ? { row: space, column: -1 } : { row: -1, column: space };
}

/** The spaces under a point of the drawing; -1 on the names of the other axis, none beside the grid. */
export function spotAt(grid: Grid, x: number, y: number): Spot | undefined {
  const { down, across, left, top, pitch } = grid;
  const [c, r] = [Math.floor((x - left) / pitch), Math.floor((y - top) / pitch)];
  const [inColumns, inRows] = [c >= 0 && c < across.length, r >= 0 && r < down.length];
  if (inColumns && inRows) return { row: down[r], column: across[c] };
  if (inRows && x < left) return { row: down[r], column: -1 };
  if (grid.turn === -45 && y < top) return slanted(grid, x, y);
  return inColumns && y < top ? { row: -1, column: across[c] } : undefined;
}

/** Slanted names rise to the right: the column below is farther left the higher the point is. */
function slanted({ across, left, top, pitch }: Grid, x: number, y: number): Spot | undefined {
  const c = Math.floor((x - (top - y) - left) / pitch);
  return c >= 0 && c < across.length ? { row: -1, column: across[c] } : undefined;
}
