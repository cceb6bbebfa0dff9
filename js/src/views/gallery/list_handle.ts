/** A handle that makes the list of groups taller or shorter. View state: its height, kept while the page lives. */

import { h } from "../../page/dom";
import { onKeys } from "../../page/keyboard";

const LEAST = 120;
const STEP = 40;
/** What was chosen last: another Gallery of the page begins with it. */
let chosen: number | undefined;

export function listHandle(list: HTMLElement, signal: AbortSignal): HTMLElement {
  const node = h("div", {
    class: "embw-handle",
    role: "separator",
    tabindex: 0,
    "aria-orientation": "horizontal",
    "aria-label": "Height of the list",
    title: "Drag to make the list taller or shorter; a double click gives it its own height again",
  });
  const put = (height: number | undefined) => {
    chosen = height === undefined ? undefined : Math.max(LEAST, Math.min(height, list.scrollHeight));
    fit(list, node);
  };
  const by = (step: number) => () => put(list.clientHeight + step);
  onKeys(node, { ArrowUp: by(-STEP), ArrowDown: by(STEP), Home: () => put(LEAST), End: () => put(Infinity) }, signal);
  node.addEventListener("dblclick", () => put(undefined), { signal });
  node.addEventListener("pointerdown", (e) => drag(e, node, list.clientHeight, put, signal), { signal });
  fit(list, node);
  return node;
}

function fit(list: HTMLElement, node: HTMLElement): void {
  list.style.height = chosen === undefined ? "" : `${chosen}px`;
  list.classList.toggle("embw-sized", chosen !== undefined);
  node.setAttribute("aria-valuenow", String(Math.round(list.clientHeight)));
}

function drag(
  down: PointerEvent,
  node: HTMLElement,
  height: number,
  put: (h: number) => void,
  signal: AbortSignal,
): void {
  if (down.button !== 0) return;
  down.preventDefault();
  node.focus();
  node.setPointerCapture?.(down.pointerId);
  const let_go = new AbortController();
  const held = AbortSignal.any([signal, let_go.signal]);
  node.addEventListener("pointermove", (e) => put(height + e.clientY - down.clientY), { signal: held });
  for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, () => let_go.abort(), { signal: held });
}
