/** A strip of bars over a scale of colours, with a stretch to drag over. Owns no state. */
import { svg } from "../page/dom";

export const STRIP = { width: 220, height: 26, bins: 44 };

/** `colour` of each bin; `brushed` is told the first and the last bin of a stretch. */
export function histogramStrip(
  heights: Float64Array,
  colour: (bin: number) => string,
  brushed: (low: number, high: number, add: boolean) => void,
): SVGSVGElement {
  const { width, height, bins } = STRIP;
  const most = Math.max(...heights, 1);
  const drawn = svg("svg", { width, height, class: "embw-histogram-bars", "aria-hidden": "true" });
  const step = width / bins;
  heights.forEach((items, b) => {
    const tall = items > 0 ? Math.max(1.5, (height - 7) * Math.sqrt(items / most)) : 0;
    const fill = colour(b);
    drawn.append(svg("rect", { x: b * step, y: height - 6 - tall, width: step + 0.3, height: tall, fill }));
    drawn.append(svg("rect", { x: b * step, y: height - 5, width: step + 0.3, height: 5, fill }));
  });
  brush(drawn, brushed);
  return drawn;
}

function brush(drawn: SVGSVGElement, brushed: (low: number, high: number, add: boolean) => void): void {
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
