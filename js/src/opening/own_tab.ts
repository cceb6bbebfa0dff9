/**
 * A view in a tab of the browser, as its saved page: where nobody else opens it in a tab of its own.
 *   synced  nothing; asks Python for the page (opening/written_page.ts)   view  the tab that waits for it
 */
import { OPEN_IN_TAB } from "../controls/open_in_tab";
import { type Asked, pageWriter } from "./written_page";

const WAITING = "Writing the page …";

export function openOwnTab(el: HTMLElement, model: Asked, kind: string, options: object, signal: AbortSignal): void {
  let tab: Window | null = null;
  const written = (page: Blob) => {
    const address = URL.createObjectURL(page);
    if (tab && !tab.closed) tab.location.replace(address);
    // The tab has read it by then.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };
  const say = (text: string) => {
    if (tab && !tab.closed) tab.document.body.textContent = text;
  };
  const write = pageWriter(model, kind, options, { written, failed: say }, signal);
  const heard = (event: Event) => {
    if (event.defaultPrevented || !event.composedPath().includes(el)) return;
    event.preventDefault();
    // At once: a browser lets only a click open a tab.
    tab = window.open("", "_blank");
    if (!tab) return;
    tab.opener = null;
    say(WAITING);
    write();
  };
  // Last of all, so that whoever takes it has had it.
  window.addEventListener(OPEN_IN_TAB, heard, { signal });
}
