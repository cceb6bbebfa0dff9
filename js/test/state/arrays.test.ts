import { expect, test } from "vitest";
import { decode, encodeRows } from "../../src/state/arrays";

test("bytes at an odd offset are read as they were written", () => {
  const numbers = Float32Array.of(1.5, -2, 3e9);
  const bytes = new Uint8Array(15);
  bytes.set(new Uint8Array(numbers.buffer), 3);
  const data = new DataView(bytes.buffer, 3, 12);
  expect([...decode({ dtype: "<f4", shape: [3], data })]).toEqual([1.5, -2, 3e9]);
});

test("an aligned part of a larger buffer is a view, not a copy", () => {
  const buffer = Uint16Array.of(9, 8, 7, 6).buffer;
  const part = decode({ dtype: "<u2", shape: [2], data: new DataView(buffer, 2, 4) });
  expect([...part]).toEqual([8, 7]);
  expect(part.buffer).toBe(buffer);
});

test("bytes that do not fill the shape are refused", () => {
  const data = new DataView(new ArrayBuffer(6));
  expect(() => decode({ dtype: "<u4", shape: [2], data })).toThrow("expected 8 bytes but got 6");
  expect(() => decode({ dtype: ">i8" as "<u4", shape: [1], data })).toThrow("expected an array of dtype");
});

test("row numbers survive the way to Python and back", () => {
  expect([...decode(encodeRows(Uint32Array.of(4, 70000)))]).toEqual([4, 70000]);
  expect(decode(undefined).length).toBe(0);
});
