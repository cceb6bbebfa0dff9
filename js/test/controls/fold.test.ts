// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fold } from "../../src/controls/fold";
import { NotesLine } from "../../src/controls/notes_line";
import { h } from "../../src/page/dom";

let stop: AbortController;

beforeEach(() => {
  stop = new AbortController();
  localStorage.clear();
  document.body.replaceChildren();
});
afterEach(() => {
  stop.abort();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function put(name: string, open?: boolean): HTMLDetailsElement {
  const node = fold({ name, title: "<b>Scores</b>", open }, h("p", {}, "inside"), stop.signal) as HTMLDetailsElement;
  document.body.append(node);
  return node;
}
const press = (node: HTMLElement) => node.querySelector("summary")?.click();

test("what a reader folds stays folded on the next page, by the panel's name", () => {
  const first = put("scores");
  expect([first.open, first.querySelector("b")]).toEqual([true, null]);
  press(first);
  expect(first.open).toBe(false);
  expect([put("scores").open, put("items").open]).toEqual([false, true]);
  press(first);
  expect(put("scores").open).toBe(true);
});

test("a panel may begin folded, until it is opened", () => {
  expect(put("how", false).open).toBe(false);
  press(put("how", false));
  expect(put("how", false).open).toBe(true);
});

test("a page without a store folds as well, and forgets it", () => {
  const refuse = () => {
    throw new DOMException("The document is sandboxed", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse });
  const node = put("scores");
  press(node);
  expect([node.open, put("scores").open]).toEqual([false, true]);
});

test("where there is little room, panels begin folded; where somebody has said otherwise, not", () => {
  const sized: (() => void)[] = [];
  class Sizes {
    constructor(resized: () => void) {
      sized.push(resized);
    }
    observe() {}
    disconnect() {}
  }
  vi.stubGlobal("ResizeObserver", Sizes);
  const wide = vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(0);
  const root = h("div", { class: "embw-root" });
  document.body.append(root);
  const [scores, items] = [put("scores"), put("items")];
  root.append(scores, items);
  press(items);
  press(items);
  for (const resized of sized) resized();
  expect([scores.open, items.open]).toEqual([true, true]);
  wide.mockReturnValue(700);
  for (const resized of sized) resized();
  expect([scores.open, items.open]).toEqual([false, true]);
});

test("notes stand in one line, and whole on demand", () => {
  const notes = new NotesLine(stop.signal);
  document.body.append(notes.node);
  const more = notes.node.querySelector("button") as HTMLButtonElement;
  notes.show([]);
  expect(notes.node.hidden).toBe(true);
  notes.show(["one"]);
  expect([notes.node.hidden, more.hidden]).toEqual([false, true]);
  notes.show(["one", "<i>two</i>"]);
  expect([more.hidden, more.textContent, notes.node.querySelector("i")]).toEqual([false, "All 2 notes", null]);
  more.click();
  expect([more.textContent, more.getAttribute("aria-expanded")]).toEqual(["Less", "true"]);
  expect(notes.node.classList.contains("embw-whole")).toBe(true);
});
