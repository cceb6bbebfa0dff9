import { expect, test } from "vitest";
import { neighborChange, neighborRanks } from "../../src/state/neighbors";

const x = Uint16Array.of(1, 2, 3, 4, 0, 2, 3, 4);
const y = Uint16Array.of(3, 5, 1, 6, 4, 3, 2, 0);

test("kept, only in X and only in Y share out both lists, in the order of nearness", () => {
  expect(neighborChange(x, y, 4, 0, 3)).toEqual({ kept: [1, 3], onlyX: [2], onlyY: [5] });
  expect(neighborChange(x, y, 4, 0, 1)).toEqual({ kept: [], onlyX: [1], onlyY: [3] });
  expect(neighborChange(x, y, 4, 1, 4)).toEqual({ kept: [0, 2, 3, 4], onlyX: [], onlyY: [] });
});

test("beyond the stored lists, what is stored is compared", () => {
  expect(neighborChange(x, y, 4, 0, 50)).toEqual(neighborChange(x, y, 4, 0, 4));
});

test("what an approximate search did not find is nobody's neighbour", () => {
  const few = Uint16Array.of(1, 65535, 65535, 65535);
  expect(neighborChange(few, Uint16Array.of(2, 1, 65535, 65535), 4, 0, 4)).toEqual({
    kept: [1],
    onlyX: [],
    onlyY: [2],
  });
});

test("places in a list count from 1, and what is not in it has none", () => {
  expect([...neighborRanks(x, 4, 1)]).toEqual([
    [0, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
  expect([...neighborRanks(Uint16Array.of(7, 65535, 9), 3, 0)]).toEqual([
    [7, 1],
    [9, 3],
  ]);
});
