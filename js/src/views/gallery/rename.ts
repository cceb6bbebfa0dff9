/**
 * A group's name, to be changed: a button that becomes a field.
 *   synced  asks Python to rename the group   view  what is typed
 */

import { button, h } from "../../page/dom";
import { graphemes } from "../../page/graphemes";
import { onKeys } from "../../page/keyboard";
import type { Context } from "../../state/context";

const MOST_LETTERS = 80;

export class Rename {
  readonly node = h("span", { class: "embw-rename embw-by-python" });
  private readonly start: HTMLButtonElement;
  private readonly field = h("input", { type: "text", class: "embw-name", "aria-label": "Name of the group" });

  constructor(
    private readonly context: Context,
    private readonly cluster: number,
    signal: AbortSignal,
  ) {
    const title = "Give the group a name of your own, which the result keeps (F2)";
    this.start = button("✎ Rename", title, () => this.edit(), signal, "embw-strong");
    const hint = h("span", { class: "embw-muted" }, "Enter keeps it, Esc leaves it, nothing takes it away");
    onKeys(this.field, { Enter: () => this.keep(), Escape: () => this.leave() }, signal);
    this.field.addEventListener("blur", () => this.show(false), { signal });
    this.node.append(this.start, this.field, hint);
    this.show(false);
  }

  edit(): void {
    const { spectral } = this.context.data;
    this.field.value = spectral.clusters[this.cluster]?.given_name ?? spectral.title(this.cluster);
    this.show(true);
    this.field.focus();
    this.field.select();
  }

  private keep(): void {
    const { linked, data } = this.context;
    const name = this.field.value.trim();
    const letters = graphemes(name).length;
    if (letters > MOST_LETTERS) {
      linked.say(`A name has at most ${MOST_LETTERS} letters; this one has ${letters}.`);
      return;
    }
    this.leave();
    const { given_name = null } = data.spectral.clusters[this.cluster] ?? {};
    if (name === (given_name ?? data.spectral.title(this.cluster))) return;
    const asked = linked.ask({ type: "rename", cluster: this.cluster, name });
    linked.say(asked ? "" : "No kernel is there to keep the name.");
  }

  private leave(): void {
    this.show(false);
    this.start.focus();
  }

  private show(editing: boolean): void {
    this.node.classList.toggle("embw-editing", editing);
    for (const child of this.node.children) (child as HTMLElement).hidden = (child === this.start) === editing;
  }
}
