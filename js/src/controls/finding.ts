/** What was found, in a sentence with notes on it, and in small print how. Owns no state. */
import { h } from "../page/dom";
import "./finding.css";

/** Nothing for what is empty. */
export function finding(sentence: string, notes: readonly string[]): HTMLElement[] {
  const said: HTMLElement[] = sentence ? [h("p", { class: "embw-sentence" }, sentence)] : [];
  if (notes.length > 0) {
    const list = notes.map((note) => h("li", {}, note));
    said.push(h("ul", { class: "embw-notes", "aria-label": "Notes" }, ...list));
  }
  return said;
}

export const provenance = (text: string): HTMLElement => h("p", { class: "embw-provenance" }, text);
