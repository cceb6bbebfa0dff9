/**
 * A panel that folds under its title.
 *   synced  nothing   view  whether it is open, which the browser remembers
 */
import { h, onResize } from "../page/dom";
import { remember, remembered } from "../page/remembered";
import "./fold.css";

/** Pixels of width below which what is not asked for is folded. */
const NARROW = 860;

interface FoldOptions {
  /** By which the browser remembers it. */
  name: string;
  title: string;
  /** Until somebody has said otherwise; where left out, as there is room. */
  open?: boolean;
}

export function fold({ name, title, open }: FoldOptions, content: HTMLElement, signal: AbortSignal): HTMLElement {
  const key = `fold:${name}`;
  const summary = h("summary", { tabindex: 0, class: "embw-fold-title" }, h("span", {}, title));
  const node = h("details", { class: "embw-fold", "data-fold": name }, summary, content);
  const said = remembered(key);
  let chosen = said !== undefined || open !== undefined;
  node.open = said === undefined ? (open ?? true) : said === "open";
  // The click comes before the change, and from the keyboard too.
  const click = () => {
    chosen = true;
    remember(key, node.open ? "folded" : "open");
  };
  summary.addEventListener("click", click, { signal });
  // How wide the page is, it says only once it is laid out.
  const sized = () => {
    if (chosen || node.clientWidth === 0) return;
    chosen = true;
    node.open = (node.closest(".embw-root")?.clientWidth ?? NARROW) >= NARROW;
  };
  onResize(node, sized, signal);
  return node;
}
