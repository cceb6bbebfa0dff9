/** The still of a view, which stands in the output before it and is seen only while the view is not. Owns no state. */

/** Where the still's own style says so by what follows it. */
const BY_STYLE = ".jp-OutputArea, .output_area";

/**
 * In other hosts, hides what has this class, also what takes its place later, until the view is gone. Not where the
 * style does it: beside a notebook a copy of it may be open, in which no view lives.
 */
export function hideStill(el: Element, mark: string | undefined, signal: AbortSignal): void {
  if (!mark || signal.aborted || el.closest(BY_STYLE)) return;
  const style = document.createElement("style");
  style.textContent = `.${CSS.escape(mark)}{display:none}`;
  document.head.append(style);
  signal.addEventListener("abort", () => style.remove());
}
