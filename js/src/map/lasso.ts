/** Which points lie inside a drawn outline, in the coordinates of the drawing. Pure; owns no state. */
export type Outline = readonly (readonly [number, number])[];

/** Even-odd rule. */
export function inside(outline: Outline, x: number, y: number): boolean {
  let within = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [xi, yi] = outline[i];
    const [xj, yj] = outline[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

export function rectangle(from: readonly [number, number], to: readonly [number, number]): Outline {
  return [from, [to[0], from[1]], to, [from[0], to[1]]];
}

/** Rows of interleaved (x, y) positions that lie inside the outline, ascending. */
export function rowsInside(outline: Outline, positions: Float32Array): Uint32Array {
  if (outline.length < 3) return new Uint32Array(0);
  const xs = outline.map((p) => p[0]);
  const ys = outline.map((p) => p[1]);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const rows: number[] = [];
  for (let i = 0; i < positions.length / 2; i++) {
    const x = positions[2 * i];
    const y = positions[2 * i + 1];
    if (x >= left && x <= right && y >= top && y <= bottom && inside(outline, x, y)) rows.push(i);
  }
  return Uint32Array.from(rows);
}
