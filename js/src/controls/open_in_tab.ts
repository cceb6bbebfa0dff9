/**
 * The button that opens a view in a tab of its own. JupyterLab's plugin hears it and opens one beside the notebook; where
 * nobody does, `opening/own_tab.ts` opens a saved page. Owns no state.
 */
import { button } from "../page/dom";

/** Bubbles from the view; whoever takes it prevents its default. */
export const OPEN_IN_TAB = "embwidget:open-in-tab";

export function openInTab(root: HTMLElement, signal: AbortSignal): HTMLButtonElement {
  // By which the plugin finds what to open.
  root.classList.add("embwidget");
  const ask = () => {
    root.dispatchEvent(new CustomEvent(OPEN_IN_TAB, { bubbles: true, composed: true, cancelable: true }));
  };
  const title = "Open in a tab of its own, with all the room there is";
  return button("Open in a tab", title, ask, signal, "embw-link embw-by-python");
}
