/** A page with the view of an alignment on it, for its tests: what they open it with, and what they look for. */
import { afterEach, beforeEach, vi } from "vitest";
import alignment from "../../src/scenes/alignment";
import { decode } from "../../src/state/arrays";
import { alignmentState, FakeAlignment } from "./alignment_model";

/** What the test that runs has. */
export const page = { fake: undefined as unknown as FakeAlignment, life: new AbortController(), reduced: false };

export function open(state = alignmentState()): HTMLElement {
  page.fake = new FakeAlignment(state);
  const el = document.createElement("div");
  document.body.append(el);
  const { signal } = page.life;
  alignment.initialize({ model: page.fake.model, signal }).mount("alignment_view", el, { signal });
  vi.advanceTimersByTime(50);
  return el;
}

/** A canvas that takes everything that is drawn on it. */
function fakeContext(): CanvasRenderingContext2D {
  const own: Record<string, unknown> = {
    createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height) }),
    measureText: () => ({ width: 10 }),
  };
  return new Proxy(own, { get: (kept, name: string) => kept[name] ?? (() => {}) }) as never;
}

/** A page of its own for every test of a file. */
export function freshPages(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(fakeContext as never);
    page.life = new AbortController();
    page.reduced = false;
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
    vi.spyOn(window, "matchMedia").mockImplementation(
      (query) => ({ matches: query.includes("motion") && page.reduced, addEventListener: () => {} }) as never,
    );
  });
  afterEach(() => {
    page.life.abort();
    document.body.replaceChildren();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
}

export const slider = (el: HTMLElement) => el.querySelector('input[type="range"]') as HTMLInputElement;
export const map = (el: HTMLElement) => el.querySelector(".embw-map") as HTMLElement;
export const chips = (el: HTMLElement) => [...el.querySelectorAll<HTMLElement>(".embw-chip")];
export const buttonOf = (el: HTMLElement, name: string) =>
  [...el.querySelectorAll("button")].find((one) => one.textContent?.includes(name)) as HTMLButtonElement;
export const selected = () => [...decode(page.fake.state.selected)];
