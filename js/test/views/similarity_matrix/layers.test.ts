// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import matrix from "../../../src/scenes/matrix";
import { MatrixData } from "../../../src/views/similarity_matrix/data";
import { matrixCsv, matrixFigure, matrixTable } from "../../../src/views/similarity_matrix/export";
import { layGrid, spotAt } from "../../../src/views/similarity_matrix/grid";
import { FakeMatrix, layersState } from "../../support/matrix_model";
import { wire } from "../../support/model";

let fake: FakeMatrix;
let life: AbortController;
const data = () => new MatrixData(new FakeMatrix(layersState()).model);

function open(): HTMLElement {
  fake = new FakeMatrix(layersState());
  life = new AbortController();
  const el = document.createElement("div");
  document.body.append(el);
  matrix.initialize({ model: fake.model, signal: life.signal }).mount("similarity_matrix", el, { signal: life.signal });
  vi.advanceTimersByTime(50);
  return el;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
});
afterEach(() => {
  life?.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const texts = (el: Element, part: string) =>
  [...el.querySelectorAll(`${part} text`)].map((t) => t.lastChild?.textContent);
const lines = (el: Element) => [...el.querySelectorAll(".embw-key-lines li")].map((line) => line.textContent);
const numbers = (el: Element) => texts(el, "[data-part=numbers]");

function point(el: HTMLElement, name: "pointermove" | "click", at: number): void {
  const rect = el.querySelectorAll(".embw-heat [data-part=cells] rect")[at];
  const [x, y] = ["x", "y"].map((a) => Number(rect.getAttribute(a)) + 3);
  el.querySelector(".embw-heat-box")?.dispatchEvent(new PointerEvent(name, { clientX: x, clientY: y, bubbles: true }));
  vi.advanceTimersByTime(50);
}

test("rows are one network's layers and columns the other's, in their own order and without their networks", () => {
  const el = open();
  expect(texts(el, "[data-part=rows]")).toEqual(["a", "<b>b</b>", "c"]);
  expect(texts(el, "[data-part=columns]")).toEqual(["a", "<b>b</b>", "c"]);
  expect(el.querySelectorAll("[data-part=cells] rect").length).toBe(9);
  expect(el.querySelector(".embw-heat-plot .embw-muted")?.textContent).toBe(
    "Rows: layers of one. Columns: layers of two.",
  );
  expect(el.textContent).not.toContain("Clustered");
  expect(el.querySelectorAll(".embw-model-map circle[data-space]").length).toBe(3);
  expect(el.querySelectorAll(".embw-model-map rect[data-space]").length).toBe(3);
});

test("each row's best has a star, ties an empty one, and the same index is framed and counted", () => {
  const el = open();
  expect(texts(el, "[data-part=best]")).toEqual(["★", "★", "☆", "☆"]);
  expect(el.querySelectorAll("[data-part=diagonal] rect").length).toBe(3);
  expect(lines(el)).toContain("★ most similar of its row, by the raw value.");
  expect(lines(el)).toContain("☆ tied for that, which counts as not found.");
  expect(lines(el)).toContain("Framed: layers of the same index; 1 of 3 have the star.");
});

test("another measure is shown without asking Python, its best by its own direction", () => {
  const el = open();
  expect(numbers(el)[0]).toBe(".11");
  const menu = el.querySelector("select[aria-label=Measure]") as HTMLSelectElement;
  expect([...menu.options].map((option) => option.textContent)).toEqual(["CKA", "Distance, k = 5"]);
  menu.value = "1";
  menu.dispatchEvent(new Event("change"));
  vi.advanceTimersByTime(50);
  expect(numbers(el)[0]).toBe(".10");
  expect(texts(el, "[data-part=best]")).toEqual(["★", "★", "★"]);
  expect(lines(el)).toContain("Framed: layers of the same index; 3 of 3 have the star.");
  expect(el.querySelector(".embw-key-title")?.textContent).toBe("Distance, k = 5, raw");
  expect((el.querySelector("[aria-label='What the cells show']") as HTMLElement).hidden).toBe(true);
  expect(el.querySelector(".embw-heat-box")?.getAttribute("aria-label")).toContain("Distance, k = 5 between layers.");
  menu.value = "0";
  menu.dispatchEvent(new Event("change"));
  vi.advanceTimersByTime(50);
  expect(numbers(el)[0]).toBe(".11");
  expect(fake.sent).toEqual([]);
});

test("the pointer tells of the best that it is, with its p for so many, and a click asks for the pair", () => {
  const el = open();
  point(el, "pointermove", 1);
  const tip = el.querySelector(".embw-tip") as HTMLElement;
  expect(tip.textContent).toContain("one · a and two · <b>b</b>value0.900chance0.100 ± 0.0100calibrated0.889");
  expect(tip.textContent).toContain("best of its row★p, best of 30.030");
  point(el, "pointermove", 7);
  expect(tip.textContent).toContain("best of its row☆ tied");
  point(el, "pointermove", 0);
  expect(tip.textContent).not.toContain("best of its row");
  point(el, "click", 1);
  expect(fake.sent).toEqual([{ type: "open", pair: [0, 4] }]);
  expect(el.querySelector(".embw-pair-work")?.textContent).toBe("Comparing one · a with two · <b>b</b>…");
});

test("the keyboard walks rows and columns that are not the same", () => {
  const el = open();
  const box = el.querySelector(".embw-heat-box") as HTMLElement;
  const press = (key: string) => {
    box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    vi.advanceTimersByTime(50);
  };
  box.dispatchEvent(new FocusEvent("focus"));
  press("End");
  expect((el.querySelector(".embw-tip") as HTMLElement).dataset.cell).toBe("0,5");
  press("PageDown");
  press("Home");
  press("Enter");
  expect(fake.sent).toEqual([{ type: "open", pair: [2, 3] }]);
});

test("numbers and figure have rows of the one and columns of the other", () => {
  const d = data();
  const csv = matrixCsv(d, "value", d.axes).trim().split("\n");
  expect(csv[0]).toBe('"CKA, raw",two · a,two · <b>b</b>,two · c');
  expect(csv[3]).toBe("one · c,0.1,0.6,0.6");
  const table = matrixTable(d, "value", d.axes);
  expect([...table.querySelectorAll("tbody tr")].map((row) => row.textContent)[0]).toBe("a0.2000.900 ★0.100");
  const grid = layGrid(d.axes, 600, 560);
  const theme = { dark: false, background: [255, 255, 255], text: [0, 0, 0] } as const;
  const ends = d.ends("value", "these");
  const figure = matrixFigure({ id: "x", data: d, grid, quantity: "value", ends, theme });
  expect(figure.textContent).toContain("CKA, raw. Rows: layers of one. Columns: layers of two.");
  for (const node of [table, figure]) expect(node.querySelector("b")).toBeNull();
});

test("networks of unlike depth have no layers of the same index, and their cells are found", () => {
  const six = wire(
    "<f8",
    [4, 3],
    Array.from({ length: 12 }, (_, i) => i / 12),
  );
  const names = ["one · a", "one · b", "two · a", "two · b", "two · c"];
  const layers = [
    ["a", "b"],
    ["a", "b", "c"],
  ];
  const d = new MatrixData(new FakeMatrix(layersState({ names, layers, values: six })).model);
  expect(d.pairs().length).toBe(6);
  expect([d.get("value", 1, 2), d.get("value", 1, 4)]).toEqual([3 / 12, 5 / 12]);
  expect(d.pairs().some(([i, j]) => d.sameIndex(i, j))).toBe(false);
  const grid = layGrid(d.axes, 700, 560);
  const at = (column: number, row: number) =>
    spotAt(grid, grid.left + (column + 0.5) * grid.pitch, grid.top + (row + 0.5) * grid.pitch);
  expect(at(2, 1)).toEqual({ row: 1, column: 4 });
  expect(at(1, 2)).toBeUndefined();
});
