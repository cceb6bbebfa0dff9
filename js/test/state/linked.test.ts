import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { decode } from "../../src/state/arrays";
import { Linked } from "../../src/state/linked";
import { History, sameRows, toggle, union } from "../../src/state/selection";
import { aloneState, FakeModel, sampleState, wire } from "../support/model";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function make() {
  const fake = new FakeModel();
  const life = new AbortController();
  return { fake, life, linked: new Linked(fake.model, life.signal) };
}

test("scrubbing k tells the views each step and Python once, when it rests", () => {
  const { fake, life, linked } = make();
  const heard: number[] = [];
  linked.on("k", () => heard.push(linked.k), life.signal);
  for (const k of [6, 7, 8]) linked.setK(k);
  expect(heard).toEqual([6, 7, 8]);
  expect(fake.saved).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(fake.saved).toEqual([{ k: 8 }]);
});

test("a held cursor tells Python nothing, letting go at once", () => {
  const { fake, linked } = make();
  linked.setK(7, "not yet");
  vi.advanceTimersByTime(1000);
  expect(fake.saved).toEqual([]);
  linked.setK(9, "now");
  expect(fake.saved).toEqual([{ k: 9 }]);
});

test("k stays within its range", () => {
  const { linked } = make();
  linked.setK(999);
  expect(linked.k).toBe(12);
  linked.setK(-3);
  expect(linked.k).toBe(1);
});

test("of very many items k goes to the sizes there are, by keys from one to the next", () => {
  const fake = new FakeModel(sampleState({ count_sizes: [1, 3, 8, 12], k: 3 }));
  const linked = new Linked(fake.model, new AbortController().signal);
  const after = (act: () => void) => {
    act();
    return linked.k;
  };
  expect(after(() => linked.setK(7))).toBe(8);
  expect(after(() => linked.setK(2))).toBe(3);
  expect(after(() => linked.stepK(1))).toBe(8);
  expect(after(() => linked.stepK(-1))).toBe(3);
  expect(after(() => linked.stepK(10))).toBe(12);
  expect(after(() => linked.stepK(1))).toBe(12);
});

test("k set in Python reaches every listener, and a stale local step does not undo it", () => {
  const { fake, life, linked } = make();
  const heard = vi.fn();
  linked.on("k", heard, life.signal);
  linked.setK(6);
  fake.fromPython("k", 7);
  expect(linked.k).toBe(7);
  expect(heard).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1000);
  expect(fake.saved).toEqual([]);
});

test("hover is told to Python at most ten times a second, and ends with where the pointer is", () => {
  const { fake, linked } = make();
  for (let row = 0; row < 30; row++) {
    linked.setHovered(row);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(200);
  expect(fake.saved.length).toBeLessThanOrEqual(4);
  expect(fake.state.hovered).toBe(29);
});

test("a selection goes to Python as row numbers; undo takes it back", () => {
  const { fake, linked } = make();
  linked.select(Uint32Array.of(3, 9));
  linked.select(Uint32Array.of(3, 9));
  linked.select(Uint32Array.of(5));
  expect(fake.saved.length).toBe(2);
  expect([...decode(fake.state.selected)]).toEqual([5]);
  expect(linked.undo()).toBe(true);
  expect([...decode(fake.state.selected)]).toEqual([3, 9]);
  linked.undo();
  expect(linked.selected.length).toBe(0);
  expect(linked.undo()).toBe(false);
});

test("a selection made in Python is taken over, and can be undone here", () => {
  const { fake, linked } = make();
  fake.fromPython("selected", wire("<u4", [2], [1, 2]));
  expect([...linked.selected]).toEqual([1, 2]);
  linked.undo();
  expect(linked.selected.length).toBe(0);
});

test("after abort nothing listens and no timer fires", () => {
  const { fake, life, linked } = make();
  linked.on("k", () => {}, life.signal);
  linked.setK(8);
  linked.setHovered(4);
  life.abort();
  vi.advanceTimersByTime(1000);
  expect(fake.listenerCount).toBe(0);
  expect(linked.listenerCount).toBe(0);
  expect(fake.saved).toEqual([]);
});

test("a view's own end takes only its own listeners", () => {
  const { life, linked } = make();
  const view = new AbortController();
  linked.on("k", () => {}, life.signal);
  linked.on("k", () => {}, view.signal);
  view.abort();
  expect(linked.listenerCount).toBe(1);
});

test("a cursor beyond the curves starts at their end", () => {
  const fake = new FakeModel(sampleState({ k: 50 }));
  expect(new Linked(fake.model, new AbortController().signal).k).toBe(12);
});

test("sets of rows: union is sorted and unique, toggle adds and removes", () => {
  expect([...union(Uint32Array.of(9, 1), Uint32Array.of(100, 1))]).toEqual([1, 9, 100]);
  expect([...toggle(Uint32Array.of(1, 9), 9)]).toEqual([1]);
  expect([...toggle(Uint32Array.of(9), 1)]).toEqual([1, 9]);
  expect(sameRows(Uint32Array.of(1), Uint32Array.of(1, 2))).toBe(false);
});

test("the history forgets the oldest beyond its limit", () => {
  const history = new History(2);
  for (const row of [1, 2, 3]) history.remember({ selected: Uint32Array.of(row), named: [] });
  const undone = () => history.undo()?.selected[0];
  expect([undone(), undone(), undone()]).toEqual([3, 2, undefined]);
});

test("the same groups under other names are renamed; other groups are other clusters", () => {
  const { fake, life, linked } = make();
  Object.assign(fake.state, aloneState());
  fake.emit("change:clusters");
  linked.setCluster(2);
  const heard: string[] = [];
  for (const event of ["clusters", "cluster", "renamed"] as const)
    linked.on(event, () => heard.push(event), life.signal);
  fake.fromPython(
    "clusters",
    fake.state.clusters.map((one) => ({ ...one, title: "mine" })),
  );
  expect([heard, linked.cluster]).toEqual([["renamed"], 2]);
  vi.advanceTimersByTime(1000);
  expect(fake.saved).toEqual([{ cluster: 2 }]);
  fake.state.cluster = 0;
  fake.fromPython(
    "clusters",
    fake.state.clusters.map((one) => ({ ...one, eigenvalue: one.eigenvalue / 2 })),
  );
  expect([heard.slice(1), linked.cluster]).toEqual([["clusters", "cluster"], 0]);
});
