/**
 * Whether the names of large groups are written where these lie.
 *   synced  nothing   view  on or off
 */
import { button, h } from "../../page/dom";

export class NamesSwitch {
  readonly node: HTMLElement;
  on = true;

  constructor(turned: () => void, signal: AbortSignal) {
    const pressed = () => {
      this.on = !this.on;
      node.setAttribute("aria-pressed", String(this.on));
      turned();
    };
    const node = button("Names", "Write the names of large groups where they lie", pressed, signal);
    node.setAttribute("aria-pressed", String(this.on));
    this.node = h("div", { class: "embw-choice" }, node);
  }
}
