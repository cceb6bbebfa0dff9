import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SceneData } from "../../src/state/data";
import { WholeLists } from "../../src/state/neighbors";
import { FakeModel, LISTS, sampleState, wire } from "../support/model";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function make() {
  const first = LISTS.map((lists) =>
    wire(
      "<u2",
      [lists.length, 2],
      lists.flatMap((one) => one.slice(0, 2)),
    ),
  );
  const fake = new FakeModel(sampleState({ neighbors_x: first[0], neighbors_y: first[1] }));
  const life = new AbortController();
  const came = vi.fn();
  return { fake, life, came, data: new SceneData(fake.model, new WholeLists(fake.model, life.signal, came)) };
}

const answer = (fake: FakeModel, row: number) =>
  fake.emit(
    "msg:custom",
    { type: "neighbors", row },
    LISTS.map((lists) => new DataView(Uint32Array.from(lists[row]).buffer)),
  );

test("where the page holds fewer neighbours than k, those of the item that is looked at are asked for", () => {
  const { fake, came, data } = make();
  expect(data.neighborChange(5, 2).kept.length + data.neighborChange(5, 2).onlyX.length).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(fake.sent).toEqual([]);
  for (const passed of [3, 4, 5]) data.neighborChange(passed, 8);
  vi.advanceTimersByTime(1000);
  expect(fake.sent).toEqual([{ type: "neighbors", row: 5 }]);
  expect(data.listed(5)).toBe(2);
  answer(fake, 5);
  expect(came).toHaveBeenCalledTimes(1);
  expect(data.listed(5)).toBe(LISTS[0][5].length);
  const change = data.neighborChange(5, 8);
  const asNumbers = (a: number, b: number) => a - b;
  expect([...change.kept, ...change.onlyX].sort(asNumbers)).toEqual(LISTS[0][5].slice(0, 8).sort(asNumbers));
  vi.advanceTimersByTime(1000);
  expect(fake.sent).toHaveLength(1);
});

test("a closed scene hears and keeps nothing", () => {
  const { fake, life, came, data } = make();
  data.neighborChange(5, 8);
  life.abort();
  vi.advanceTimersByTime(1000);
  answer(fake, 5);
  expect([fake.sent, came.mock.calls, data.listed(5)]).toEqual([[], [], 2]);
});
