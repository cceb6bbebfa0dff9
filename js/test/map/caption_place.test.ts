import { expect, test } from "vitest";
import { placeCaption } from "../../src/map/caption_place";
import { random } from "../support/model";

const ROOM = { width: 400, height: 300 };
const SIZE = { width: 90, height: 20 };
type Point = [number, number];

const under = (box: { left: number; top: number }, points: readonly Point[]) =>
  points.filter(([x, y]) => x > box.left && x < box.left + SIZE.width && y > box.top && y < box.top + SIZE.height);

test("with nothing in the way it stands to the right and above", () => {
  expect(placeCaption([200, 150], SIZE, ROOM, [])).toEqual({ left: 212, top: 118, ...SIZE });
});

test("it goes where no neighbour is", () => {
  const right: Point[] = Array.from({ length: 20 }, (_, i) => [215 + 4 * i, 60 + 9 * i]);
  const box = placeCaption([200, 150], SIZE, ROOM, right);
  expect(under(box, right)).toEqual([]);
  expect(box.left + box.width).toBeLessThanOrEqual(200);
});

test("where all eight are taken it covers the fewest", () => {
  const grid: Point[] = [];
  for (let x = 100; x <= 310; x += 8) for (let y = 100; y <= 200; y += 6) grid.push([x, y]);
  const thin = grid.filter(([x, y]) => !(x < 195 && y > 155 && (x + y) % 3));
  const box = placeCaption([200, 150], SIZE, ROOM, thin);
  expect([box.left < 150, box.top > 150]).toEqual([true, true]);
});

test("it stays inside and off the item, wherever that is", () => {
  const next = random(9);
  for (let i = 0; i < 300; i++) {
    const at: Point = [400 * next(), 300 * next()];
    const points = Array.from({ length: 30 }, (): Point => [400 * next(), 300 * next()]);
    const box = placeCaption(at, SIZE, ROOM, points);
    expect(box.left >= 0 && box.top >= 0).toBe(true);
    expect(box.left + SIZE.width <= 400 && box.top + SIZE.height <= 300).toBe(true);
    expect(under(box, [at])).toEqual([]);
  }
});
