/** The box around every view: theme, status line, keys that work everywhere in it. View state: the theme. */

import { h } from "../page/dom";
import { type KeyMap, onKeys } from "../page/keyboard";
import { onTheme, readTheme, type Theme } from "../page/theme";
import type { Context, ViewOptions } from "../state/context";
import type { Linked } from "../state/linked";

export interface Frame {
  root: HTMLElement;
  /** Where the view puts its own; the status line stays below it. */
  body: HTMLElement;
  theme: Theme;
  onTheme(redraw: () => void): void;
}

/** The box alone: its look follows the page. */
export function makeBox(el: HTMLElement, kind: string, name: string, signal: AbortSignal): Frame {
  const root = h("section", {
    class: `embw-root embw-${kind}`,
    "aria-label": name,
    "data-lm-suppress-shortcuts": "true",
  });
  el.classList.add("embw-host");
  el.replaceChildren(root);
  signal.addEventListener("abort", () => root.remove());
  const heard: (() => void)[] = [];
  const body = h("div", { class: "embw-body" });
  root.append(body);
  const frame: Frame = { root, body, theme: readTheme(root), onTheme: (redraw) => heard.push(redraw) };
  const retheme = () => {
    root.classList.toggle("embw-dark", pageIsDark());
    frame.theme = readTheme(root);
    for (const redraw of heard) redraw();
  };
  retheme();
  onTheme(retheme, signal);
  return frame;
}

/** The box of a view of one comparison, with the keys and the status line of its linked state. */
export function makeFrame(
  el: HTMLElement,
  kind: string,
  name: string,
  context: Context,
  options: ViewOptions,
  signal: AbortSignal,
): Frame {
  const frame = makeBox(el, kind, name, signal);
  onKeys(frame.root, sharedKeys(frame.root, context.linked), signal);
  if (!options.embedded) followStatus(frame.root, context.linked, signal);
  return frame;
}

/** Only for pages without JupyterLab's variables: with them the colours come from the page. */
function pageIsDark(): boolean {
  const said = document.body.dataset.jpThemeLight;
  if (said) return said === "false";
  return window.matchMedia?.("(prefers-color-scheme: dark)").matches ?? false;
}

function sharedKeys(root: HTMLElement, linked: Linked): KeyMap {
  const undo = () => linked.say(linked.undo() ? "Selection undone." : "Nothing to undo.");
  return {
    "[": () => linked.setK(linked.k - 1),
    "]": () => linked.setK(linked.k + 1),
    "Ctrl+z": undo,
    u: undo,
    Escape: () => clear(linked),
    "/": () => root.querySelector<HTMLInputElement>(".embw-search input")?.focus(),
  };
}

/** Lets go of the pinned item first, then of the selection. */
function clear(linked: Linked): void {
  if (linked.pinned >= 0) linked.setPinned(-1);
  else linked.select(new Uint32Array(0));
}

function followStatus(root: HTMLElement, linked: Linked, signal: AbortSignal): void {
  const line = h("div", { class: "embw-status", role: "status", "aria-live": "polite" });
  root.append(line);
  const show = () => {
    const error = linked.error;
    line.classList.toggle("embw-error", error !== "");
    line.textContent = error || linked.status;
  };
  linked.on("status", show, signal);
  linked.on("error", show, signal);
  show();
}
