/**
 * A strip of bars over a scale of colours, of which a stretch is chosen: dragged over, or walked to.
 *   synced  nothing   view  the stretch
 */
import { svg } from "../page/dom";
import { count } from "../page/format";
import { type KeyMap, onKeys } from "../page/keyboard";

export const STRIP = { width: 220, height: 26, bins: 44 };
const HOW = "Bars of a histogram: arrow keys move a stretch of them, Shift widens it, Enter selects its items";
const NEVER = new AbortController().signal;

type Brushed = (low: number, high: number, add: boolean) => void;

/** `colour` of each bin; `brushed` is told the first and the last bin of a stretch. */
export function histogramStrip(
  heights: Float64Array,
  colour: (bin: number) => string,
  brushed: Brushed,
): SVGSVGElement {
  const { width, height, bins } = STRIP;
  const most = Math.max(...heights, 1);
  const drawn = svg("svg", { width, height, class: "embw-histogram-bars", role: "slider", tabindex: 0 });
  const step = width / bins;
  heights.forEach((items, b) => {
    const tall = items > 0 ? Math.max(1.5, (height - 7) * Math.sqrt(items / most)) : 0;
    const fill = colour(b);
    drawn.append(svg("rect", { x: b * step, y: height - 6 - tall, width: step + 0.3, height: tall, fill }));
    drawn.append(svg("rect", { x: b * step, y: height - 5, width: step + 0.3, height: 5, fill }));
  });
  brush(drawn, brushed);
  walk(drawn, heights, brushed);
  return drawn;
}

function brush(drawn: SVGSVGElement, brushed: Brushed): void {
  const { width, bins } = STRIP;
  const at = (e: PointerEvent) => Math.floor(((e.clientX - drawn.getBoundingClientRect().left) / width) * bins);
  let start: number | undefined;
  const down = (e: PointerEvent) => {
    start = at(e);
    drawn.setPointerCapture?.(e.pointerId);
  };
  const up = (e: PointerEvent) => {
    if (start === undefined) return;
    const [low, high] = [Math.min(start, at(e)), Math.max(start, at(e))];
    start = undefined;
    brushed(low, high, e.shiftKey);
  };
  drawn.addEventListener("pointerdown", down);
  drawn.addEventListener("pointerup", up);
}

/** The same by keys: an end of the stretch follows the arrows, the other too unless Shift holds it. */
function walk(drawn: SVGSVGElement, heights: Float64Array, brushed: Brushed): void {
  const last = STRIP.bins - 1;
  let [held, moving] = [0, 0];
  const ends = () => [Math.min(held, moving), Math.max(held, moving)] as const;
  const frame = svg("rect", { y: 0.5, height: STRIP.height - 1, fill: "none", class: "embw-histogram-stretch" });
  drawn.append(frame);
  const show = () => {
    const [low, high] = ends();
    const items = heights.slice(low, high + 1).reduce((sum, one) => sum + one, 0);
    const where = low === high ? `bar ${low + 1}` : `bars ${low + 1} to ${high + 1}`;
    const told = { "aria-label": HOW, "aria-valuemin": 1, "aria-valuemax": STRIP.bins, "aria-valuenow": moving + 1 };
    const text = `${where} of ${STRIP.bins}: ${count(Math.round(items))} items`;
    for (const [name, v] of Object.entries({ ...told, "aria-valuetext": text })) drawn.setAttribute(name, String(v));
    const step = STRIP.width / STRIP.bins;
    frame.setAttribute("x", String(low * step));
    frame.setAttribute("width", String((high - low + 1) * step));
  };
  const to = (bin: number, hold: boolean) => {
    moving = Math.max(0, Math.min(last, bin));
    if (!hold) held = moving;
    show();
  };
  const select = (add: boolean) => () => brushed(...ends(), add);
  const keys: KeyMap = { Enter: select(false), " ": select(false), "Shift+Enter": select(true) };
  const ways: [string, () => number][] = [
    ["ArrowLeft", () => moving - 1],
    ["ArrowDown", () => moving - 1],
    ["ArrowRight", () => moving + 1],
    ["ArrowUp", () => moving + 1],
    ["Home", () => 0],
    ["End", () => last],
  ];
  for (const [key, bin] of ways) {
    keys[key] = () => to(bin(), false);
    keys[`Shift+${key}`] = () => to(bin(), true);
  }
  onKeys(drawn as Element as HTMLElement, keys, NEVER);
  show();
}
