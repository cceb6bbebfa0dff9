// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import scene, { type SceneExports } from "../../../src/scenes/scene";
import type { State } from "../../../src/state/scene";
import { rankText } from "../../../src/views/map_pair/neighbor_columns";
import { FakeModel, LISTS, N, sampleState } from "../../support/model";

const LONG = `a text of many words, ${"and of more words, ".repeat(30)}which end here`;
const K = 5;
const ROW = 4;

let life: AbortController;
let el: HTMLElement;
let exports: SceneExports;

/** Where nothing is laid out, a text is cut where letters of it are left out. */
function open(change: Partial<State> = {}): void {
  const texts = sampleState().texts.map((text, row) => (row === LISTS[0][ROW][0] ? LONG : text));
  const fake = new FakeModel(sampleState({ texts, k: K, ...change }));
  life = new AbortController();
  exports = scene.initialize({ model: fake.model, signal: life.signal });
  el = document.createElement("div");
  document.body.append(el);
  exports.mount("map_pair", el, { signal: life.signal });
  settle();
}

const settle = () => vi.advanceTimersByTime(100);
const detail = () => el.querySelector<HTMLElement>(".embw-detail") as HTMLElement;
const entries = (group: string) => [...el.querySelectorAll<HTMLElement>(`[data-group="${group}"] .embw-neighbour`)];
const rowsOf = (group: string) => entries(group).map((one) => Number(one.dataset.row));
const named = (text: string) =>
  [...detail().querySelectorAll("button")].find((one) => one.textContent === text) as HTMLButtonElement;
const press = (key: string) =>
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const entry = (row: number) => el.querySelector<HTMLElement>(`.embw-neighbour[data-row="${row}"]`) as HTMLElement;

/** As a click in the search does it. */
function pin(row: number): void {
  const search = el.querySelector<HTMLInputElement>(".embw-search input") as HTMLInputElement;
  search.value = `#${row}`;
  search.dispatchEvent(new Event("input"));
  search.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
  settle();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("three columns hold the neighbours of both lists, each with its places in them", () => {
  open();
  pin(ROW);
  const [x, y] = LISTS.map((lists) => lists[ROW]);
  const [inX, inY] = [x, y].map((list) => list.slice(0, K));
  expect(rowsOf("kept")).toEqual(inX.filter((row) => inY.includes(row)));
  expect(rowsOf("onlyX")).toEqual(inX.filter((row) => !inY.includes(row)));
  expect(rowsOf("onlyY")).toEqual(inY.filter((row) => !inX.includes(row)));
  const place = (list: number[], row: number) => (list.includes(row) ? String(list.indexOf(row) + 1) : "…");
  for (const one of el.querySelectorAll<HTMLElement>(".embw-neighbour")) {
    const row = Number(one.dataset.row);
    expect(one.querySelector(".embw-rank")?.textContent).toBe(`${place(x, row)} → ${place(y, row)}`);
  }
  expect(detail().querySelectorAll("h4")[1].textContent).toContain("Only in photo");
});

test("ranks that are not known are left open, and said in words", () => {
  const ranks = [new Map([[7, 3]]), new Map([[8, 2]])] as const;
  expect(rankText("onlyX", 7, ranks, ["a", "b"])).toEqual(["3 → …", "neighbour 3 in a"]);
  expect(rankText("onlyY", 8, ranks, ["a", "b"])).toEqual(["… → 2", "neighbour 2 in b"]);
  const both = [new Map([[7, 3]]), new Map([[7, 45]])] as const;
  expect(rankText("onlyX", 7, both, ["a", "b"])).toEqual(["3 → 45", "neighbour 3 in a, neighbour 45 in b"]);
});

test("a text that is cut is shown whole first; a click on what can be read goes there, and Back comes back", () => {
  open();
  pin(ROW);
  const long = LISTS[0][ROW][0];
  expect(entry(long).textContent).not.toContain("which end here");
  entry(long).click();
  expect(entry(long).textContent).toContain("which end here");
  expect(detail().dataset.row).toBe(String(ROW));
  expect(named("← Back").hidden).toBe(true);
  entry(long).click();
  settle();
  expect(detail().dataset.row).toBe(String(long));
  const [next] = rowsOf("kept")
    .concat(rowsOf("onlyX"))
    .filter((row) => row !== long);
  entry(next).click();
  settle();
  expect(detail().dataset.row).toBe(String(next));
  named("← Back").click();
  settle();
  expect([detail().dataset.row, named("← Back").hidden]).toEqual([String(long), false]);
  named("← Back").click();
  settle();
  expect([detail().dataset.row, named("← Back").hidden]).toEqual([String(ROW), true]);
});

test("what is pinned elsewhere was come to from nowhere", () => {
  open();
  pin(ROW);
  const [next] = rowsOf("onlyY");
  entry(next).click();
  settle();
  expect(named("← Back").hidden).toBe(false);
  pin((next + 1) % N);
  expect(named("← Back").hidden).toBe(true);
});

test("one stop for Tab; arrows walk a column and go across; Escape lets go and keeps the focus", () => {
  open();
  pin(ROW);
  const stops = () => [...detail().querySelectorAll<HTMLElement>('.embw-neighbour[tabindex="0"]')];
  expect(stops().length).toBe(1);
  const [kept, onlyX] = [entries("kept"), entries("onlyX")];
  expect(kept.length * onlyX.length).toBeGreaterThan(0);
  stops()[0].focus();
  press("ArrowRight");
  expect(document.activeElement).toBe(onlyX[0]);
  press("End");
  expect(document.activeElement).toBe(onlyX[onlyX.length - 1]);
  press("Home");
  press("ArrowLeft");
  expect([document.activeElement, stops().length]).toEqual([kept[0], 1]);
  press("Escape");
  settle();
  expect(detail().dataset.row).toBe("-1");
  expect(document.activeElement).toBe(detail());
});

test("neighbours are not made anew while they are the same, so that focus stays", () => {
  open();
  pin(ROW);
  const [first] = entries("kept");
  first.focus();
  const status = el.querySelector('[role="status"]') as HTMLElement;
  expect(status.textContent).toBe(first.title);
  el.querySelector<HTMLSelectElement>('select[aria-label="Colour by"]')?.dispatchEvent(new Event("change"));
  settle();
  expect(document.activeElement).toBe(first);
});

test("a long text of the item itself is unfolded by a click; texts are text", () => {
  open();
  pin(LISTS[0][ROW][0]);
  const said = detail().querySelector<HTMLElement>(".embw-detail-text") as HTMLElement;
  expect([said.getAttribute("aria-expanded"), said.textContent?.endsWith("…")]).toEqual(["false", true]);
  said.click();
  expect([said.getAttribute("aria-expanded"), said.textContent]).toEqual(["true", LONG]);
  pin(17);
  expect(detail().textContent).toContain("<img src=x onerror=alert(1)>");
  expect(detail().querySelector("img")).toBeNull();
});
