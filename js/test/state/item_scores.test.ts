// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Colouring } from "../../src/map/colouring";
import { ramp, toPixel } from "../../src/page/palette";
import scene, { type SceneExports } from "../../src/scenes/scene";
import { SceneData } from "../../src/state/data";
import type { State } from "../../src/state/scene";
import { FakeModel, N, sampleState, wire } from "../support/model";

/** 0 to 39, of which two have none; a distance that falls. */
const RISING = Array.from({ length: N }, (_, i) => (i < 2 ? Number.NaN : i));
const FALLING = Array.from({ length: N }, (_, i) => 1 - i / N);
const SCORED: Partial<State> = {
  item_scores: [
    { name: "<b>match</b>", higher_is_similar: true, chance: 12.5 },
    { name: "distance", higher_is_similar: false, chance: null },
  ],
  item_values: wire("<f4", [2, N], [...RISING, ...FALLING]),
};

let fake: FakeModel;
let exports: SceneExports;
let life: AbortController;

function open(change: Partial<State>, options = {}): HTMLElement {
  fake = new FakeModel(sampleState(change));
  life = new AbortController();
  exports = scene.initialize({ model: fake.model, signal: life.signal });
  const el = document.createElement("div");
  document.body.append(el);
  exports.mount("map_pair", el, { options, signal: life.signal });
  vi.advanceTimersByTime(100);
  return el;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
});
afterEach(() => {
  life?.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const menu = (el: HTMLElement) => el.querySelector("select[aria-label='Colour by']") as HTMLSelectElement;
const offered = (el: HTMLElement) => [...menu(el).options].map((option) => option.textContent);
const legend = (el: HTMLElement) => el.querySelector(".embw-legend")?.textContent ?? "";
function colourBy(el: HTMLElement, mode: string): void {
  menu(el).value = mode;
  menu(el).dispatchEvent(new Event("change"));
  vi.advanceTimersByTime(50);
}

test("every score of the items is offered, with its direction, its mean, its chance and who has none", () => {
  const el = open(SCORED);
  expect(offered(el).slice(-2)).toEqual(["<b>match</b>", "distance"]);
  colourBy(el, "score 0");
  expect(legend(el)).toBe(
    "Item's <b>match</b> (larger: more alike; mean 20.500, chance 12.500):≤ 3.000≥ 38.000no value (2)",
  );
  expect(el.querySelector(".embw-legend b")).toBeNull();
  colourBy(el, "score 1");
  expect(legend(el)).toMatch(/^Item's distance \(smaller: more alike; mean 0.513\):≥ 0.975≤ 0.050/);
  expect(legend(el)).not.toContain("no value");
});

test("the more alike end has the light colour whatever the direction, and no value its own", () => {
  const model = new FakeModel(sampleState(SCORED)).model;
  const data = new SceneData(model);
  const colouring = new Colouring(data);
  const theme = { dark: false, background: [255, 255, 255], text: [0, 0, 0] } as const;
  const pixel = (at: number, row: number) => {
    const { look } = colouring.look({ mode: `score ${at}`, k: 5, cluster: -1 }, undefined, theme, 3);
    expect(look.stamps.length).toBe(look.colours.length);
    return look.colours[look.style[row]];
  };
  const [least, most] = [toPixel(ramp(0, false)), toPixel(ramp(1, false))];
  expect([pixel(0, 2), pixel(0, N - 1)]).toEqual([least, most]);
  expect([pixel(1, 0), pixel(1, N - 1)]).toEqual([least, most]);
  expect([least, most]).not.toContain(pixel(0, 0));
});

test("an item tells the score that is shown, to the pointer and to a reader", () => {
  const el = open(SCORED, { colour_by: "<b>match</b>" });
  expect(menu(el).value).toBe("score 0");
  fake.fromPython("hovered", 7);
  vi.advanceTimersByTime(50);
  expect(el.querySelector(".embw-detail-facts")?.textContent).toContain("<b>match</b> 7.000 (chance 12.500)");
  colourBy(el, "label");
  expect(el.querySelector(".embw-detail-facts")?.textContent).not.toContain("match");
});

test("a score that Python adds while the maps are open is offered, and one that it replaces is redrawn", () => {
  const el = open({});
  expect(offered(el)).not.toContain("late");
  const put = (values: number[]) => {
    const row = { name: "late", higher_is_similar: true, chance: null };
    fake.fromPython("item_values", wire("<f4", [1, N], values));
    fake.fromPython("item_scores", [row]);
    vi.advanceTimersByTime(50);
  };
  put(RISING);
  expect(offered(el)).toContain("late");
  expect(menu(el).value).toBe("agreement");
  colourBy(el, "score 0");
  put(FALLING);
  expect(menu(el).value).toBe("score 0");
  expect(legend(el)).toContain("mean 0.513");
});

test("one value of all is neither end", () => {
  const flat = { item_scores: SCORED.item_scores?.slice(0, 1), item_values: wire("<f4", [1, N], Array(N).fill(0.3)) };
  const data = new SceneData(new FakeModel(sampleState(flat)).model);
  expect(data.itemScores.shares(0)[4]).toBeCloseTo(0.5, 5);
});
