import { expect, test } from "vitest";
import { findRows } from "../../src/controls/search";
import { SceneData } from "../../src/state/data";
import { FakeModel } from "../support/model";

const data = new SceneData(new FakeModel().model);

test("a number is the row, a text its beginning first, a label its members", () => {
  expect(findRows(data, "#17")).toEqual([17]);
  expect(findRows(data, "item number 3", 3)).toEqual([3, 30, 31]);
  expect(findRows(data, "NUMBER 39")).toEqual([39]);
  expect(findRows(data, "birds")).toEqual([7, 14, 21, 28, 35]);
  expect(findRows(data, "  ")).toEqual([]);
  expect(findRows(data, "#4000")).toEqual([]);
});
