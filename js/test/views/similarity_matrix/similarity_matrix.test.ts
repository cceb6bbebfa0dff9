// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import matrix from "../../../src/scenes/matrix";
import type { Host, MountOptions } from "../../../src/state/scene";
import { FakeMatrix, matrixState } from "../../support/matrix_model";

interface Mounted {
  scene: string;
  kind: string;
  how: MountOptions;
}

let fake: FakeMatrix;
let life: AbortController;
let mounted: Mounted[];
const host = {
  getWidget: async (scene: string) => {
    if (scene === "anywidget:broken") throw new Error("no such widget");
    const mount = (kind: string, el: HTMLElement, how: MountOptions) => {
      mounted.push({ scene, kind, how });
      el.textContent = `${kind} of ${scene}`;
    };
    return { exports: { mount } };
  },
} as unknown as Host;

function open(state = matrixState()): HTMLElement {
  fake = new FakeMatrix(state);
  life = new AbortController();
  mounted = [];
  const el = document.createElement("div");
  document.body.append(el);
  matrix
    .initialize({ model: fake.model, signal: life.signal })
    .mount("similarity_matrix", el, { signal: life.signal, host });
  vi.advanceTimersByTime(50);
  return el;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const box = (el: HTMLElement) => el.querySelector(".embw-heat-box") as HTMLElement;
const cells = (el: HTMLElement) => [...el.querySelectorAll(".embw-heat [data-part=cells] rect")];
const text = (el: HTMLElement, part: string) => el.querySelector(`.embw-pair-${part}`)?.textContent ?? "";
const hidden = (el: HTMLElement, part: string) => (el.querySelector(`.embw-pair-${part}`) as HTMLElement).hidden;
const buttonOf = (el: HTMLElement, name: string) =>
  [...el.querySelectorAll("button")].find((one) => one.textContent === name) as HTMLButtonElement;
const tip = (el: HTMLElement) => el.querySelector(".embw-tip") as HTMLElement;

/** The pointer over the cell that is shown in this place of the clustered order: noise, text, sound, photo. */
function point(el: HTMLElement, name: "pointermove" | "click", row: number, column: number): void {
  const rect = cells(el)[row * 4 + column];
  const [x, y] = ["x", "y"].map((a) => Number(rect.getAttribute(a)) + 3);
  box(el).dispatchEvent(new PointerEvent(name, { clientX: x, clientY: y, bubbles: true }));
  vi.advanceTimersByTime(50);
}
function press(el: HTMLElement, key: string): void {
  box(el).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  vi.advanceTimersByTime(50);
}

test("a cell tells both names and all its numbers under the pointer; its spaces are lit in the map", () => {
  const el = open();
  point(el, "pointermove", 1, 3);
  expect(tip(el).hidden).toBe(false);
  expect(tip(el).textContent).toBe("<b>text</b> and photovalue0.370chance0.100 ± 0.0100calibrated0.300z27p1e−9");
  expect(el.querySelector("b b")).toBeNull();
  const lit = [...el.querySelectorAll('[data-row][font-weight="700"], [data-column][font-weight="700"]')];
  expect(lit.map((name) => name.lastChild?.textContent)).toEqual(["<b>text</b>", "photo"]);
  expect(el.querySelectorAll(".embw-model-map circle[r='6.5']").length).toBe(2);
  point(el, "pointermove", 0, 0);
  expect(tip(el).textContent).toBe("noise with itselfvalue1.000");
});

test("cells are ordered by clustering or as given, the best starred, those by chance marked", () => {
  const el = open();
  const rows = () => [...el.querySelectorAll("[data-part=rows] text")].map((name) => name.lastChild?.textContent);
  expect(rows()).toEqual(["noise", "<b>text</b>", "sound", "photo"]);
  expect(el.querySelectorAll("[data-part=best] text").length).toBe(2);
  expect(el.querySelectorAll("[data-part=chance] rect").length).toBe(6);
  buttonOf(el, "As given").click();
  vi.advanceTimersByTime(50);
  expect(rows()).toEqual(["photo", "<b>text</b>", "sound", "noise"]);
  const numbers = () => [...el.querySelectorAll("[data-part=numbers] text")].map((cell) => cell.textContent);
  expect(numbers().slice(0, 3)).toEqual([".30", ".60", ".00"]);
  buttonOf(el, "Raw").click();
  vi.advanceTimersByTime(50);
  expect(numbers().slice(0, 3)).toEqual([".37", ".64", ".10"]);
  expect(el.querySelector(".embw-key-title")?.textContent).toBe("NNGS (Jaccard), k = 10, raw");
});

test("a click asks Python once, says what is being compared, and mounts the Explorer that comes", async () => {
  const el = open();
  point(el, "click", 1, 3);
  expect(fake.sent).toEqual([{ type: "open", pair: [1, 0] }]);
  expect(text(el, "work")).toBe("Comparing <b>text</b> with photo…");
  fake.fromPython({ comparing: [1, 0] });
  fake.fromPython({ comparing: [] });
  fake.fromPython({ opened: "anywidget:a", pair: [1, 0] });
  fake.answer();
  await vi.advanceTimersByTimeAsync(10);
  expect(hidden(el, "work")).toBe(true);
  expect(text(el, "title")).toBe("<b>text</b> ↔ photo");
  expect(text(el, "explorer")).toBe("explorer of anywidget:a");
  point(el, "click", 1, 3);
  expect(fake.sent.length).toBe(1);
  buttonOf(el, "Close").click();
  expect(fake.sent[1]).toEqual({ type: "close" });
  fake.fromPython({ opened: null, pair: [] });
  expect((el.querySelector(".embw-pair") as HTMLElement).hidden).toBe(true);
  expect(mounted[0].how.signal.aborted).toBe(true);
});

test("while one comparison runs only the last one asked for waits", () => {
  const el = open();
  point(el, "click", 1, 3);
  point(el, "click", 1, 2);
  point(el, "click", 0, 2);
  expect(fake.sent.length).toBe(1);
  expect(text(el, "work")).toBe("Comparing <b>text</b> with photo… Then noise with sound.");
  fake.fromPython({ opened: "anywidget:a", pair: [1, 0] });
  fake.answer();
  expect(fake.sent[1]).toEqual({ type: "open", pair: [3, 2] });
  expect(text(el, "work")).toBe("Comparing noise with sound…");
});

test("what goes wrong is shown in the view and the pair before stays open", async () => {
  const el = open(matrixState({ pair: [0, 2], opened: "anywidget:a" }));
  await vi.advanceTimersByTimeAsync(10);
  point(el, "click", 1, 3);
  fake.fromPython({ error: "ValueError: expected <i>rows</i>" });
  fake.answer();
  expect(text(el, "problem")).toBe("The two could not be compared. ValueError: expected <i>rows</i>");
  expect(hidden(el, "problem")).toBe(false);
  expect(text(el, "title")).toBe("photo ↔ sound");
  expect(mounted.length).toBe(1);
  fake.fromPython({ error: "" });
  expect(hidden(el, "problem")).toBe(true);
});

test("a kernel that does not answer is named, one that works is waited for", () => {
  const el = open();
  point(el, "click", 1, 3);
  vi.advanceTimersByTime(9000);
  expect(text(el, "work")).toContain("No answer from the kernel yet");
  fake.fromPython({ comparing: [1, 0] });
  expect(text(el, "work")).not.toContain("No answer");
});

test("in a saved page, where nobody can compare, it is said at once", () => {
  const el = open();
  vi.spyOn(fake.model, "send").mockImplementation(() => {
    throw new Error("expected a kernel but got a report, in which there is none");
  });
  point(el, "click", 1, 3);
  expect(text(el, "problem")).toBe("No kernel is there to compare the two: that needs the notebook.");
  vi.advanceTimersByTime(9000);
  expect(text(el, "work")).toBe("");
});

test("a pair opened in Python is shown, and one whose scene cannot be found is said", async () => {
  const el = open();
  fake.fromPython({ comparing: [0, 1] });
  expect(text(el, "work")).toBe("Comparing photo with <b>text</b>…");
  fake.fromPython({ comparing: [], pair: [0, 1], opened: "anywidget:broken" });
  await vi.advanceTimersByTimeAsync(10);
  expect(text(el, "explorer")).toBe("It could not be drawn: no such widget");
  fake.fromPython({ pair: [0, 2], opened: "anywidget:b" });
  await vi.advanceTimersByTimeAsync(10);
  expect(text(el, "explorer")).toBe("explorer of anywidget:b");
  expect(fake.sent).toEqual([]);
});

test("arrow keys walk the cells as they are shown, Enter opens the pair, the diagonal is explained", () => {
  const el = open();
  const outside = vi.fn();
  el.addEventListener("keydown", outside);
  box(el).dispatchEvent(new FocusEvent("focus"));
  press(el, "ArrowUp");
  // From the best pair (photo, sound), one row up: sound with itself.
  expect(tip(el).dataset.cell).toBe("2,2");
  press(el, "Enter");
  expect(fake.sent).toEqual([]);
  expect(el.querySelector(".embw-status")?.textContent).toContain("sound with itself: choose a cell");
  press(el, "Home");
  expect(tip(el).dataset.cell).toBe("2,3");
  expect(el.querySelector(".embw-status")?.textContent).toContain("sound and noise. NNGS (Jaccard), k = 10: value");
  press(el, "Enter");
  expect(fake.sent).toEqual([{ type: "open", pair: [2, 3] }]);
  press(el, "PageUp");
  press(el, "End");
  expect(tip(el).dataset.cell).toBe("3,0");
  expect(outside).not.toHaveBeenCalled();
});

test("a space pointed at in the map is a row and a column", () => {
  const el = open();
  const dot = el.querySelector(".embw-model-map [data-space='1']") as Element;
  const at = { clientX: Number(dot.getAttribute("cx")), clientY: Number(dot.getAttribute("cy")) };
  el.querySelector(".embw-model-map")?.dispatchEvent(new PointerEvent("pointermove", at));
  vi.advanceTimersByTime(50);
  expect(tip(el).hidden).toBe(true);
  expect(el.querySelector(".embw-model-map circle[r='6.5']")?.getAttribute("data-space")).toBe("1");
  expect(el.querySelectorAll('[data-part=rows] [font-weight="700"]').length).toBe(1);
});

test("the numbers are there as a table, and a scene that is closed leaves nothing behind", () => {
  const el = open();
  buttonOf(el, "Table").click();
  vi.advanceTimersByTime(50);
  expect(el.querySelectorAll(".embw-table tbody tr").length).toBe(4);
  expect((el.querySelector(".embw-heat-plot") as HTMLElement).hidden).toBe(true);
  life.abort();
  expect(fake.listenerCount).toBe(0);
  expect(el.childElementCount).toBe(0);
});

test("another kind of view is refused in words", () => {
  const el = document.createElement("div");
  open();
  matrix.initialize({ model: fake.model, signal: life.signal }).mount("pie", el, { signal: life.signal });
  expect(el.textContent).toBe('This view could not be drawn: expected similarity_matrix but got "pie"');
});

test("a page that is not laid out yet is drawn without negative lengths or missing numbers", () => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(0);
  const el = open();
  expect(el.querySelector(".embw-scale-bar")?.innerHTML).toBeTruthy();
  expect(el.innerHTML).not.toMatch(/NaN|width="-/);
});
