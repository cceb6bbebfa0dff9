// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Frames } from "../../src/page/frames";
import { decode } from "../../src/state/arrays";
import { Linked } from "../../src/state/linked";
import { FakeModel, N, sampleState, spectralState, wire } from "../support/model";

/** Frames of one page as the browser has them: a message goes to all others of the name, as a copy, and later. */
class Channel extends EventTarget {
  static readonly open = new Set<Channel>();
  static sent = 0;
  constructor(readonly name: string) {
    super();
    Channel.open.add(this);
  }
  postMessage(data: unknown): void {
    Channel.sent++;
    const copy = structuredClone(data);
    const others = [...Channel.open].filter((one) => one !== this && one.name === this.name);
    for (const one of others) setTimeout(() => Channel.open.has(one) && one.hear(copy), 1);
  }
  hear(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
  close(): void {
    Channel.open.delete(this);
  }
}

let life: AbortController;
const later = () => vi.advanceTimersByTime(20);
const frame = (channel: string, signal = life.signal) => {
  const fake = new FakeModel(sampleState({ channel, ...spectralState() }));
  return { fake, linked: new Linked(fake.model, signal) };
};
/** Somebody who knows the name, and says anything. */
function say(channel: string, data: unknown): void {
  const other = new Channel(`embwidget-${channel}`);
  other.postMessage(data);
  other.close();
  later();
}
const said = (name: string, value: unknown, at = performance.timeOrigin + performance.now()) =>
  ({ name, value, at, from: "another" }) as const;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("BroadcastChannel", Channel);
  life = new AbortController();
  Channel.sent = 0;
});
afterEach(() => {
  life.abort();
  expect(Channel.open.size).toBe(0);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("frames of one scene follow each other in all that is looked at, and only one of them tells Python", () => {
  const [one, other, stranger] = [frame("a"), frame("a"), frame("b")];
  one.linked.setK(8);
  one.linked.setHovered(3);
  one.linked.setPinned(4);
  one.linked.setCluster(2);
  one.linked.select(Uint32Array.of(1, 5));
  later();
  const { k, hovered, pinned, cluster, selected } = other.linked;
  expect([k, hovered, pinned, cluster, [...selected]]).toEqual([8, 3, 4, 2, [1, 5]]);
  expect([other.fake.state.k, [...decode(other.fake.state.selected)]]).toEqual([8, [1, 5]]);
  vi.advanceTimersByTime(1000);
  expect(other.fake.saved).toEqual([]);
  expect(one.fake.saved.length).toBe(4);
  const { linked } = stranger;
  expect([linked.k, linked.hovered, linked.pinned, linked.cluster, linked.selected.length]).toEqual([5, -1, -1, 0, 0]);
  expect(other.linked.undo()).toBe(true);
  later();
  expect(one.linked.selected.length).toBe(0);
});

test("what is named in one frame has its name in the other, and can be undone there", () => {
  const [one, other] = [frame("a"), frame("a")];
  one.linked.setNamed([{ name: "<i>odd</i>", rows: Uint32Array.of(1, 5) }]);
  later();
  expect(other.linked.named.map(({ name, rows }) => [name, [...rows]])).toEqual([["<i>odd</i>", [1, 5]]]);
  expect([other.fake.state.selections?.names, other.fake.saved]).toEqual([["<i>odd</i>"], []]);
  other.linked.undo();
  later();
  expect(one.linked.named).toEqual([]);
});

test("nothing goes round: what is taken is not said again, and of many moves the last is sent", () => {
  const [one, other] = [frame("a"), frame("a")];
  for (let row = 0; row < 30; row++) one.linked.setHovered(row);
  vi.advanceTimersByTime(2000);
  expect([other.linked.hovered, Channel.sent]).toEqual([29, 1]);
});

test("what Python says in every frame is not passed on", () => {
  const [one, other] = [frame("a"), frame("a")];
  one.fake.fromPython("k", 9);
  later();
  expect([other.linked.k, Channel.sent]).toEqual([5, 0]);
});

test("the last word holds, whenever it comes", () => {
  const { linked } = frame("a");
  const before = performance.timeOrigin + performance.now();
  vi.advanceTimersByTime(50);
  linked.setHovered(7);
  say("a", said("hovered", -1, before));
  expect(linked.hovered).toBe(7);
  say("a", said("hovered", -1));
  expect(linked.hovered).toBe(-1);
});

test("a clock far ahead does not silence the others", () => {
  const { linked } = frame("a");
  say("a", said("hovered", 3, 1e15));
  say("a", said("hovered", 4));
  expect(linked.hovered).toBe(4);
});

const wrong: [string, unknown][] = [
  ["nothing", null],
  ["a text", "k"],
  ["no stamp", { name: "k", value: 7, from: "x" }],
  ["an endless stamp", said("k", 7, Number.POSITIVE_INFINITY)],
  ["k too large", said("k", 13)],
  ["k too small", said("k", 0)],
  ["k between", said("k", 6.5)],
  ["k as text", said("k", "7")],
  ["no number", said("k", Number.NaN)],
  ["a row beyond the last", said("hovered", N)],
  ["a row before none", said("pinned", -2)],
  ["a group beyond the last", said("cluster", 3)],
  ["rows as a list", said("selected", [1, 2])],
  ["rows beyond the last", said("selected", Uint32Array.of(1, N))],
  ["more rows than there are", said("selected", new Uint32Array(N + 1))],
  ["rows below the first", said("selected", Int32Array.of(-1))],
  ["named rows beyond the last", said("named", [{ name: "a", rows: Uint32Array.of(N) }])],
  ["named rows without a name", said("named", [{ name: 3, rows: Uint32Array.of(1) }])],
  ["a name without end", said("named", [{ name: "a".repeat(10_000), rows: Uint32Array.of(1) }])],
  ["too many names", said("named", Array(21).fill({ name: "a", rows: Uint32Array.of(1) }))],
  ["names as a number", said("named", 3)],
  ["a name that is none", said("__proto__", 1)],
  ["another trait", said("sentence", "<b>")],
];
test.each(wrong)("what no view says is left: %s", (_, data) => {
  const { fake, linked } = frame("a");
  const before = JSON.stringify(fake.state);
  say("a", data);
  expect([linked.k, linked.hovered, linked.pinned, linked.cluster, linked.selected.length]).toEqual([5, -1, -1, 0, 0]);
  expect(JSON.stringify(fake.state)).toBe(before);
});

test("without a name, without channels and where they may not be opened the frame is alone, and works", () => {
  expect(frame("").linked.k).toBe(5);
  expect(Channel.open.size).toBe(0);
  const refuse = () => {
    throw new DOMException("not here", "SecurityError");
  };
  for (const host of [undefined, refuse]) {
    vi.stubGlobal("BroadcastChannel", host);
    const { fake, linked } = frame("a");
    linked.setK(9);
    vi.advanceTimersByTime(500);
    expect(fake.state.k).toBe(9);
  }
});

test("a scene that is gone holds no channel, and one that was gone before opens none", () => {
  const { fake, linked } = frame("a");
  linked.setHovered(3);
  life.abort();
  later();
  expect([Channel.open.size, Channel.sent]).toEqual([0, 0]);
  say("a", said("k", 9));
  expect(fake.state.k).toBe(5);
  new Frames("a", life.signal).tell("k", 3);
  expect(Channel.open.size).toBe(0);
});

/** Two scenes, as Python links them; the second has no curves. */
function linkedScenes() {
  const shares = [{ channel: "between", traits: ["hovered", "selected"] }];
  const make = (channel: string) => {
    const fake = new FakeModel(sampleState({ channel, shares }));
    return { fake, linked: new Linked(fake.model, life.signal) };
  };
  return { one: make("a"), other: make("b"), frame: make("b"), shares };
}

test("linked scenes share what they are said to, to all frames of both, and each tells Python of its own", () => {
  const { one, other, frame: second } = linkedScenes();
  one.linked.setHovered(3);
  one.linked.select(Uint32Array.of(1, 5));
  one.linked.setK(9);
  one.linked.setPinned(2);
  later();
  for (const { linked } of [other, second])
    expect([linked.hovered, [...linked.selected], linked.k, linked.pinned]).toEqual([3, [1, 5], 5, -1]);
  vi.advanceTimersByTime(1000);
  expect([other.fake.state.hovered, [...decode(other.fake.state.selected)]]).toEqual([3, [1, 5]]);
  expect(other.fake.saved.length).toBeGreaterThan(0);
  other.linked.setHovered(8);
  vi.advanceTimersByTime(3000);
  expect([one.linked.hovered, second.linked.hovered, one.fake.state.hovered]).toEqual([8, 8, 8]);
  const before = Channel.sent;
  vi.advanceTimersByTime(5000);
  expect(Channel.sent).toBe(before);
});

test("scenes that are linked in a ring come to rest", () => {
  const ring = ["ab", "bc", "ca"];
  const scenes = ["ab ca", "ab bc", "bc ca"].map((own, i) => {
    const shares = ring.filter((one) => own.includes(one)).map((channel) => ({ channel, traits: ["k", "hovered"] }));
    const fake = new FakeModel(sampleState({ channel: String(i), shares }));
    return new Linked(fake.model, life.signal);
  });
  for (let row = 0; row < 20; row++) {
    scenes[row % 3].setHovered(row);
    vi.advanceTimersByTime(3);
  }
  vi.advanceTimersByTime(1000);
  expect(scenes.map(({ hovered }) => hovered)).toEqual([19, 19, 19]);
  const before = Channel.sent;
  vi.advanceTimersByTime(5000);
  expect(Channel.sent).toBe(before);
});

test("a link that Python makes or ends later holds from then on", () => {
  const { one, other, shares } = linkedScenes();
  one.fake.fromPython("shares", []);
  one.linked.setHovered(3);
  later();
  expect(other.linked.hovered).toBe(-1);
  one.fake.fromPython("shares", shares);
  one.linked.setHovered(4);
  later();
  expect(other.linked.hovered).toBe(4);
});

test("a selection from Python is not taken for that of another frame", () => {
  const [one, other] = [frame("a"), frame("a")];
  one.fake.fromPython("selected", wire("<u4", [2], [1, 2]));
  later();
  expect([one.linked.selected.length, other.linked.selected.length]).toEqual([2, 0]);
});
