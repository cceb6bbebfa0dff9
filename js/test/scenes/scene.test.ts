// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import scene, { type SceneExports } from "../../src/scenes/scene";
import { decode } from "../../src/state/arrays";
import { FakeModel, K_MAX, N, sampleState } from "../support/model";

let fake: FakeModel;
let exports: SceneExports;
let life: AbortController;

function colourBy(el: HTMLElement, mode: string): void {
  const menu = el.querySelector("select[aria-label='Colour by']") as HTMLSelectElement;
  menu.value = mode;
  menu.dispatchEvent(new Event("change"));
}

function open(kind: string, signal = life.signal): HTMLElement {
  const el = document.createElement("div");
  document.body.append(el);
  exports.mount(kind, el, { signal });
  vi.advanceTimersByTime(100);
  return el;
}

function start(state = sampleState()): void {
  fake = new FakeModel(state);
  life = new AbortController();
  exports = scene.initialize({ model: fake.model, signal: life.signal });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
  start();
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const slider = (el: HTMLElement) => el.querySelector('[role="slider"]') as Element;
const press = (node: Element, key: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  node.dispatchEvent(event);
  vi.advanceTimersByTime(50);
  return event;
};

test("the cursor answers arrow keys as a slider, and the notebook does not see them", () => {
  const el = open("k_sweep");
  const outside = vi.fn();
  el.addEventListener("keydown", outside);
  expect(slider(el).getAttribute("aria-valuenow")).toBe("5");
  expect(press(slider(el), "ArrowRight").defaultPrevented).toBe(true);
  expect(slider(el).getAttribute("aria-valuenow")).toBe("6");
  press(slider(el), "Home");
  expect(slider(el).getAttribute("aria-valuenow")).toBe("1");
  press(slider(el), "End");
  expect(slider(el).getAttribute("aria-valuenow")).toBe(String(K_MAX));
  press(slider(el), "[");
  expect(slider(el).getAttribute("aria-valuenow")).toBe(String(K_MAX - 1));
  expect(slider(el).getAttribute("aria-valuemax")).toBe(String(K_MAX));
  expect(outside).not.toHaveBeenCalled();
  vi.advanceTimersByTime(500);
  expect(fake.state.k).toBe(K_MAX - 1);
});

test("k set in Python moves every view", () => {
  const sweep = open("k_sweep");
  const maps = open("map_pair");
  fake.fromPython("k", 9);
  vi.advanceTimersByTime(50);
  expect(slider(sweep).getAttribute("aria-valuenow")).toBe("9");
  expect(maps.querySelector<HTMLInputElement>('input[type="range"]')?.value).toBe("9");
  expect(maps.querySelector<HTMLElement>(".embw-map")?.dataset.k).toBe("9");
});

test("hovering in one view shows the item in another, with no message but the throttled one", () => {
  const [sweep, maps] = [open("k_sweep"), open("map_pair")];
  fake.fromPython("hovered", 17);
  vi.advanceTimersByTime(50);
  expect(maps.querySelector<HTMLElement>(".embw-map")?.dataset.hovered).toBe("17");
  expect(sweep.querySelector('.embw-line[data-line="hovered"]')?.textContent).toContain("<img src=x");
  expect(fake.saved).toEqual([]);
});

test("markup in labels and texts is shown as text", () => {
  for (const kind of ["explorer", "map_pair", "k_sweep"]) open(kind);
  fake.fromPython("hovered", 17);
  vi.advanceTimersByTime(50);
  expect(document.body.textContent).toContain("<b>birds</b>");
  expect(document.body.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(document.querySelector("img, .embw-root td b, [onerror]")).toBeNull();
  expect([...document.querySelectorAll("b")].some((b) => b.textContent === "birds")).toBe(false);
});

test("kept, only X and only Y add up to k on each side of the detail panel", () => {
  const el = open("map_pair");
  fake.fromPython("hovered", 3);
  vi.advanceTimersByTime(50);
  const counted = (glyph: string) =>
    Number.parseInt(el.querySelector(`[data-group="${glyph}"] h4 .embw-muted`)?.textContent ?? "", 10);
  const [kept, x, y] = ["kept", "onlyX", "onlyY"].map(counted);
  expect(kept + x).toBe(5);
  expect(kept + y).toBe(5);
  expect(el.querySelector(".embw-detail")?.textContent).toContain(`${kept} of 5 kept`);
});

test("a click on a class selects its items for Python; Escape clears, undo brings them back", () => {
  const el = open("map_pair");
  colourBy(el, "label");
  el.querySelector<HTMLElement>("[data-code='2']")?.click();
  expect([...decode(fake.state.selected)]).toEqual([7, 14, 21, 28, 35]);
  const root = el.querySelector(".embw-root") as Element;
  press(root, "Escape");
  expect(decode(fake.state.selected).length).toBe(0);
  press(root, "z", { ctrlKey: true });
  expect(decode(fake.state.selected).length).toBe(5);
});

test("the map can be walked with the keyboard: step, pin, select", () => {
  const el = open("map_pair");
  const map = el.querySelector<HTMLElement>(".embw-map") as HTMLElement;
  expect(map.tabIndex).toBe(0);
  press(map, "ArrowRight");
  const row = Number(map.dataset.hovered);
  expect(row).toBeGreaterThanOrEqual(0);
  press(map, " ");
  expect([...decode(fake.state.selected)]).toEqual([row]);
  press(map, "Enter");
  expect(map.dataset.pinned).toBe(String(row));
  expect(el.querySelector('[role="status"]')?.textContent).toContain("agreement");
});

test("keys typed into the search field stay there", () => {
  const el = open("map_pair");
  const outside = vi.fn();
  el.addEventListener("keydown", outside);
  const input = el.querySelector('input[type="search"]') as HTMLInputElement;
  expect(press(input, "[").defaultPrevented).toBe(false);
  expect(outside).not.toHaveBeenCalled();
  input.value = "item number 12";
  input.dispatchEvent(new Event("input"));
  press(input, "Enter");
  expect(el.querySelector<HTMLElement>(".embw-detail")?.dataset.row).toBe("12");
});

test("a line can be hidden, isolated and brought back", () => {
  const el = open("k_sweep");
  const drawn = () => [...el.querySelectorAll(".embw-chart [data-line]")].map((l) => l.getAttribute("data-line"));
  expect(drawn()).toEqual(["chance", "class-0", "class-1", "class-2", "all"]);
  el.querySelector<HTMLElement>('.embw-line[data-line="class-1"] button')?.click();
  vi.advanceTimersByTime(50);
  expect(drawn()).not.toContain("class-1");
  el.querySelector<HTMLElement>('.embw-line[data-line="class-0"] .embw-only')?.click();
  vi.advanceTimersByTime(50);
  expect(drawn()).toEqual(["chance", "class-0"]);
  el.querySelector<HTMLElement>('.embw-line[data-line="class-0"] .embw-only')?.click();
  vi.advanceTimersByTime(50);
  expect(drawn().length).toBe(5);
});

test("the table holds what the chart draws", () => {
  const el = open("k_sweep");
  [...el.querySelectorAll<HTMLElement>("button")].find((b) => b.textContent === "Table")?.click();
  vi.advanceTimersByTime(50);
  expect(el.querySelectorAll("tbody tr").length).toBe(K_MAX);
  const legend = el.querySelector('.embw-line[data-line="all"] .embw-number')?.textContent;
  const head = [...el.querySelectorAll("thead th")].findIndex((th) => th.textContent === "all items");
  expect(el.querySelectorAll("tbody tr")[4].children[head].textContent).toBe(legend);
});

test("the explorer shows finding, scores, notes and the most changed items, which open on a click", () => {
  const el = open("explorer");
  for (const text of ["They agree.", "A note.", "cosine, exact", "NNGS", "0.300–0.500"])
    expect(el.textContent).toContain(text);
  const rows = () => [...el.querySelectorAll<HTMLElement>(".embw-changed tbody tr")].map((tr) => tr.dataset.row);
  expect(rows().slice(0, 3)).toEqual(["17", "4", "30"]);
  expect(rows().length).toBe(N);
  el.querySelector<HTMLElement>('.embw-changed tr[data-row="4"]')?.click();
  vi.advanceTimersByTime(50);
  expect(el.querySelector<HTMLElement>(".embw-detail")?.dataset.row).toBe("4");
});

test("what went wrong in the kernel is shown in the status line", () => {
  const el = open("map_pair");
  fake.fromPython("error", "ValueError: expected <b>k</b>");
  expect(el.querySelector('[role="status"]')?.textContent).toBe("ValueError: expected <b>k</b>");
});

test("closing a view leaves no listener of it behind", () => {
  const before = [exports.listenerCount(), fake.listenerCount];
  for (const kind of ["explorer", "k_sweep", "map_pair"]) {
    const view = new AbortController();
    const el = open(kind, view.signal);
    expect(exports.listenerCount()).toBeGreaterThan(before[0]);
    view.abort();
    expect([exports.listenerCount(), fake.listenerCount]).toEqual(before);
    expect(el.childElementCount).toBe(0);
  }
  life.abort();
  expect(fake.listenerCount).toBe(0);
});

test("an unknown view and unreadable data are said in the view, not thrown", () => {
  expect(open("pie").textContent).toContain('but got "pie"');
  start(sampleState({ counts: { dtype: "|u1", shape: [9, 9], data: new DataView(new ArrayBuffer(3)) } }));
  expect(open("k_sweep").textContent).toContain("expected 81 bytes but got 3");
});

test("without labels, texts and notes the views still say what to do", () => {
  const none = { dtype: "<u2" as const, shape: [N], data: new DataView(new Uint16Array(N).fill(65535).buffer) };
  start(sampleState({ label_names: [], label_codes: none, texts: [], notes: [], scores: [] }));
  const el = open("explorer");
  expect(el.textContent).toContain("No scores came with this comparison");
  expect(el.textContent).toContain("Hover an item");
  expect(el.querySelector("select")?.value).toBe("agreement");
});
