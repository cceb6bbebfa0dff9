/**
 * A word with a small question mark that explains it.
 *   synced  nothing   view  whether the explanation is open
 */
import { h } from "../page/dom";
import { TERMS, type TermName } from "../page/terms";
import "./term.css";

const GAP = 4;

/** A word of the vocabulary, as it is written unless `shown` says otherwise. */
export function term(name: TermName, signal: AbortSignal, shown: string = TERMS[name].word): HTMLElement {
  return explained(shown, TERMS[name].line, signal);
}

/** Any word with its explanation. */
export function explained(word: string, line: string, signal: AbortSignal): HTMLElement {
  const node = questionMark(word, line, signal);
  node.prepend(h("span", { class: "embw-term-word" }, word));
  return node;
}

/** The mark beside a word that stands elsewhere: the line is read out where it has the focus, open or not. */
export function questionMark(word: string, line: string, signal: AbortSignal): HTMLElement {
  // Bundles of one page each have this file: a counter would give two words one id.
  const id = `embw-term-${Math.random().toString(36).slice(2)}`;
  const note = h("span", { id, class: "embw-term-note", role: "note", hidden: true }, line);
  const described = { "aria-label": `What is ${word}?`, "aria-describedby": id, "aria-expanded": "false" };
  const mark = h("button", { type: "button", class: "embw-term-mark", ...described }, "?");
  const layered = "showPopover" in note;
  if (layered) note.popover = "manual";
  let opened: AbortController | undefined;

  const close = () => {
    opened?.abort();
    opened = undefined;
    if (layered && note.matches(":popover-open")) note.hidePopover();
    note.hidden = true;
    mark.setAttribute("aria-expanded", "false");
  };
  const open = () => {
    opened = new AbortController();
    note.hidden = false;
    if (layered) note.showPopover();
    place(note, mark);
    mark.setAttribute("aria-expanded", "true");
    // It stands where the mark was: what scrolls under it would leave it behind.
    window.addEventListener("scroll", close, { capture: true, signal: opened.signal });
    window.addEventListener("resize", close, { signal: opened.signal });
  };
  const click = (event: Event) => {
    event.stopPropagation();
    // Safari gives a clicked button no focus, and its loss is what closes.
    mark.focus({ preventScroll: true });
    if (opened) close();
    else open();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !opened) return;
    event.stopPropagation();
    event.preventDefault();
    close();
  };
  mark.addEventListener("click", click, { signal });
  mark.addEventListener("keydown", key, { signal });
  mark.addEventListener("focusout", close, { signal });
  signal.addEventListener("abort", close);
  return h("span", { class: "embw-term" }, mark, note);
}

/** Below the mark, or above it where there is no room; never beyond the window. */
function place(note: HTMLElement, mark: HTMLElement): void {
  const at = mark.getBoundingClientRect();
  const { offsetWidth: wide, offsetHeight: tall } = note;
  const left = Math.max(GAP, Math.min(at.left - 12, window.innerWidth - wide - GAP));
  const below = at.bottom + GAP;
  const top = below + tall > window.innerHeight ? Math.max(GAP, at.top - tall - GAP) : below;
  note.style.left = `${left}px`;
  note.style.top = `${top}px`;
}
