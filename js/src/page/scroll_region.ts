/** A box that may scroll, for the keyboard too: a Tab stop with a name while it does, and none while it needs none. Owns no state. */
import { onResize } from "./dom";

/** Made again by hand where what is in the box changes and its size does not. */
export function scrollRegion(node: HTMLElement, name: string, signal: AbortSignal): () => void {
  node.dataset.lmSuppressShortcuts = "true";
  const told = { tabindex: "0", role: "region", "aria-label": name };
  const settle = () => {
    const scrolls = node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
    for (const [attribute, said] of Object.entries(told)) {
      if (scrolls) node.setAttribute(attribute, said);
      else node.removeAttribute(attribute);
    }
  };
  onResize(node, settle, signal);
  return settle;
}
