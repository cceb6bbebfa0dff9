import { expect, test } from "vitest";
import { namedGroups } from "../../src/map/named_groups";
import { type Box, MOST_NAMES, middleOf, placeNames } from "../../src/map/places";
import { SceneData } from "../../src/state/data";
import { aloneState, FakeModel, MEMBERS, N, random, sampleState, wire } from "../support/model";

const ROOM = { width: 400, height: 300 };
const name = (text: string, x: number, y: number, width = 60) => ({ text, x, y, width, height: 16 });

function meet(a: Box, b: Box): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}

test("the middle is the median along each axis, which one far item does not move", () => {
  const xy = Float32Array.of(0, 10, 1, 20, 2, 30, 1000, -1000, 7, 7);
  expect(middleOf(xy, [0, 1, 2])).toEqual([1, 20]);
  expect(middleOf(xy, [0, 1, 2, 3])).toEqual([1.5, 15]);
  expect(middleOf(xy, Uint32Array.of(4))).toEqual([7, 7]);
});

test("names lie where their items are, as long as there is room", () => {
  const [one] = placeNames([name("a", 200, 150)], ROOM);
  expect(one).toEqual({ text: "a", left: 170, top: 142, width: 60, height: 16 });
});

test("no name lies on another, nor on what is there already, nor outside", () => {
  const next = random(5);
  const taken = [{ left: 0, top: 0, width: 120, height: 18 }];
  const names = Array.from({ length: 300 }, (_, i) => name(`name ${i}`, 400 * next(), 300 * next(), 30 + 90 * next()));
  const placed = placeNames(names, ROOM, taken, 300);
  expect(placed.length).toBeGreaterThan(15);
  for (const [i, box] of placed.entries()) {
    for (const other of [...taken, ...placed.slice(0, i)]) expect(meet(box, other)).toBe(false);
    expect(box.left >= 0 && box.top >= 0).toBe(true);
    expect(box.left + box.width <= 400 && box.top + box.height <= 300).toBe(true);
  }
});

test("the first names come first, and a name that has to makes way up or down", () => {
  const both = placeNames([name("large", 200, 150), name("small", 205, 150)], ROOM);
  expect(both.map(({ text }) => text)).toEqual(["large", "small"]);
  expect(both[0].top).toBe(142);
  expect(both[1].top).not.toBe(142);
  const many = Array.from({ length: 9 }, (_, i) => name(String(i), 200, 150));
  const placed = placeNames(many, ROOM);
  expect(placed.map(({ text }) => text)).toEqual(["0", "1", "2"].slice(0, placed.length));
});

test("what is out of sight has no name, and there are no more than can be read", () => {
  const away = [name("left", -1, 150), name("below", 200, 301), name("nowhere", Number.NaN, 5), name("here", 200, 150)];
  expect(placeNames(away, ROOM).map(({ text }) => text)).toEqual(["here"]);
  const many = Array.from({ length: 60 }, (_, i) =>
    name(String(i), 20 + 40 * (i % 9), 20 + 40 * Math.floor(i / 9), 20),
  );
  expect(placeNames(many, ROOM).length).toBe(MOST_NAMES);
});

const dataOf = (state = sampleState()) => new SceneData(new FakeModel(state).model);
const labelled = (codes: number[], names: string[]) =>
  dataOf(sampleState({ n: codes.length, label_codes: wire("<u2", [codes.length], codes), label_names: names }));

test("classes are named largest first, with their items and as they are", () => {
  const groups = namedGroups(dataOf(), "agreement");
  expect(groups.map(({ text, rows }) => [text, rows.length])).toEqual([
    ["cats", 17],
    ["dogs", 17],
    ["<b>birds</b>", 5],
  ]);
  expect(Array.from(groups[2].rows)).toEqual([7, 14, 21, 28, 35]);
});

test("one label for all is not written, nor any of thousands that hardly an item has", () => {
  expect(namedGroups(labelled(new Array(50).fill(0), ["all"]), "label")).toEqual([]);
  const own = Array.from({ length: 5000 }, (_, i) => i);
  expect(namedGroups(labelled(own, own.map(String)), "label")).toEqual([]);
  const large = own.map((i) => (i < 600 ? i % 3 : i));
  expect(namedGroups(labelled(large, own.map(String)), "label").map(({ text }) => text)).toEqual(["0", "1", "2"]);
});

test("where clusters are the colours, those that hold are named by their titles, each once", () => {
  const alone = aloneState();
  const data = dataOf(alone);
  // The second does not survive and the third is nearly constant.
  expect(namedGroups(data, "loading").map(({ text, rows }) => [text, [...(rows as Uint32Array)]])).toEqual([
    ["group 0", [...MEMBERS[0]]],
  ]);
  const clusters = alone.clusters.map((c) => ({ ...c, survives: true, constant_share: 0, title: `<b>${c.index}</b>` }));
  const bare = namedGroups(dataOf({ ...alone, clusters }), "loading");
  expect(bare.map(({ text }) => text)).toEqual(["<b>0</b>", "<b>1</b>", "<b>2</b>"]);
  const same = alone.clusters.map((c) => ({ ...clusters[c.index], title: "the same" }));
  expect(namedGroups(dataOf({ ...alone, clusters: same }), "loading").length).toBe(1);
  expect(N).toBe(data.n);
});
