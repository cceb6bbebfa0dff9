// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import scene from "../../../src/scenes/scene";
import { FakeModel, N } from "../../support/model";
import { giveSizes } from "../../support/sizes";

let life: AbortController;

beforeEach(() => {
  life = new AbortController();
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

function open(): HTMLElement {
  const el = document.createElement("div");
  document.body.append(el);
  const { mount } = scene.initialize({ model: new FakeModel().model, signal: life.signal });
  mount("map_pair", el, { signal: life.signal });
  vi.advanceTimersByTime(100);
  return el;
}

const press = (node: Element, key: string) => {
  node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  vi.advanceTimersByTime(100);
};

test("a map says what is drawn, by what it is coloured, how much is selected, and what the keys come to", () => {
  const el = open();
  const map = el.querySelector(".embw-map") as HTMLElement;
  const status = () => el.querySelector('[role="status"]')?.textContent ?? "";
  expect(map.getAttribute("aria-label")).toContain(`${N} items`);
  expect(map.getAttribute("aria-description")).toBe("Coloured by agreement. 0 selected.");
  press(map, "ArrowRight");
  const walked = status();
  expect(walked).toMatch(/^item number \d+: agreement/);
  press(map, "Enter");
  expect(status()).toBe(`Pinned: ${walked}`);
  press(map, " ");
  expect(map.getAttribute("aria-description")).toBe("Coloured by agreement. 1 selected.");
  press(map, "Enter");
  expect(status()).toBe("Nothing is pinned.");
  const select = el.querySelector("select") as HTMLSelectElement;
  select.value = "agreement";
  select.dispatchEvent(new Event("change"));
  vi.advanceTimersByTime(100);
  expect(map.getAttribute("aria-description")).toContain(`Coloured by ${select.selectedOptions[0].textContent}`);
});
