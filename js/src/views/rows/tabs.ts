/** Tabs of which one is open: arrows, Home and End open the next. View state: which one. */
import { h } from "../../page/dom";
import { onKeys } from "../../page/keyboard";

export interface Tab {
  name: string;
  panel: HTMLElement;
  /** Called when it is opened. */
  opened(): void;
}

export class Tabs {
  readonly node = h("div", { class: "embw-row-tabs", role: "tablist", "aria-label": "Items" });
  private readonly buttons: HTMLButtonElement[];
  private open = -1;

  constructor(
    private readonly tabs: readonly Tab[],
    signal: AbortSignal,
  ) {
    // Another scene on the page has tabs too, and knows nothing of these.
    const own = `embw-tabs-${Math.random().toString(36).slice(2)}`;
    this.buttons = tabs.map(({ name, panel }, i) => {
      const id = `${own}-${i}`;
      panel.id = `${id}-panel`;
      for (const [attribute, value] of Object.entries({ role: "tabpanel", "aria-labelledby": id }))
        panel.setAttribute(attribute, value);
      const button = h("button", { type: "button", role: "tab", id, "aria-controls": panel.id }, name);
      button.addEventListener("click", () => this.show(i), { signal });
      return button;
    });
    this.node.append(...this.buttons);
    const go = (place: number) => () => {
      this.show((place + tabs.length) % tabs.length);
      this.buttons[this.open].focus();
    };
    const keys = {
      ArrowRight: () => go(this.open + 1)(),
      ArrowLeft: () => go(this.open - 1)(),
      Home: go(0),
      End: go(tabs.length - 1),
    };
    onKeys(this.node, keys, signal);
    this.show(0);
  }

  /** Whether this panel is the open one. */
  shows(panel: HTMLElement): boolean {
    return this.tabs[this.open]?.panel === panel;
  }

  rename(panel: HTMLElement, name: string): void {
    const place = this.tabs.findIndex((one) => one.panel === panel);
    if (this.buttons[place].textContent !== name) this.buttons[place].textContent = name;
  }

  private show(place: number): void {
    if (place === this.open) return;
    this.open = place;
    this.tabs.forEach(({ panel }, i) => {
      panel.hidden = i !== place;
      this.buttons[i].setAttribute("aria-selected", String(i === place));
      this.buttons[i].tabIndex = i === place ? 0 : -1;
    });
    this.tabs[place].opened();
  }
}
