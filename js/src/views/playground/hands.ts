/**
 * Pointer and keys on a panel: drag a point, with Shift its cluster; arrow keys do the same.
 *   synced  nothing: it moves points of the arrangement   view  what is held
 */
import { onKeys } from "../../page/keyboard";
import type { Arrangement } from "./arrangement";
import type { Panel } from "./panel";

const CLICK_SLACK = 3;
const REST_MS = 400;
const STEP = 7;
const LARGE = 8;

interface Held {
  row: number;
  rows: number[];
  start: [number, number];
  last: [number, number];
  moved: boolean;
}

export function wireHands(panel: Panel, at: Arrangement, letGo: () => void, signal: AbortSignal): void {
  pointer(panel, at, letGo, signal);
  keys(panel, at, letGo, signal);
}

function rowsWith(at: Arrangement, row: number, all: boolean): number[] {
  return all ? [...at.groups.keys()].filter((other) => at.groups[other] === at.groups[row]) : [row];
}

function pointer(panel: Panel, at: Arrangement, letGo: () => void, signal: AbortSignal): void {
  let held: Held | undefined;
  const { layer } = panel;
  const down = (event: PointerEvent) => {
    const start = panel.where(event);
    const row = panel.pick(...start);
    if (event.button !== 0 || row < 0) return;
    event.preventDefault();
    panel.settle();
    panel.roam(row, true);
    at.point(row);
    layer.setPointerCapture?.(event.pointerId);
    held = { row, rows: rowsWith(at, row, event.shiftKey), start, last: start, moved: false };
  };
  const move = (event: PointerEvent) => {
    const now = panel.where(event);
    if (!held) {
      at.point(panel.pick(...now));
      return;
    }
    const { start, last, rows } = held;
    held.moved ||= Math.hypot(now[0] - start[0], now[1] - start[1]) >= CLICK_SLACK;
    if (!held.moved) return;
    const [from, to] = [panel.placeAt(...last), panel.placeAt(...now)];
    held.last = now;
    at.move(panel.space, rows, to[0] - from[0], to[1] - from[1]);
  };
  const up = () => {
    if (held && !held.moved) at.pin(held.row);
    else if (held) letGo();
    held = undefined;
  };
  layer.addEventListener("pointerdown", down, { signal });
  layer.addEventListener("pointermove", move, { signal });
  layer.addEventListener("pointerup", up, { signal });
  layer.addEventListener("pointercancel", up, { signal });
  layer.addEventListener("pointerleave", () => held || at.point(-1), { signal });
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] } as const;

function keys(panel: Panel, at: Arrangement, letGo: () => void, signal: AbortSignal): void {
  let resting: ReturnType<typeof setTimeout> | undefined;
  let current = 0;
  const { layer } = panel;
  const go = (row: number) => panel.roam((row + at.n) % at.n, true);
  const pressed: Record<string, () => void> = {
    PageDown: () => go(current + 1),
    PageUp: () => go(current - 1),
    Home: () => go(0),
    End: () => go(at.n - 1),
    Enter: () => at.pin(current),
    " ": () => at.pin(current),
  };
  for (const [key, [dx, dy]] of Object.entries(ARROWS)) {
    const move = (all: boolean, pixels: number) => () => {
      panel.settle();
      const step = panel.units(pixels);
      at.move(panel.space, rowsWith(at, current, all), dx * step, dy * step);
      clearTimeout(resting);
      resting = setTimeout(letGo, REST_MS);
    };
    pressed[key] = move(false, STEP);
    pressed[`Shift+${key}`] = move(true, STEP);
    pressed[`Ctrl+${key}`] = move(false, STEP * LARGE);
  }
  onKeys(layer as unknown as HTMLElement, pressed, signal);
  const focused = (event: FocusEvent) => {
    current = Math.max(0, panel.rowOf(event.target));
    panel.roam(current);
    at.point(current);
  };
  layer.addEventListener("focusin", focused, { signal });
  layer.addEventListener("focusout", () => at.point(-1), { signal });
  signal.addEventListener("abort", () => clearTimeout(resting));
}
