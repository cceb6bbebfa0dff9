/** A page with the playground on it, for its tests: what they open it with, and what they look for. */
import { afterEach, beforeEach, vi } from "vitest";
import playground from "../../src/scenes/playground";
import { decode } from "../../src/state/arrays";
import type { PlaygroundModel, PlaygroundState } from "../../src/state/playground";
import type { State, WireArray } from "../../src/state/scene";
import { FakeModel, wire } from "./model";

interface Case {
  name: string;
  x: number[][];
  y: number[][];
}

const [text] = Object.values(
  import.meta.glob("../../../tests/support/playground_numbers.json", { query: "?raw", import: "default", eager: true }),
);
const cases: Case[] = JSON.parse(text);
export const N = 60;
export const SIZE = 300;

/** What the test that runs has. */
export const page = { fake: undefined as unknown as FakeModel, life: new AbortController() };

const side = (rows: number[][]) => wire("<f8", [N, 2], rows.flat());

export function state(name = "insides"): PlaygroundState {
  const postures = cases.slice(0, 7);
  const { x, y } = cases.find((one) => one.name === name) as Case;
  return {
    heading: "Three meters",
    names: ["X", "Y"],
    sentence: "",
    postures: postures.map((one) => ({
      name: one.name,
      title: `<i>${one.name}</i>`,
      question: `What of ${one.name}?`,
      why: `Because of ${one.name}.`,
      k: one.name === "insides" ? 3 : 10,
    })),
    layouts: wire(
      "<f8",
      [7, 2, N, 2],
      postures.flatMap((one) => [...one.x.flat(), ...one.y.flat()]),
    ),
    groups: wire(
      "|u1",
      [N],
      Array.from({ length: N }, (_, i) => Math.floor(i / 20)),
    ),
    posture: name,
    k: name === "insides" ? 3 : 10,
    points_x: side(x),
    points_y: side(y),
    meters: { nngs: 0, cka: 0, spec: 0 },
    error: "",
  };
}

export function open(given = state()): HTMLElement {
  page.fake = new FakeModel(given as unknown as State);
  const el = document.createElement("div");
  document.body.append(el);
  const model = page.fake as unknown as PlaygroundModel;
  playground.initialize({ model, signal: page.life.signal }).mount("playground", el, { signal: page.life.signal });
  wait();
  return el;
}

export const wait = (milliseconds = 1000): void => {
  vi.advanceTimersByTime(milliseconds);
};

/** A page of its own for every test of a file. */
export function freshPages(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    page.life = new AbortController();
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(SIZE);
    // Points are at once where they glide to.
    vi.spyOn(window, "matchMedia").mockImplementation(
      (query) => ({ matches: query.includes("motion"), addEventListener: () => {} }) as never,
    );
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(() => null);
  });
  afterEach(() => {
    page.life.abort();
    document.body.replaceChildren();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
}

export const held = () => page.fake.state as unknown as PlaygroundState;
export const pointsOf = (trait: WireArray) => [...decode(trait)];
export const buttonOf = (el: HTMLElement, name: string) =>
  [...el.querySelectorAll("button")].find((one) => one.textContent === name) as HTMLButtonElement;
export const meter = (el: HTMLElement, name: string) => el.querySelector(`[data-meter=${name}]`) as HTMLElement;
export const read = (el: HTMLElement, name: string) => meter(el, name).querySelector("output")?.textContent ?? "";
export const point = (el: HTMLElement, space: "x" | "y", row: number) =>
  el.querySelector(`[data-space=${space}] [data-row="${row}"]`) as unknown as HTMLElement;

export function press(node: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  node.dispatchEvent(event);
  wait(30);
  return event;
}

/** Down on a point of Y, along, and up; `held` is asked before it is let go. */
export function drag(
  el: HTMLElement,
  row: number,
  by: [number, number],
  more: PointerEventInit = {},
  held?: () => void,
): void {
  const layer = el.querySelector("[data-space=y] .embw-play-layer") as Element;
  const [, left, top] = /translate\((\S+) (\S+)\)/.exec(point(el, "y", row).getAttribute("transform") ?? "") ?? [];
  const from: [number, number] = [Number(left), Number(top)];
  const at = (type: string, x: number, y: number) =>
    layer.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, button: 0, bubbles: true, ...more }));
  at("pointerdown", ...from);
  at("pointermove", from[0] + by[0] / 2, from[1] + by[1] / 2);
  at("pointermove", from[0] + by[0], from[1] + by[1]);
  if (held) {
    wait(300);
    held();
  }
  at("pointerup", from[0] + by[0], from[1] + by[1]);
  wait();
}
