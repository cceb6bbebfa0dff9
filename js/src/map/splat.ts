/** Points into ImageData with typed arrays: no WebGL, no path per point. Pure; owns no state. */
import type { Shape } from "../page/palette";

export interface Stamp {
  size: number;
  /** Coverage 0..255, row by row. */
  alpha: Uint8Array;
}

export interface Surface {
  pixels: Uint32Array;
  width: number;
  height: number;
}

/** How points look: `style[i]` picks an entry of `colours` and, by the same number, of `stamps`. */
export interface PointStyle {
  style: Uint16Array;
  colours: Uint32Array;
  stamps: readonly Stamp[];
  /** Where given, rows with 0 are painted under those with 1. */
  over?: Uint8Array;
}

/** Points that stand out from the others. */
export interface Marked {
  mask: Uint8Array;
  dimmed: PointStyle;
  /** Not around those that only a pointer singles out. */
  ring?: PointStyle;
}

interface Layer {
  look: PointStyle;
  mask?: Uint8Array;
  which: 0 | 1;
}

const distances: Record<Shape, (x: number, y: number, r: number) => number> = {
  circle: (x, y, r) => Math.hypot(x, y) - r,
  square: (x, y, r) => Math.max(Math.abs(x), Math.abs(y)) - r * 0.88,
  diamond: (x, y, r) => (Math.abs(x) + Math.abs(y)) / Math.SQRT2 - r * 0.88,
  triangle: (x, y, r) => Math.max(y - r * 0.72, 0.866 * Math.abs(x) - 0.5 * y - r * 0.62),
};

/** An anti-aliased glyph of the given radius in device pixels. */
export function makeStamp(shape: Shape, radius: number, opacity = 1): Stamp {
  const half = Math.ceil(radius + 1);
  const size = 2 * half + 1;
  const alpha = new Uint8Array(size * size);
  for (let y = -half; y <= half; y++) {
    for (let x = -half; x <= half; x++) {
      const cover = Math.max(0, Math.min(1, 0.5 - distances[shape](x, y, radius)));
      alpha[(y + half) * size + x + half] = Math.round(255 * cover * opacity);
    }
  }
  return { size, alpha };
}

/** A circle's outline. */
export function makeRing(radius: number, opacity = 1): Stamp {
  const [outer, inner] = [makeStamp("circle", radius), makeStamp("circle", Math.max(0, radius - 1.2))];
  const offset = (outer.size - inner.size) / 2;
  const alpha = outer.alpha.map((cover, at) => {
    const [x, y] = [(at % outer.size) - offset, Math.floor(at / outer.size) - offset];
    const hole = x >= 0 && y >= 0 && x < inner.size && y < inner.size ? inner.alpha[y * inner.size + x] : 0;
    return Math.round((cover - hole) * opacity);
  });
  return { size: outer.size, alpha };
}

function blend(under: number, over: number, alpha: number): number {
  const rest = 255 - alpha;
  const rb = ((over & 0xff00ff) * alpha + (under & 0xff00ff) * rest + 0x800080) >>> 8;
  const g = ((over & 0x00ff00) * alpha + (under & 0x00ff00) * rest + 0x008000) >>> 8;
  return (0xff000000 | (rb & 0xff00ff) | (g & 0x00ff00)) >>> 0;
}

function put(surface: Surface, stamp: Stamp, left: number, top: number, colour: number): void {
  const { pixels, width } = surface;
  const { size, alpha } = stamp;
  for (let y = 0, a = 0; y < size; y++) {
    let at = (top + y) * width + left;
    for (let x = 0; x < size; x++, a++, at++) {
      const cover = alpha[a];
      if (cover === 0) continue;
      pixels[at] = cover > 250 ? colour : blend(pixels[at], colour, cover);
    }
  }
}

/** What lies over what: with a mask those outside it, dimmed, beneath those inside, ringed. */
export function layersOf(look: PointStyle, marked?: Marked): Layer[] {
  if (!marked) {
    const under: Layer[] = look.over ? [{ look, mask: look.over, which: 0 }] : [];
    return [...under, { look, mask: look.over, which: 1 }];
  }
  const { mask, dimmed, ring } = marked;
  const rings: Layer[] = ring ? [{ look: ring, mask, which: 1 }] : [];
  return [{ look: dimmed, mask, which: 0 }, ...rings, { look, mask, which: 1 }];
}

/** A step through 0..n-1 that meets every row once and mixes them, so that no class lies on top for being last. */
export function mixingStep(n: number): number {
  const divides = (a: number, b: number): number => (b === 0 ? a : divides(b, a % b));
  let step = Math.max(1, Math.round(n * 0.618));
  while (divides(n, step) > 1) step++;
  return step;
}

/** Draws every point, or those whose `mask` equals `which`; returns how many lay inside. */
export function splat(
  surface: Surface,
  positions: Float32Array,
  look: PointStyle,
  mask?: Uint8Array,
  which = 1,
): number {
  let drawn = 0;
  const n = look.style.length;
  const step = mixingStep(n);
  for (let t = 0, i = 0; t < n; t++, i = (i + step) % n) {
    if (mask && mask[i] !== which) continue;
    const entry = look.style[i];
    const stamp = look.stamps[entry % look.stamps.length];
    const half = (stamp.size - 1) / 2;
    const left = Math.round(positions[2 * i]) - half;
    const top = Math.round(positions[2 * i + 1]) - half;
    // Turned round, so that a point that is nowhere (NaN) is not drawn either.
    if (!(left >= 0 && top >= 0 && left + stamp.size <= surface.width && top + stamp.size <= surface.height)) continue;
    put(surface, stamp, left, top, look.colours[entry]);
    drawn++;
  }
  return drawn;
}

/** The row nearest to (x, y) and within `radius`, or -1. */
export function pick(positions: Float32Array, x: number, y: number, radius: number): number {
  let best = radius * radius;
  let row = -1;
  for (let i = 0; i < positions.length / 2; i++) {
    const dx = positions[2 * i] - x;
    const dy = positions[2 * i + 1] - y;
    const d = dx * dx + dy * dy;
    if (d <= best && (row < 0 || d < best)) {
      best = d;
      row = i;
    }
  }
  return row;
}

/** The nearest row from `from` within a quarter turn of the direction (dx, dy), or -1. */
export function pickToward(positions: Float32Array, from: number, dx: number, dy: number): number {
  const x0 = positions[2 * from];
  const y0 = positions[2 * from + 1];
  let best = Number.POSITIVE_INFINITY;
  let row = -1;
  for (let i = 0; i < positions.length / 2; i++) {
    const x = positions[2 * i] - x0;
    const y = positions[2 * i + 1] - y0;
    const along = x * dx + y * dy;
    const across = Math.abs(x * dy - y * dx);
    if (i === from || along <= 0 || across > along) continue;
    const cost = along + 2 * across;
    if (cost < best) {
      best = cost;
      row = i;
    }
  }
  return row;
}
