import { expect, test } from "vitest";
import { inside, type Outline, rectangle, rowsInside } from "../../src/map/lasso";

/** A C, open to the right: the middle of its mouth is outside. */
const C: Outline = [
  [0, 0],
  [10, 0],
  [10, 3],
  [3, 3],
  [3, 7],
  [10, 7],
  [10, 10],
  [0, 10],
];

test("a concave outline leaves its mouth out", () => {
  expect(inside(C, 1, 5)).toBe(true);
  expect(inside(C, 6, 5)).toBe(false);
  expect(inside(C, 6, 1)).toBe(true);
  expect(inside(C, 12, 5)).toBe(false);
  expect(inside(C, -1, 5)).toBe(false);
});

test("the same answer whichever way round the outline was drawn", () => {
  const back = [...C].reverse();
  for (let x = 0.5; x < 12; x++) for (let y = 0.5; y < 12; y++) expect(inside(back, x, y)).toBe(inside(C, x, y));
});

test("rows inside come ascending; less than a triangle holds none", () => {
  const positions = Float32Array.of(6, 1, 6, 5, 1, 5, 20, 20);
  expect([...rowsInside(C, positions)]).toEqual([0, 2]);
  expect([...rowsInside(C.slice(0, 2), positions)]).toEqual([]);
  expect([...rowsInside(rectangle([7, 6], [0, 0]), positions)]).toEqual([0, 1, 2]);
});
