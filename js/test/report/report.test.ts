/** What a report is read from: arrays, linked traits, pictures, and what finds nobody. */
import { expect, test } from "vitest";
import { link, StillModel } from "../../src/report/model";
import { type PackedSheet, readPacked, stateOf, unpack } from "../../src/report/packed";
import { answerPictures, largest, sheetsOf } from "../../src/report/pictures";
import { decode } from "../../src/state/arrays";

const HEADER = { scenes: [], links: [], views: [], files: { "a.js": [0, 2] } };

function block(header: object, bytes: number[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const whole = new Uint8Array(4 + text.length + bytes.length);
  new DataView(whole.buffer).setUint32(0, text.length, true);
  whole.set(text, 4);
  whole.set(bytes, 4 + text.length);
  return whole;
}

const sheet = (rows: number[], size: number): PackedSheet => ({ rows, size, mime: "image/webp", bytes: [0, 1] });

async function compressed(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return btoa(String.fromCharCode(...new Uint8Array(await new Response(stream).arrayBuffer())));
}

test("a block is read as its header and the bytes that it names", async () => {
  const whole = block(HEADER, [7, 8, 9]);
  const found = await unpack(await compressed(whole));
  expect(found.header).toEqual(HEADER);
  expect([...found.bytes([1, 2])]).toEqual([8, 9]);
});

test("arrays of the state are what a notebook's widgets have, at any place", () => {
  const numbers = new Uint8Array(new Float32Array([1, 2.5]).buffer);
  const packed = readPacked(block(HEADER, [0, 0, 0, ...numbers]).buffer);
  const scene = { code: "", looks: "", state: { n: 2, map: { dtype: "<f4", shape: [2] } }, sheets: [] };
  const state = stateOf({ ...scene, arrays: { map: [3, 8] } }, packed);
  expect(state.n).toBe(2);
  expect([...decode(state.map as Parameters<typeof decode>[0])]).toEqual([1, 2.5]);
});

test("linked scenes share a trait in both directions, and each is told once", () => {
  const [one, other] = [new StillModel({ k: 1 }, () => false), new StillModel({ k: 1 }, () => false)];
  link(one, other, "k");
  let told = 0;
  other.on("change:k", () => {
    told += 1;
  });
  one.set("k", 5);
  expect(other.get("k")).toBe(5);
  other.set("k", 7);
  expect(one.get("k")).toBe(7);
  expect(told).toBe(2);
});

test("what only Python can do finds nobody; pictures are answered from the sheets", () => {
  const packed = readPacked(block(HEADER, [9]).buffer);
  const sheets = [sheet([4, 5], 64), sheet([6], 64), sheet([4], 160)];
  const layout = { size: 64, large: 160, columns: 16, per_sheet: 64 };
  const model = new StillModel({}, answerPictures(sheets, layout, packed) as never);
  const heard: { rows?: number[]; size?: number }[] = [];
  model.on("msg:custom", (content: object) => heard.push(content));
  expect(() => model.send({ type: "draw_neighbors" })).toThrow("expected a kernel");
  model.send({ type: "tiles", rows: [5, 6, 99] } as { type: string });
  model.send({ type: "tiles", rows: [4], size: 160 } as { type: string });
  expect(heard.map(({ rows, size }) => [rows, size])).toEqual([
    [[4, 5], undefined],
    [[6], undefined],
    [[4], 160],
  ]);
  expect(sheetsOf(sheets, [6], 64)).toEqual([sheets[1]]);
  expect(largest(sheets, 4)).toEqual([sheets[2], 0]);
  expect(largest(sheets, 99)).toBeUndefined();
});
