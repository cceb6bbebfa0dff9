/** The still of a view, which stands in the output before it and is seen only while the view is not. Owns no state. */

/** Hides what has this class, also what takes its place later, until the view is gone. */
export function hideStill(mark: string | undefined, signal: AbortSignal): void {
  if (!mark) return;
  const style = document.createElement("style");
  style.textContent = `.${CSS.escape(mark)}{display:none}`;
  document.head.append(style);
  signal.addEventListener("abort", () => style.remove());
}
