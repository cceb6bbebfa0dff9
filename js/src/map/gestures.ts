/**
 * Pointer and wheel on a map: hover, click, lasso, rectangle (Alt), pan, zoom.
 *   synced  nothing: it only reports   view  the outline being drawn
 */
import { type Outline, rectangle, rowsInside } from "./lasso";
import type { PointMap } from "./point_map";

export type Tool = "lasso" | "pan";

interface GestureEvents {
  tool(): Tool;
  hover(row: number): void;
  click(row: number, event: PointerEvent): void;
  outline(outline: Outline | undefined): void;
  select(rows: Uint32Array, add: boolean): void;
  hint(text: string): void;
}

interface Drag {
  start: [number, number];
  last: [number, number];
  path: [number, number][];
  kind: "none" | "lasso" | "rectangle" | "pan";
}

const CLICK_SLACK = 4;

export class Gestures {
  private drag: Drag | undefined;
  private hinted = false;

  constructor(
    private readonly map: PointMap,
    private readonly events: GestureEvents,
    signal: AbortSignal,
  ) {
    const on = <K extends keyof HTMLElementEventMap>(name: K, heard: (e: HTMLElementEventMap[K]) => void) =>
      map.node.addEventListener(name, heard, { signal, passive: false });
    on("pointerdown", (e) => this.down(e));
    on("pointermove", (e) => this.move(e));
    on("pointerup", (e) => this.up(e));
    on("pointercancel", () => this.cancel());
    on("pointerleave", () => {
      if (!this.drag) this.events.hover(-1);
    });
    on("wheel", (e) => this.wheel(e));
    on("dblclick", (e) => {
      e.preventDefault();
      const [x, y] = this.at(e);
      this.map.zoomBy(e.shiftKey ? 0.5 : 2, x, y);
    });
  }

  cancel(): void {
    this.drag = undefined;
    this.events.outline(undefined);
  }

  private at(event: MouseEvent): [number, number] {
    const box = this.map.node.getBoundingClientRect();
    return [event.clientX - box.left - this.map.node.clientLeft, event.clientY - box.top - this.map.node.clientTop];
  }

  private down(event: PointerEvent): void {
    if (event.button > 1) return;
    const at = this.at(event);
    this.drag = { start: at, last: at, path: [at], kind: "none" };
    this.map.node.setPointerCapture?.(event.pointerId);
    this.map.node.focus({ preventScroll: true });
    if (event.button === 1) event.preventDefault();
  }

  private move(event: PointerEvent): void {
    const at = this.at(event);
    if (!this.drag) {
      this.events.hover(this.map.pick(...at));
      return;
    }
    const { start } = this.drag;
    if (this.drag.kind === "none" && Math.hypot(at[0] - start[0], at[1] - start[1]) >= CLICK_SLACK) {
      const pans = this.events.tool() === "pan" || (event.buttons & 4) !== 0;
      this.drag.kind = pans ? "pan" : event.altKey ? "rectangle" : "lasso";
      this.events.hover(-1);
    }
    if (this.drag.kind === "pan") this.map.panBy(at[0] - this.drag.last[0], at[1] - this.drag.last[1]);
    this.drag.last = at;
    if (this.drag.kind === "lasso") this.drag.path.push(at);
    if (this.drag.kind === "lasso" || this.drag.kind === "rectangle") this.events.outline(this.outline());
  }

  private outline(): Outline {
    const drag = this.drag as Drag;
    return drag.kind === "rectangle" ? rectangle(drag.start, drag.last) : drag.path;
  }

  private up(event: PointerEvent): void {
    const drag = this.drag;
    if (!drag) return;
    const outline = this.outline();
    this.cancel();
    if (drag.kind === "none") this.events.click(this.map.pick(...drag.start), event);
    else if (drag.kind !== "pan") this.events.select(rowsInside(outline, this.map.positions), event.shiftKey);
  }

  /** The page scrolls as usual until the map has the focus. */
  private wheel(event: WheelEvent): void {
    const mine = event.ctrlKey || event.metaKey || hasFocus(this.map.node);
    if (!mine) {
      if (!this.hinted) this.events.hint("Click a map, or hold Ctrl, to zoom with the wheel.");
      this.hinted = true;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const [x, y] = this.at(event);
    const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    this.map.zoomBy(Math.exp(Math.max(-240, Math.min(240, -pixels)) / 300), x, y);
  }
}

/** In a shadow the document knows only of the whole of it. */
const hasFocus = (node: HTMLElement): boolean => node.matches(":focus") || node.querySelector(":focus") !== null;
