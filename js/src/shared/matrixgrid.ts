/** Where everything of a heat map stands: cells, names, and the size of all of it. Pure; owns no state. */
import { fitNames, textWidth } from "./names";

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
  m: number;
  left: number;
  top: number;
  /** Side of a cell. */
  pitch: number;
  width: number;
  height: number;
  font: number;
  /** Turn of the names of the columns: 0, -45 or -90 degrees. */
  turn: number;
  /** Spaces in the order in which they are shown, and where each space is shown. */
  order: readonly number[];
  place: readonly number[];
  /** The name of each space as its row and its column have it, and every how many of them have room for it. */
  rows: readonly string[];
  columns: readonly string[];
  step: number;
}

/** The grid that fits into a place of this width, and of about this height. */
export function layGrid(
  names: readonly string[],
  order: readonly number[],
  width: number,
  height: number,
  most = names.length <= FEW ? MOST_PITCH_OF_FEW : MOST_PITCH,
): Grid {
  const grids = ROOMS.map((room) => {
    const place = { names, order, width, height, most, room };
    const first = tryGrid(place, MOST_FONT);
    return first.font < MOST_FONT ? tryGrid(place, first.font) : first;
  });
  return grids.reduce((best, grid) => (grid.step < best.step ? grid : best));
}

interface Place {
  names: readonly string[];
  order: readonly number[];
  width: number;
  height: number;
  most: number;
  room: number;
}

/** With names as large as this, or smaller where the cells are. */
function tryGrid({ names, order, width, height, most, room }: Place, size: number): Grid {
  const m = names.length;
  const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => textWidth(text, size)));
  const short = (most: number) => fitNames(names, (text) => textWidth(text, size) <= most + 0.5);
  const rows = short(Math.min(room, Math.max(60, 0.24 * width)));
  const slim = short(MOST_UPRIGHT);
  const [left, upright] = [Math.ceil(widest(rows)) + GAP + 2, Math.ceil(widest(slim))];
  const across = (width - left - 2) / m;
  const down = Math.max(READABLE_PITCH, (height - upright - GAP) / m);
  const wanted = Math.max(LEAST_PITCH, Math.min(most, across, down));
  // Slanted names lean out over the last column.
  const overhang = Math.max(0, 0.71 * (upright + size) - wanted / 2);
  const leaning = Math.max(LEAST_PITCH, Math.min(wanted, (width - left - overhang - 2) / m));
  const turn = turnOf(widest(names), wanted, leaning);
  const [lean, fitted] = turn === -45 ? [overhang, leaning] : [0, wanted];
  const pitch = fitted >= 8 ? Math.floor(fitted) : Math.floor(4 * fitted) / 4;
  const font = Math.min(size, fontOf(pitch));
  const tall = turn === 0 ? font + 2 : turn === -45 ? 0.71 * (upright + font) : upright;
  const top = Math.ceil(tall) + GAP + 2;
  const columns = turn === 0 ? names : slim;
  // Where names would overlap, the others have theirs under the pointer.
  const step = Math.max(1, Math.ceil(font / pitch - 0.1));
  const place = names.map((_, i) => order.indexOf(i));
  const extent = { width: Math.ceil(left + m * pitch + lean + 2), height: Math.ceil(top + m * pitch + 2) };
  return { m, left, top, pitch, ...extent, font, turn, order, place, rows, columns, step };
}

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

/** The spaces under a point of the drawing; -1 on the names of the other axis, none beside the grid. */
export function spotAt(grid: Grid, x: number, y: number): Spot | undefined {
  const { m, left, top, pitch, order } = grid;
  const [c, r] = [Math.floor((x - left) / pitch), Math.floor((y - top) / pitch)];
  const [inColumns, inRows] = [c >= 0 && c < m, r >= 0 && r < m];
  if (inColumns && inRows) return { row: order[r], column: order[c] };
  if (inRows && x < left) return { row: order[r], column: -1 };
  if (grid.turn === -45 && y < top) return slanted(grid, x, y);
  return inColumns && y < top ? { row: -1, column: order[c] } : undefined;
}

/** Slanted names rise to the right: the column below is farther left the higher the point is. */
function slanted({ m, left, top, pitch, order }: Grid, x: number, y: number): Spot | undefined {
  const c = Math.floor((x - (top - y) - left) / pitch);
  return c >= 0 && c < m ? { row: -1, column: order[c] } : undefined;
}
