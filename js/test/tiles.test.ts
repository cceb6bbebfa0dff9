// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Tiles } from "../src/shared/tiles";
import { FakeModel, sampleState } from "./model";

const LAYOUT = { size: 64, columns: 4, per_sheet: 8, sheets: 5 };
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

const arrive = async (fake: FakeModel, sheet: number) => {
  fake.emit("msg:custom", { type: "tiles", sheet, mime: "image/png" }, [new DataView(new ArrayBuffer(1))]);
  await new Promise((done) => setTimeout(done, 0));
};

test("a sheet is asked for once, however many of its items are shown", async () => {
  const { fake, tiles } = make();
  const drawn: number[][] = [];
  const context = { clearRect: () => {}, drawImage: (...at: number[]) => drawn.push(at.slice(1, 5)) };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as never);
  const shown = [8, 13, 15].map((row) => tiles.thumbnail(row, 32, "a cat"));
  expect(fake.sent).toEqual([{ type: "tiles", sheet: 1 }]);
  expect(shown[0].getAttribute("aria-label")).toBe("a cat");
  await arrive(fake, 1);
  expect(shown.every((canvas) => canvas.dataset.loaded === "true")).toBe(true);
  expect(drawn).toEqual([
    [0, 0, 64, 64],
    [64, 64, 64, 64],
    [192, 64, 64, 64],
  ]);
  tiles.thumbnail(9, 32, "");
  expect(fake.sent.length).toBe(1);
  expect(drawn.length).toBe(4);
});

test("nothing is asked for when there are no pictures", () => {
  const fake = new FakeModel();
  const tiles = new Tiles(fake.model, new AbortController().signal);
  expect(tiles.available).toBe(false);
  tiles.thumbnail(0, 32, "");
  expect(fake.sent).toEqual([]);
});

test("sheets are let go when the scene ends, also one that arrives after", async () => {
  const { fake, life, tiles } = make();
  tiles.thumbnail(0, 32, "");
  await arrive(fake, 0);
  tiles.thumbnail(8, 32, "");
  const late = arrive(fake, 1);
  life.abort();
  await late;
  expect(bitmap.close).toHaveBeenCalledTimes(2);
  expect(fake.listenerCount).toBe(0);
});
