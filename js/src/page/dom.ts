/** Elements made without markup strings: text from data can only ever be text. Owns no state. */
import { rove } from "./roving";

type Attributes = Record<string, string | number | boolean | undefined>;

// JupyterLab's shortcuts match the focused element itself, so it is not enough that the box around it bears the mark.
const SILENT = { "data-lm-suppress-shortcuts": "true" };
const FOCUSABLE = new Set(["button", "input", "select"]);

function fill(node: Element, given: Attributes, children: readonly (Node | string)[]): void {
  const attributes = FOCUSABLE.has(node.localName) || "tabindex" in given ? { ...given, ...SILENT } : given;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  fill(node, attributes, children);
  return node;
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(node, attributes, children);
  return node;
}

export function button(
  label: string,
  title: string,
  pressed: () => void,
  signal: AbortSignal,
  className = "",
): HTMLButtonElement {
  // A sign alone, which would be read as "minus" or not at all, is called what it does.
  const sign = label !== "" && !/[\p{L}\p{N}]/u.test(label);
  const name = sign && title ? title : undefined;
  const look = `embw-button ${className}`.trim();
  const node = h("button", { type: "button", title, class: look, "aria-label": name }, label);
  node.addEventListener("click", pressed, { signal });
  return node;
}

export interface Choice<T extends string> {
  node: HTMLElement;
  set(value: T): void;
}

/** A row of buttons of which one is pressed; that one is where Tab comes to. */
export function choice<T extends string>(
  name: string,
  entries: readonly (readonly [T, string, string])[],
  chosen: (value: T) => void,
  signal: AbortSignal,
): Choice<T> {
  const node = h("div", { role: "group", "aria-label": name, class: "embw-choice" });
  const buttons = entries.map(([value, label, title]) => {
    const pressed = () => {
      set(value);
      chosen(value);
    };
    return [value, button(label, title, pressed, signal)] as const;
  });
  node.append(...buttons.map(([, b]) => b));
  const roving = rove(node, "button", signal);
  const set = (value: T) => {
    for (const [v, b] of buttons) {
      b.setAttribute("aria-pressed", String(v === value));
      if (v === value) roving.stop(b);
    }
  };
  return { node, set };
}

/** Runs `work` once in the next frame, however often it is asked for; never after abort. */
export function perFrame(work: () => void, signal: AbortSignal): () => void {
  let frame = 0;
  signal.addEventListener("abort", () => cancelAnimationFrame(frame));
  return () => {
    if (frame || signal.aborted) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      work();
    });
  };
}

const REST_MS = 30;
const PATIENCE_MS = 150;

/** Runs `work` when what asks for it has rested a moment, and now and then while it does not; never after abort. */
export function whenRested(work: () => void, signal: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  const run = () => {
    timer = undefined;
    work();
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  return () => {
    if (signal.aborted) return;
    if (timer === undefined) asked = performance.now();
    clearTimeout(timer);
    timer = setTimeout(run, Math.max(0, Math.min(REST_MS, asked + PATIENCE_MS - performance.now())));
  };
}

export function onResize(el: Element, resized: () => void, signal: AbortSignal): void {
  const observer = new ResizeObserver(resized);
  observer.observe(el);
  signal.addEventListener("abort", () => observer.disconnect());
}
