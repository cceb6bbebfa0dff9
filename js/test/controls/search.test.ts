// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { findRows, makeSearch } from "../../src/controls/search";
import type { Context } from "../../src/state/context";
import { SceneData } from "../../src/state/data";
import { Linked } from "../../src/state/linked";
import { FakeModel } from "../support/model";

const fake = new FakeModel();
const data = new SceneData(fake.model);

test("a number is the row, a text its beginning first, a label its members", () => {
  expect(findRows(data, "#17")).toEqual([17]);
  expect(findRows(data, "item number 3", 3)).toEqual([3, 30, 31]);
  expect(findRows(data, "NUMBER 39")).toEqual([39]);
  expect(findRows(data, "birds")).toEqual([7, 14, 21, 28, 35]);
  expect(findRows(data, "  ")).toEqual([]);
  expect(findRows(data, "#4000")).toEqual([]);
});

test("all hits can be selected, with their number, beyond those that are listed", () => {
  const { signal } = new AbortController();
  const linked = new Linked(fake.model, signal);
  const node = makeSearch({ data, linked, tiles: { available: false } } as unknown as Context, signal);
  const type = (text: string) => {
    const input = node.querySelector("input") as HTMLInputElement;
    input.value = text;
    input.dispatchEvent(new Event("input"));
  };
  const all = () => node.querySelector<HTMLElement>(".embw-all-hits");
  type("number 3");
  expect(node.querySelectorAll("[data-row]").length).toBe(8);
  expect(all()?.textContent).toBe("Select all 11 hits");
  all()?.click();
  expect([...linked.selected]).toEqual([3, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
  expect(linked.status).toBe("11 selected: all that “number 3” finds.");
  type("#7");
  expect([node.querySelectorAll("[data-row]").length, all()]).toEqual([1, null]);
  linked.undo();
  expect(linked.selected.length).toBe(0);
});
