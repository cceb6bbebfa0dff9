// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import scene, { type SceneExports } from "../../../src/scenes/scene";
import type { DrawnState, State } from "../../../src/state/scene";
import { neighborsNews, neighborsText } from "../../../src/views/map_pair/map_choice";
import { FakeModel, N, sampleState, spectralState, wire } from "../../support/model";
import { giveSizes } from "../../support/sizes";

let fake: FakeModel;
let exports: SceneExports;
let life: AbortController;

function open(state: State = sampleState()): HTMLElement {
  fake = new FakeModel(state);
  life = new AbortController();
  exports = scene.initialize({ model: fake.model, signal: life.signal });
  const el = document.createElement("div");
  document.body.append(el);
  exports.mount("map_pair", el, { signal: life.signal });
  settle();
  return el;
}

const settle = () => vi.advanceTimersByTime(100);

beforeEach(() => {
  vi.useFakeTimers();
  giveSizes();
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const told = (change: Partial<DrawnState> = {}): DrawnState => ({ ...(sampleState().drawn as DrawnState), ...change });
const menu = (el: HTMLElement) => el.querySelector<HTMLSelectElement>('select[aria-label="Map"]') as HTMLSelectElement;
const entry = (el: HTMLElement) =>
  menu(el).querySelector<HTMLOptionElement>('[value="neighbors"]') as HTMLOptionElement;
const map = (el: HTMLElement, space = "x") => el.querySelector<HTMLElement>(`[data-space="${space}"]`) as HTMLElement;
const written = (el: HTMLElement, space: string) => [
  ...map(el, space).querySelectorAll<HTMLElement>(".embw-map-names span"),
];
/** Where names are written, which is where their items are. */
const spots = (el: HTMLElement) =>
  written(el, "x").map(({ textContent, style }) => [textContent, style.left, style.top]);
const status = (el: HTMLElement) => el.querySelector('[role="status"]')?.textContent;

test("a group whose loadings had no room in the page is told as that", () => {
  const few = spectralState();
  const rounded = wire("|u1", [1, N], new Array(N).fill(128));
  const el = open(sampleState({ ...few, loadings: rounded, cluster: 2 }));
  const colours = el.querySelector<HTMLSelectElement>("select") as HTMLSelectElement;
  colours.value = "loading";
  colours.dispatchEvent(new Event("change"));
  settle();
  expect(el.querySelector(".embw-legend")?.textContent).toBe("The loadings of this group had no room in the page.");
});

function choose(el: HTMLElement, kind: string): void {
  menu(el).value = kind;
  menu(el).dispatchEvent(new Event("change"));
  settle();
}

/** As if Python had drawn the neighbours: X's items in a row. */
function arrive(change: Partial<DrawnState> = {}): void {
  const line = (turn: number) =>
    wire(
      "<f4",
      [N, 2],
      Array.from({ length: 2 * N }, (_, i) => (i % 2 === turn ? i : 0)),
    );
  fake.fromPython("map_x_neighbors", line(0));
  fake.fromPython("map_y_neighbors", line(1));
  const axes = [
    ["UMAP 1", "UMAP 2"],
    ["UMAP 1", "UMAP 2"],
  ];
  fake.fromPython("drawn", told({ status: "ready", neighbor_axes: axes, ...change }));
  settle();
}

test("axes say what they are", () => {
  const el = open();
  expect(map(el).textContent).toContain("PCA 1 (30 % of variance) →");
  expect(map(el).textContent).toContain("↑ PCA 2 (10 % of variance)");
  expect(map(el, "y").textContent).toContain("PCA 1 (25 % of variance) →");
});

test("maps of neighbours are asked for, become ready, and are shown when chosen, not before", () => {
  const el = open();
  const before = spots(el);
  expect([entry(el).textContent, entry(el).disabled]).toEqual(["neighbours (draw them)", false]);
  choose(el, "neighbors");
  expect(fake.sent).toContainEqual({ type: "draw_neighbors" });
  expect(menu(el).value).toBe("plain");
  fake.fromPython("drawn", told({ status: "drawing" }));
  expect([entry(el).textContent, entry(el).disabled]).toEqual(["neighbours (being drawn …)", true]);
  arrive();
  expect([entry(el).textContent, entry(el).disabled, menu(el).value]).toEqual(["neighbours", false, "plain"]);
  expect(status(el)).toContain("ready");
  expect(spots(el)).toEqual(before);
  choose(el, "neighbors");
  expect(map(el).dataset.map).toBe("neighbors");
  // All items lie in one row now, across the middle, and so do the names of the largest class and of the others.
  expect(spots(el)[0]).toEqual(["cats", expect.any(String), "141.5px"]);
  expect(spots(el)).not.toEqual(before);
  expect(map(el).textContent).toContain("UMAP 1 →");
  choose(el, "plain");
  expect(spots(el)).toEqual(before);
  expect(map(el).textContent).toContain("PCA 1 (30 % of variance) →");
});

test("maps that were drawn at once are shown first", () => {
  const state = sampleState();
  const points = wire("<f4", [N, 2], new Float32Array(2 * N).fill(1));
  const drawn = told({ status: "ready", first: "neighbors" });
  const el = open({ ...state, map_x_neighbors: points, map_y_neighbors: points, drawn });
  expect([menu(el).value, map(el).dataset.map]).toEqual(["neighbors", "neighbors"]);
});

test("why there are none is said in the menu, and tried again when asked", () => {
  const el = open(sampleState({ drawn: told({ status: "missing", told: 'pip install "embwidget[umap]"' }) }));
  expect(entry(el).textContent).toBe('neighbours (needs pip install "embwidget[umap]")');
  choose(el, "neighbors");
  expect(fake.sent.length).toBe(1);
  fake.fromPython("drawn", told({ status: "failed", told: "<b>no</b> memory" }));
  expect(status(el)).toBe("Maps of neighbours could not be drawn: <b>no</b> memory");
  expect(entry(el).disabled).toBe(false);
  fake.fromPython("drawn", told({ status: "none", told: "no embeddings" }));
  expect([entry(el).textContent, entry(el).disabled]).toEqual(["neighbours (no embeddings)", true]);
  expect(neighborsNews(told())).toBe("");
  expect(neighborsText(told({ status: "failed" }))).toBe("neighbours (failed: try again)");
});

test("a scene that says nothing of its maps has no menu of them", () => {
  const el = open(sampleState({ drawn: {} }));
  expect((menu(el).closest("label") as HTMLElement).hidden).toBe(true);
  expect(map(el).textContent).toContain("axis 1 →");
});

test("names of classes are written as text where these lie, and can be turned off", () => {
  const el = open();
  const names = (space: string) => written(el, space).map((span) => span.textContent);
  for (const space of ["x", "y"]) expect(names(space).sort()).toEqual(["<b>birds</b>", "cats", "dogs"]);
  expect(map(el).querySelector("b")).toBeNull();
  const button = [...el.querySelectorAll("button")].find((b) => b.textContent === "Names") as HTMLElement;
  button.click();
  settle();
  expect([names("x"), button.getAttribute("aria-pressed")]).toEqual([[], "false"]);
  life.abort();
  const bare = open(sampleState({ label_names: [], label_codes: wire("<u2", [0], []) }));
  const [unused] = [...bare.querySelectorAll("button")].filter((b) => b.textContent === "Names");
  expect([unused.parentElement?.hidden, written(bare, "x")]).toEqual([true, []]);
});

test("a class that is pointed at in one view stands out in all of them, and nowhere when its legend is made anew", () => {
  const el = open();
  const other = document.createElement("div");
  document.body.append(other);
  exports.mount("map_pair", other, { signal: life.signal });
  settle();
  const colours = el.querySelector<HTMLSelectElement>('select[aria-label="Colour by"]') as HTMLSelectElement;
  colours.value = "label";
  colours.dispatchEvent(new Event("change"));
  settle();
  el.querySelector("[data-code='1']")?.dispatchEvent(new Event("pointerover", { bubbles: true }));
  settle();
  expect([map(el).dataset.pointed, map(other, "y").dataset.pointed]).toEqual(["1", "1"]);
  colours.value = "agreement";
  colours.dispatchEvent(new Event("change"));
  settle();
  expect([map(el).dataset.pointed, map(other, "y").dataset.pointed]).toEqual(["-1", "-1"]);
});

test("a class that the legend points at stands out until it does no more; nothing is selected", () => {
  const el = open();
  const menu = el.querySelector("select[aria-label='Colour by']") as HTMLSelectElement;
  menu.value = "label";
  menu.dispatchEvent(new Event("change"));
  settle();
  const key = el.querySelector("[data-code='2']") as HTMLElement;
  const painted = () => Number(map(el).dataset.painted);
  const before = painted();
  key.dispatchEvent(new Event("pointerover", { bubbles: true }));
  settle();
  expect([map(el).dataset.pointed, map(el, "y").dataset.pointed]).toEqual(["2", "2"]);
  expect(painted()).toBeGreaterThan(before);
  el.querySelector(".embw-legend")?.dispatchEvent(new Event("pointerleave"));
  settle();
  expect(map(el).dataset.pointed).toBe("-1");
  key.dispatchEvent(new Event("focusin", { bubbles: true }));
  settle();
  expect(map(el).dataset.pointed).toBe("2");
  expect([map(el).dataset.selected, fake.saved]).toEqual(["0", []]);
});
