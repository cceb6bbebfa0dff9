/** Where names go on a map: at the middles of their items, none over another. Pure; owns no state. */

/** A set of items with a name. */
export interface Group {
  text: string;
  rows: ArrayLike<number>;
}

/** Pixels from the left and from the top. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Name {
  text: string;
  /** What has to be clear of other names, its middle where its items are. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export const MOST_NAMES = 12;
const APART = 3;
/** Where a name may go instead of right at its place: so many of its heights below. */
const ASIDE = [0, -0.8, 0.8, -1.6, 1.6];

/** The median of some items' places, each axis by itself: far ones do not draw it away. */
export function middleOf(xy: Float32Array, rows: ArrayLike<number>): [number, number] {
  const along = (axis: 0 | 1) => {
    const sorted = Float32Array.from(rows, (row) => xy[2 * row + axis]).sort();
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  };
  return [along(0), along(1)];
}

/** Which names fit, the first ones first, and where; those whose middle is out of sight are left out. */
export function placeNames(
  names: readonly Name[],
  room: { width: number; height: number },
  taken: readonly Box[] = [],
  most = MOST_NAMES,
): (Box & { text: string })[] {
  const placed: (Box & { text: string })[] = [];
  for (const name of names) {
    if (placed.length >= most) break;
    if (!(name.x >= 0 && name.y >= 0 && name.x <= room.width && name.y <= room.height)) continue;
    const boxes = ASIDE.map((aside) => boxAt(name, name.y + aside * name.height, room));
    const free = boxes.find((box) => ![...taken, ...placed].some((other) => overlap(box, other)));
    if (free) placed.push({ ...free, text: name.text });
  }
  return placed;
}

function boxAt({ x, width, height }: Name, y: number, room: { width: number; height: number }): Box {
  const within = (at: number, size: number, whole: number) => Math.max(APART, Math.min(whole - size - APART, at));
  return {
    left: within(x - width / 2, width, room.width),
    top: within(y - height / 2, height, room.height),
    width,
    height,
  };
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width + APART &&
  b.left < a.left + a.width + APART &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height;
