/**
 * One Tab stop for many: the arrows, Home and End move among them, Tab goes past the rest. After the ARIA Authoring
 * Practices' "roving tabindex". View state: which of them is the stop.
 */

const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];
const GONE = ":disabled, [hidden], [hidden] *";

interface Roving {
  /** Makes an item the one that Tab comes to. */
  stop(item: HTMLElement): void;
  /** Other children, with the focus where it was among the items. */
  refill(...children: (Node | string)[]): void;
}

/** `of` selects the items within the node, of which there may be others later. */
export function rove(node: HTMLElement, of: string, signal: AbortSignal): Roving {
  let [last, place]: [HTMLElement | undefined, number] = [undefined, 0];
  const items = () => [...node.querySelectorAll<HTMLElement>(of)].filter((one) => !one.matches(GONE));
  const settle = () => {
    const all = items();
    const there = last ? all.indexOf(last) : -1;
    place = Math.max(0, there >= 0 ? there : Math.min(place, all.length - 1));
    for (const one of node.querySelectorAll(of)) {
      const index = one === all[place] ? "0" : "-1";
      if (one.getAttribute("tabindex") !== index) one.setAttribute("tabindex", index);
    }
    return all;
  };
  const stop = (item: HTMLElement) => {
    last = item;
    settle();
  };
  const focused = (e: Event) => {
    const item = (e.target as Element).closest<HTMLElement>(of);
    if (item && item !== last) stop(item);
  };
  const refill = (...children: (Node | string)[]) => {
    const held = items().indexOf(focusedIn(node));
    node.replaceChildren(...children);
    const all = settle();
    if (held >= 0) all[Math.min(held, all.length - 1)]?.focus({ preventScroll: true });
  };
  const observer = new MutationObserver(settle);
  observer.observe(node, { childList: true, subtree: true, attributeFilter: ["hidden", "disabled"] });
  signal.addEventListener("abort", () => observer.disconnect());
  node.addEventListener("focusin", focused, { signal });
  node.addEventListener("keydown", (e) => walk(e, items()), { signal });
  settle();
  return { stop, refill };
}

/** The focused element, in a shadow tree too. */
function focusedIn(node: Node): HTMLElement {
  const { activeElement } = node.getRootNode() as Document | ShadowRoot;
  return activeElement as HTMLElement;
}

function walk(event: KeyboardEvent, items: readonly HTMLElement[]): void {
  const from = items.indexOf(event.target as HTMLElement);
  if (from < 0 || !KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  next(items, from, event.key)?.focus();
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
