/** The lists of items over a model, and what a hand does in them. */
import { expect, vi } from "vitest";
import scene, { type SceneExports } from "../../src/scenes/scene";
import { decode } from "../../src/state/arrays";
import type { State } from "../../src/state/scene";
import { readNamed } from "../../src/state/selection";
import { FakeModel, sampleState, wire } from "./model";

let exports: SceneExports;
let life = new AbortController();
export let fake: FakeModel;

/** Time stands still until `settle`, and every element has a size. */
export function begin(): void {
  vi.useFakeTimers();
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
}

export function end(): void {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
}

export function open(kind = "rows", state: State = sampleState()): HTMLElement {
  fake = new FakeModel(state);
  life = new AbortController();
  exports = scene.initialize({ model: fake.model, signal: life.signal });
  return mount(kind);
}

export function mount(kind: string): HTMLElement {
  const el = document.createElement("div");
  document.body.append(el);
  exports.mount(kind, el, { signal: life.signal });
  settle();
  return el;
}

export const settle = () => vi.advanceTimersByTime(100);

export const tab = (el: HTMLElement, name: string) =>
  [...el.querySelectorAll<HTMLElement>('[role="tab"]')].find((one) => one.textContent?.startsWith(name)) as HTMLElement;
export const panel = (el: HTMLElement) =>
  el.querySelector<HTMLElement>('[role="tabpanel"]:not([hidden])') as HTMLElement;
export const rowsIn = (el: HTMLElement) => [...panel(el).querySelectorAll<HTMLElement>("tbody tr[data-row]")];
export const numbers = (el: HTMLElement) => rowsIn(el).map((row) => Number(row.dataset.row));
export const cell = (el: HTMLElement, row: number, of: string) =>
  panel(el).querySelector(`tr[data-row="${row}"] .embw-of-${of}`)?.textContent;
export const press = (node: Element, key: string, more: KeyboardEventInit = {}) => {
  node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  settle();
};
export const go = (el: HTMLElement, name: string) => {
  tab(el, name).click();
  settle();
};
export const select = (...rows: number[]) => {
  fake.fromPython("selected", wire("<u4", [rows.length], rows));
  settle();
};
export const selected = () => [...decode(fake.state.selected)];
export const named = () =>
  Object.fromEntries(readNamed(fake.state.selections).map(({ name, rows }) => [name, [...rows]]));
export function name(el: HTMLElement, text: string): void {
  const input = el.querySelector('input[aria-label="Name of the selection"]') as HTMLInputElement;
  input.value = text;
  input.dispatchEvent(new Event("input"));
  el.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  settle();
}
export function act(el: HTMLElement, what: string, which: string): void {
  const buttons = [...el.querySelectorAll<HTMLElement>(".embw-named button")];
  const found = buttons.find((one) => one.textContent === what && one.getAttribute("aria-label")?.includes(which));
  expect(found?.getAttribute("aria-label")).toContain(what);
  found?.click();
  settle();
}
