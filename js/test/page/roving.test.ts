// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { choice, h } from "../../src/page/dom";
import { rove } from "../../src/page/roving";

let life = new AbortController();
beforeEach(() => {
  life = new AbortController();
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
});

const keys = (names: string[]) => names.map((name) => h("button", { "data-key": name }, name));
const soon = () => new Promise<void>((done) => queueMicrotask(done));
const stops = (node: Element) =>
  [...node.querySelectorAll<HTMLElement>("[tabindex='0']")].map((one) => one.dataset.key ?? one.textContent);

function makeList(names: string[]) {
  const node = h("div", {}, ...keys(names), h("input", { type: "text" }));
  document.body.append(node);
  return { node, roving: rove(node, "button", life.signal) };
}

/** Presses a key on what has the focus, and says what has it then; undefined where the key was left to others. */
function press(key: string, more: KeyboardEventInit = {}): string | undefined {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  document.activeElement?.dispatchEvent(event);
  return event.defaultPrevented ? (document.activeElement as HTMLElement).dataset.key : undefined;
}

/** Where each item is drawn, row by row. */
function place(node: Element, rows: string[][]): void {
  const boxes = rows.flatMap((row, y) => row.map((name, x) => [name, new DOMRect(30 * x, 20 * y, 28, 18)] as const));
  for (const [name, box] of boxes) {
    const item = node.querySelector<HTMLElement>(`[data-key="${name}"]`) as HTMLElement;
    item.getBoundingClientRect = () => box;
  }
}

test("many are one stop, and the arrows go to the ends and no further", () => {
  const { node } = makeList(["a", "b", "c"]);
  expect(stops(node)).toEqual(["a"]);
  node.querySelector("button")?.focus();
  expect(["ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "Home", "ArrowUp", "End"].map((k) => press(k))).toEqual([
    "b",
    "c",
    "c",
    "b",
    "a",
    "a",
    "c",
  ]);
  expect(stops(node)).toEqual(["c"]);
});

test("in rows, up and down keep to the column", () => {
  const { node } = makeList(["a", "b", "c", "d", "e"]);
  place(node, [
    ["a", "b", "c"],
    ["d", "e"],
  ]);
  node.querySelectorAll("button")[1].focus();
  expect(["ArrowDown", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowDown"].map((k) => press(k))).toEqual([
    "e",
    "e",
    "b",
    "c",
    "e",
  ]);
});

test("keys of others are left to them: typing, shortcuts, letters", () => {
  const { node } = makeList(["a", "b"]);
  node.querySelector("button")?.focus();
  expect(press("ArrowRight", { ctrlKey: true })).toBeUndefined();
  expect(press("x")).toBeUndefined();
  node.querySelector("input")?.focus();
  expect(press("ArrowRight")).toBeUndefined();
  life.abort();
  node.querySelector("button")?.focus();
  expect(press("ArrowRight")).toBeUndefined();
});

test("what is hidden or disabled is passed over, and never the stop", async () => {
  const { node } = makeList(["a", "b", "c"]);
  const [a, b] = node.querySelectorAll("button");
  b.disabled = true;
  a.focus();
  expect(press("ArrowRight")).toBe("c");
  (document.activeElement as HTMLElement).hidden = true;
  await soon();
  expect(stops(node)).toEqual(["a"]);
});

test("others in their place: the stop keeps its place, and the focus where it was there", async () => {
  const { node, roving } = makeList(["a", "b", "c"]);
  node.querySelectorAll("button")[1].focus();
  roving.refill(...keys(["x", "y"]));
  expect(stops(node)).toEqual(["y"]);
  expect((document.activeElement as HTMLElement).dataset.key).toBe("y");
  (document.activeElement as HTMLElement).blur();
  node.replaceChildren(...keys(["p", "q", "r"]));
  await soon();
  expect(stops(node)).toEqual(["q"]);
  expect(document.activeElement).toBe(document.body);
});

test("of buttons of which one is pressed, that one is the stop", () => {
  const entries = [
    ["one", "One", ""],
    ["two", "Two", ""],
  ] as const;
  const made = choice("Which", entries, () => undefined, life.signal);
  document.body.append(made.node);
  made.set("two");
  expect(stops(made.node)).toEqual(["Two"]);
  made.set("one");
  expect(stops(made.node)).toEqual(["One"]);
});
