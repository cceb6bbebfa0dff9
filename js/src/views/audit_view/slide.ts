/**
 * A chart as a slider, by pointer and by keyboard.
 *   synced  nothing   view  whether it is held
 */
import { onKeys } from "../../page/keyboard";

interface Slide {
  /** Goes to what is drawn at so many pixels from the left. */
  to(pixel: number): void;
  /** Goes so many steps on. */
  step(by: number): void;
}

const FAR = 10;
const END = 1e9;

export function makeSlider(node: SVGSVGElement, slide: Slide, signal: AbortSignal): void {
  const keys = {
    ArrowRight: () => slide.step(1),
    ArrowLeft: () => slide.step(-1),
    ArrowUp: () => slide.step(1),
    ArrowDown: () => slide.step(-1),
    PageUp: () => slide.step(FAR),
    PageDown: () => slide.step(-FAR),
    Home: () => slide.step(-END),
    End: () => slide.step(END),
  };
  onKeys(node as Element as HTMLElement, keys, signal);
  let held = false;
  const at = (e: PointerEvent) => slide.to(e.clientX - node.getBoundingClientRect().left);
  const down = (e: PointerEvent) => {
    if (e.button !== 0) return;
    held = true;
    node.setPointerCapture?.(e.pointerId);
    node.focus({ preventScroll: true });
    at(e);
  };
  const stop = () => {
    held = false;
  };
  node.addEventListener("pointerdown", down, { signal });
  node.addEventListener("pointermove", (e) => held && at(e), { signal });
  node.addEventListener("pointerup", stop, { signal });
  node.addEventListener("pointercancel", stop, { signal });
}
