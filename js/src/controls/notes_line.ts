/**
 * What to know before believing a finding: in one line, all of it on demand.
 *   synced  nothing   view  whether all of it is shown
 */
import { button, h, onResize } from "../page/dom";
import { count } from "../page/format";
import "./notes_line.css";

export class NotesLine {
  readonly node = h("div", { class: "embw-notes-line" });
  private readonly list = h("ul", { class: "embw-notes", "aria-label": "Notes" });
  private readonly more: HTMLButtonElement;
  private whole = false;

  constructor(signal: AbortSignal) {
    this.more = button("More", "Show the notes in full", () => this.turn(), signal, "embw-link");
    this.node.append(this.list, this.more);
    onResize(this.list, () => this.fit(), signal);
  }

  show(notes: readonly string[]): void {
    this.node.hidden = notes.length === 0;
    this.list.replaceChildren(...notes.map((note) => h("li", { title: note }, note)));
    this.fit();
  }

  private turn(): void {
    this.whole = !this.whole;
    this.fit();
  }

  private fit(): void {
    this.node.classList.toggle("embw-whole", this.whole);
    const [first] = this.list.children;
    const all = this.list.childElementCount;
    const cut = !this.whole && first !== undefined && first.scrollWidth > first.clientWidth;
    this.more.hidden = !(this.whole || cut || all > 1);
    this.more.textContent = this.whole ? "Less" : all > 1 ? `All ${count(all)} notes` : "More";
    this.more.setAttribute("aria-expanded", String(this.whole));
  }
}
