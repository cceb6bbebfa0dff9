/**
 * The curve as a slider over k, by pointer and by keyboard.
 *   synced  writes k   view  whether it is held
 */

import type { Plot } from "../../chart/line_chart";
import { kKeys } from "../../controls/k_keys";
import type { Linked } from "../../state/linked";

export function wireK(
  curve: SVGSVGElement,
  linked: Linked,
  kMax: number,
  plot: () => Plot | undefined,
  signal: AbortSignal,
): void {
  const fixed = { "aria-label": "k, neighbourhood size", "aria-valuemin": 1, "aria-valuemax": kMax };
  for (const [name, v] of Object.entries(fixed)) curve.setAttribute(name, String(v));
  kKeys(curve, linked, kMax, signal);
  drag(curve, linked, plot, signal);
}

function drag(curve: SVGSVGElement, linked: Linked, plot: () => Plot | undefined, signal: AbortSignal): void {
  let held = false;
  const at = (e: PointerEvent) => {
    const x = plot()?.x;
    if (x) linked.setK(Math.round(x.invert(e.clientX - curve.getBoundingClientRect().left)), "not yet");
  };
  const down = (e: PointerEvent) => {
    if (e.button !== 0) return;
    held = true;
    curve.setPointerCapture?.(e.pointerId);
    curve.focus({ preventScroll: true });
    at(e);
  };
  const stop = () => {
    if (held) linked.setK(linked.k, "now");
    held = false;
  };
  curve.addEventListener("pointerdown", down, { signal });
  curve.addEventListener("pointermove", (e) => held && at(e), { signal });
  curve.addEventListener("pointerup", stop, { signal });
  curve.addEventListener("pointercancel", stop, { signal });
}
