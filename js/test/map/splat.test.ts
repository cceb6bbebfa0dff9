import { expect, test } from "vitest";
import { makeStamp, mixingStep, pick, pickToward, type Surface, splat } from "../../src/map/splat";
import { fit, pan, project, zoom } from "../../src/map/transform";
import { toPixel } from "../../src/page/palette";

const WHITE = toPixel([255, 255, 255]);
const RED = toPixel([255, 0, 0]);
const BLUE = toPixel([0, 0, 255]);

function surface(): Surface {
  return { pixels: new Uint32Array(400).fill(WHITE), width: 20, height: 20 };
}

test("a point's middle has its colour and its edge is blended with what is under it", () => {
  const drawn = surface();
  const look = { style: Uint16Array.of(0), colours: Uint32Array.of(RED), stamps: [makeStamp("circle", 2.5)] };
  expect(splat(drawn, Float32Array.of(10, 10), look)).toBe(1);
  expect(drawn.pixels[10 * 20 + 10]).toBe(RED);
  const edge = drawn.pixels[10 * 20 + 13];
  expect(edge & 255).toBe(255);
  expect((edge >> 8) & 255).toBeGreaterThan(0);
  expect((edge >> 8) & 255).toBe((edge >> 16) & 255);
  expect(drawn.pixels[0]).toBe(WHITE);
});

test("points outside the surface are left out and nothing wraps round", () => {
  const drawn = surface();
  const look = { style: Uint16Array.of(0, 0), colours: Uint32Array.of(RED), stamps: [makeStamp("square", 2)] };
  expect(splat(drawn, Float32Array.of(19, 10, -4, 3), look)).toBe(0);
  expect(drawn.pixels.every((p) => p === WHITE)).toBe(true);
});

test("a mask chooses the rows, a style chooses the colour", () => {
  const drawn = surface();
  const look = { style: Uint16Array.of(0, 1), colours: Uint32Array.of(RED, BLUE), stamps: [makeStamp("circle", 1.5)] };
  splat(drawn, Float32Array.of(5, 5, 14, 14), look, Uint8Array.of(0, 1), 1);
  expect(drawn.pixels[5 * 20 + 5]).toBe(WHITE);
  expect(drawn.pixels[14 * 20 + 14]).toBe(BLUE);
});

test("the mixing step meets every row once", () => {
  for (const n of [1, 2, 3, 7, 40, 1906, 5197]) {
    const step = mixingStep(n);
    const seen = new Set<number>();
    for (let t = 0, i = 0; t < n; t++, i = (i + step) % n) seen.add(i);
    expect(seen.size).toBe(n);
  }
});

test("picking finds the nearest row within the radius", () => {
  const positions = Float32Array.of(0, 0, 10, 0, 11, 0);
  expect(pick(positions, 10.4, 0, 5)).toBe(1);
  expect(pick(positions, 10.6, 0, 5)).toBe(2);
  expect(pick(positions, 5, 0, 3)).toBe(-1);
});

test("arrow keys go to the nearest row in that quarter", () => {
  const positions = Float32Array.of(0, 0, 10, 1, 5, 20, -3, 0, 40, 0);
  expect(pickToward(positions, 0, 1, 0)).toBe(1);
  expect(pickToward(positions, 0, 0, 1)).toBe(2);
  expect(pickToward(positions, 0, -1, 0)).toBe(3);
  expect(pickToward(positions, 0, 0, -1)).toBe(-1);
});

test("fit shows all with one scale and y upwards; zoom keeps the point under the pointer", () => {
  const xy = Float32Array.of(0, 0, 2, 1);
  const fitted = fit(xy, 220, 220, 10);
  const at = project(xy, fitted, new Float32Array(4));
  expect([...at]).toEqual([10, 160, 210, 60]);
  const closer = project(xy, zoom(fitted, 3, 210, 60), new Float32Array(4));
  expect([closer[2], closer[3]]).toEqual([210, 60]);
  expect(closer[0]).toBeCloseTo(-390, 3);
  expect(project(xy, pan(fitted, 5, -5), new Float32Array(4))[0]).toBe(15);
});

test("maps of one item or of equal items still have a scale", () => {
  expect(Number.isFinite(fit(Float32Array.of(3, 3), 100, 100, 10).scale)).toBe(true);
  expect(fit(new Float32Array(0), 100, 50, 10)).toEqual({ scale: 1, x: 50, y: 25 });
});
