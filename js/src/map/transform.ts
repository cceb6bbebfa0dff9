/** From map coordinates to the screen: same scale on both axes, y upwards. View state; pure functions. */
export interface Transform {
  scale: number;
  x: number;
  y: number;
}

export function fit(xy: Float32Array, width: number, height: number, margin: number): Transform {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < xy.length; i += 2) {
    left = Math.min(left, xy[i]);
    right = Math.max(right, xy[i]);
    bottom = Math.min(bottom, xy[i + 1]);
    top = Math.max(top, xy[i + 1]);
  }
  if (!(right >= left)) return { scale: 1, x: width / 2, y: height / 2 };
  const room = (size: number) => Math.max(1, size - 2 * margin);
  const scale = Math.min(room(width) / (right - left || 1), room(height) / (top - bottom || 1));
  return {
    scale,
    x: width / 2 - (scale * (left + right)) / 2,
    y: height / 2 + (scale * (bottom + top)) / 2,
  };
}

/** Zooms by `factor`, leaving the screen point (x, y) where it is. */
export function zoom(t: Transform, factor: number, x: number, y: number): Transform {
  return { scale: t.scale * factor, x: x + (t.x - x) * factor, y: y + (t.y - y) * factor };
}

export const pan = (t: Transform, dx: number, dy: number): Transform => ({ ...t, x: t.x + dx, y: t.y + dy });

export function project(xy: Float32Array, t: Transform, out: Float32Array): Float32Array {
  for (let i = 0; i < xy.length; i += 2) {
    out[i] = xy[i] * t.scale + t.x;
    out[i + 1] = t.y - xy[i + 1] * t.scale;
  }
  return out;
}
