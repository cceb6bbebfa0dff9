/** How many items are shown, and how large. View state: what the toolbar sets. */

export interface Look {
  /** Items of an open card. */
  count: number;
  /** Side of a picture in a line, in pixels; a card shows the next larger ones. */
  size: number;
}

export const COUNTS = [6, 12, 24, 48, 96];
export const SIZES: readonly (readonly [string, number])[] = [
  ["S", 32],
  ["M", 44],
  ["L", 64],
  ["XL", 96],
  ["XXL", 160],
];
/** Items of a line at most, and the space between two in pixels, as in the style sheet. */
export const LINE_ITEMS = 24;
const GAP = 4;

export function cardSize(size: number): number {
  const at = SIZES.findIndex(([, pixels]) => pixels === size);
  return SIZES[Math.min(SIZES.length - 1, at + 1)][1];
}

/** Pictures of this size that stand side by side in so much room. */
export const fitting = (room: number, size: number): number => Math.max(1, Math.floor((room + GAP) / (size + GAP)));
