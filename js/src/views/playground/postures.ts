/** The arrangements to choose from, one Tab stop in all. Owns no state: the arrangement does. */
import { button, h } from "../../page/dom";
import { focusedIn, onKeys } from "../../page/keyboard";
import type { Arrangement } from "./arrangement";

export class Postures {
  readonly node: HTMLElement;
  private readonly buttons: HTMLButtonElement[];

  constructor(
    private readonly at: Arrangement,
    chosen: (name: string) => void,
    signal: AbortSignal,
  ) {
    this.buttons = at.postures.map(({ name, title, question }) => button(title, question, () => chosen(name), signal));
    this.node = h(
      "div",
      { class: "embw-play-postures", role: "group", "aria-label": "What was done to X to make Y" },
      ...this.buttons,
    );
    const go = (step: number) => () => {
      const from = this.buttons.indexOf(focusedIn(this.node) as HTMLButtonElement);
      this.focus(Math.max(0, Math.min(this.buttons.length - 1, from + step)));
    };
    const all = this.buttons.length;
    const keys = {
      ArrowRight: go(1),
      ArrowDown: go(1),
      ArrowLeft: go(-1),
      ArrowUp: go(-1),
      Home: go(-all),
      End: go(all),
    };
    onKeys(this.node, keys, signal);
  }

  draw(): void {
    const chosen = this.at.postures.findIndex(({ name }) => name === this.at.posture);
    for (const [i, node] of this.buttons.entries()) node.setAttribute("aria-pressed", String(i === chosen));
    const focused = this.buttons.indexOf(focusedIn(this.node) as HTMLButtonElement);
    this.roam(focused >= 0 ? focused : Math.max(0, chosen));
  }

  private focus(i: number): void {
    this.roam(i);
    this.buttons[i].focus();
  }

  private roam(i: number): void {
    for (const [j, node] of this.buttons.entries()) node.tabIndex = i === j ? 0 : -1;
  }
}
