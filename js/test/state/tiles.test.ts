// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Tiles } from "../../src/state/tiles";
import { FakeModel, sampleState } from "../support/model";

const LAYOUT = { size: 64, columns: 4, per_sheet: 8 };
const bitmap = { close: vi.fn() };

beforeEach(() => {
  vi.stubGlobal("createImageBitmap", async () => bitmap);
  bitmap.close.mockClear();
});
afterEach(() => void vi.unstubAllGlobals());

function make() {
  const fake = new FakeModel(sampleState({ tiles: LAYOUT }));
  const life = new AbortController();
  return { fake, life, tiles: new Tiles(fake.model, life.signal) };
}

const settle = () => new Promise((done) => setTimeout(done, 0));
const arrive = async (fake: FakeModel, rows: number[]) => {
  fake.emit("msg:custom", { type: "tiles", rows, mime: "image/png" }, [new DataView(new ArrayBuffer(1))]);
  await settle();
};

test("all that is shown at once is asked for in one message, and each picture once", async () => {
  const { fake, tiles } = make();
  const drawn: number[][] = [];
  const context = { clearRect: () => {}, drawImage: (...at: number[]) => drawn.push(at.slice(1, 5)) };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as never);
  const rows = [8, 1300, 15, 7, 99, 8];
  const shown = rows.map((row) => tiles.thumbnail(row, 32, "a cat"));
  await settle();
  expect(fake.sent).toEqual([{ type: "tiles", rows: [8, 1300, 15, 7, 99] }]);
  expect(shown[0].getAttribute("aria-label")).toBe("a cat");
  tiles.thumbnail(15, 32, "");
  await settle();
  expect(fake.sent.length).toBe(1);
  await arrive(fake, [8, 1300, 15, 7, 99]);
  expect(shown.every((canvas) => canvas.dataset.loaded === "true")).toBe(true);
  expect(drawn.slice(0, 3)).toEqual([
    [0, 0, 64, 64],
    [0, 0, 64, 64],
    [64, 0, 64, 64],
  ]);
  drawn.length = 0;
  tiles.thumbnail(99, 32, "");
  await settle();
  expect(fake.sent.length).toBe(1);
  expect(drawn).toEqual([[0, 64, 64, 64]]);
});

test("more than a sheet holds is asked for in several", async () => {
  const { fake, tiles } = make();
  for (let row = 0; row < 19; row++) tiles.thumbnail(row, 32, "");
  await settle();
  expect(fake.sent.map((message) => (message as { rows: number[] }).rows.length)).toEqual([8, 8, 3]);
});

test("nothing is asked for when there are no pictures", async () => {
  const fake = new FakeModel();
  const tiles = new Tiles(fake.model, new AbortController().signal);
  expect(tiles.available).toBe(false);
  tiles.thumbnail(0, 32, "");
  await settle();
  expect(fake.sent).toEqual([]);
});

test("the pictures not looked at for longest are let go first", async () => {
  const { fake, tiles } = make();
  const many = 6144;
  const rows = (from: number) => Array.from({ length: many / 2 }, (_, i) => from + i);
  for (const from of [0, many / 2]) await arrive(fake, rows(from));
  tiles.thumbnail(0, 32, "");
  await arrive(fake, [many]);
  expect(bitmap.close).toHaveBeenCalledTimes(1);
  tiles.thumbnail(1, 32, "");
  await settle();
  expect(fake.sent).toEqual([]);
  tiles.thumbnail(many / 2, 32, "");
  await settle();
  expect(fake.sent).toEqual([{ type: "tiles", rows: [many / 2] }]);
});

test("sheets are let go when the scene ends, also one that arrives after", async () => {
  const { fake, life, tiles } = make();
  tiles.thumbnail(0, 32, "");
  await arrive(fake, [0]);
  tiles.thumbnail(8, 32, "");
  const late = arrive(fake, [8]);
  life.abort();
  await late;
  expect(bitmap.close).toHaveBeenCalledTimes(2);
  expect(fake.listenerCount).toBe(0);
});

test("large pictures are asked for by their size, and the small one is not drawn over them", async () => {
  const fake = new FakeModel(sampleState({ tiles: { ...LAYOUT, large: 160 } }));
  const tiles = new Tiles(fake.model, new AbortController().signal);
  const drawn: number[] = [];
  const context = { clearRect: () => {}, drawImage: (...at: number[]) => drawn.push(at[3]) };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as never);
  tiles.thumbnail(3, 96, "");
  await settle();
  expect(fake.sent).toEqual([
    { type: "tiles", rows: [3] },
    { type: "tiles", rows: [3], size: 160 },
  ]);
  fake.emit("msg:custom", { type: "tiles", rows: [3], size: 160 }, [new DataView(new ArrayBuffer(1))]);
  await settle();
  await arrive(fake, [3]);
  expect(drawn).toEqual([160]);
});
