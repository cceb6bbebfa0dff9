/**
 * One Tab stop for many: the arrows, Home and End move among them, Tab goes past the rest. After the ARIA Authoring
 * Practices' "roving tabindex". View state: which of them is the stop.
 */

import { focusedIn } from "./keyboard";

const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];
const GONE = ":disabled, [hidden], [hidden] *";

export class Roving {
  private last: HTMLElement | undefined;
  private place = 0;
  /** Whether an item has the focus, or had it when it was taken away. */
  private held = false;

  constructor(
    private readonly node: HTMLElement,
    private readonly of: string,
    moved: (item: HTMLElement) => void,
    signal: AbortSignal,
  ) {
    const observer = new MutationObserver(() => this.changed());
    observer.observe(node, { childList: true, subtree: true, attributeFilter: ["hidden", "disabled"] });
    signal.addEventListener("abort", () => observer.disconnect());
    node.addEventListener("focusin", (e) => this.focused(e), { signal });
    node.addEventListener("focusout", () => queueMicrotask(() => this.left()), { signal });
    node.addEventListener("keydown", (e) => walk(e, this.items, moved), { signal });
    this.settle();
  }

  private get items(): HTMLElement[] {
    return [...this.node.querySelectorAll<HTMLElement>(this.of)].filter((one) => !one.matches(GONE));
  }

  /** Makes an item the one that Tab comes to. */
  stop(item: HTMLElement): void {
    this.last = item;
    this.settle();
  }

  /** Other children, with the focus where it was among the items. */
  refill(...children: (Node | string)[]): void {
    const at = this.items.indexOf(focusedIn(this.node) as HTMLElement);
    this.node.replaceChildren(...children);
    const all = this.settle();
    if (at >= 0) all[Math.min(at, all.length - 1)]?.focus({ preventScroll: true });
  }

  private settle(): HTMLElement[] {
    const all = this.items;
    const there = this.last ? all.indexOf(this.last) : -1;
    this.place = Math.max(0, there >= 0 ? there : Math.min(this.place, all.length - 1));
    for (const one of this.node.querySelectorAll(this.of)) {
      const index = one === all[this.place] ? "0" : "-1";
      if (one.getAttribute("tabindex") !== index) one.setAttribute("tabindex", index);
    }
    return all;
  }

  private focused(event: Event): void {
    const item = (event.target as Element).closest<HTMLElement>(this.of);
    this.held = item !== null;
    if (item && item !== this.last) this.stop(item);
  }

  /** Some browsers say so of an item that is just being taken away: then it is gone a moment later. */
  private left(): void {
    if (this.last?.isConnected && focusedIn(this.node) !== this.last) this.held = false;
  }

  /** Focus that goes with its item would fall to the page, and the next keys to the notebook. */
  private changed(): void {
    const gone = this.held && !this.last?.isConnected && [null, document.body].includes(focusedIn(this.node));
    const all = this.settle();
    if (gone) all[this.place]?.focus({ preventScroll: true });
  }
}

/** `of` selects the items within the node, of which there may be others later; `moved` is told where a key led. */
export function rove(
  node: HTMLElement,
  of: string,
  signal: AbortSignal,
  moved: (item: HTMLElement) => void = () => undefined,
): Roving {
  return new Roving(node, of, moved, signal);
}

function walk(event: KeyboardEvent, items: readonly HTMLElement[], moved: (item: HTMLElement) => void): void {
  const from = items.indexOf(event.target as HTMLElement);
  if (from < 0 || !KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  const to = next(items, from, event.key);
  if (!to) return;
  to.focus();
  moved(to);
}

function next(items: readonly HTMLElement[], from: number, key: string): HTMLElement | undefined {
  if (key === "Home") return items[0];
  if (key === "End") return items[items.length - 1];
  const step = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  const across = key === "ArrowLeft" || key === "ArrowRight";
  return across ? items[from + step] : nextRow(items, from, step);
}

/** What lies above or below; where all lie in one row, what comes before or after. */
function nextRow(items: readonly HTMLElement[], from: number, step: 1 | -1): HTMLElement | undefined {
  const boxes = items.map((one) => one.getBoundingClientRect());
  const { top, height, left, width } = boxes[from];
  const down = boxes.map((box) => box.top + box.height / 2 - top - height / 2);
  const side = boxes.map((box) => Math.abs(box.left + box.width / 2 - left - width / 2));
  const beyond = (way: number) => items.flatMap((_, i) => (way * down[i] > height / 2 ? [i] : []));
  const found = beyond(step);
  if (found.length === 0) return beyond(-step).length === 0 ? items[from + step] : undefined;
  const row = Math.min(...found.map((i) => step * down[i])) + height / 2;
  const near = found.filter((i) => step * down[i] < row).sort((a, b) => side[a] - side[b]);
  return items[near[0]];
}
