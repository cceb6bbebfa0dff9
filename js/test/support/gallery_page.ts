/** A page with views of a spectral comparison on it, for the tests of the Gallery. */
import { afterEach, beforeEach, vi } from "vitest";
import scene, { type SceneExports } from "../../src/scenes/scene";
import { aloneState, FakeModel } from "./model";

export const PICTURES = { size: 64, large: 160, columns: 16, per_sheet: 64 };
/** What the test that runs has. */
export const page = {
  fake: undefined as unknown as FakeModel,
  exports: undefined as unknown as SceneExports,
  life: new AbortController(),
};

/** Tells what comes into sight when the test says so. */
export class Sight {
  static all: Sight[] = [];
  private readonly watched = new Set<Element>();
  constructor(private readonly seen: (entries: { target: Element; isIntersecting: boolean }[]) => void) {
    Sight.all.push(this);
  }
  observe(node: Element): void {
    this.watched.add(node);
  }
  unobserve(node: Element): void {
    this.watched.delete(node);
  }
  disconnect(): void {
    this.watched.clear();
  }
  static reveal(node: Element): void {
    for (const one of Sight.all) if (one.watched.has(node)) one.seen([{ target: node, isIntersecting: true }]);
  }
}

export function open(kind = "gallery", state = aloneState()): HTMLElement {
  page.fake = new FakeModel(state);
  page.life = new AbortController();
  const { signal } = page.life;
  page.exports = scene.initialize({ model: page.fake.model, signal });
  const el = document.createElement("div");
  document.body.append(el);
  page.exports.mount(kind, el, { signal });
  vi.advanceTimersByTime(100);
  return el;
}

/** A page of its own for every test of a file. */
export function freshPages(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("IntersectionObserver", Sight);
    Sight.all = [];
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(600);
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
  });
  afterEach(() => {
    page.life.abort();
    document.body.replaceChildren();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
}

export const spectrum = (el: HTMLElement) => el.querySelector(".embw-spectrum") as SVGElement;
export const row = (el: HTMLElement, cluster: number) =>
  el.querySelector(`.embw-cluster[data-cluster="${cluster}"]`) as HTMLElement;
export const head = (el: HTMLElement, cluster: number) =>
  row(el, cluster).querySelector(".embw-cluster-head") as HTMLButtonElement;
export const rowsIn = (node: Element, selector: string) =>
  [...node.querySelectorAll<HTMLElement>(selector)].map((one) => Number(one.dataset.row));
/** Items of an open group, and those of its line. */
export const shown = (el: HTMLElement, cluster: number) => rowsIn(row(el, cluster), ".embw-member");
export const strip = (el: HTMLElement, cluster: number) => rowsIn(row(el, cluster), ".embw-strip [data-row]");
export const press = (node: Element, key: string) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  node.dispatchEvent(event);
  vi.advanceTimersByTime(200);
  return event;
};
export const buttonOf = (node: Element, text: string) =>
  [...node.querySelectorAll("button")].find((b) => b.textContent?.includes(text)) as HTMLButtonElement;
