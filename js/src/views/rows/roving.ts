/** One Tab stop for many buttons: arrows, Home and End go from one to the next. View state: which one has the stop. */
import { focusedIn, onKeys } from "../../page/keyboard";

/** With so many in a line, up and down go to the same place in the next one. */
export class Roving {
  constructor(
    private readonly group: HTMLElement,
    private readonly which: string,
    signal: AbortSignal,
    private readonly wide = 1,
  ) {
    const step = (by: number) => () => this.go(this.at() + by);
    const keys = {
      ArrowRight: step(1),
      ArrowLeft: step(-1),
      ArrowDown: step(this.wide),
      ArrowUp: step(-this.wide),
      Home: () => this.go(0),
      End: () => this.go(this.stops().length - 1),
    };
    onKeys(group, keys, signal);
    group.addEventListener("focusin", (e) => this.stop(e.target as HTMLElement), { signal });
  }

  /** After others have come: the one of this name has the stop, else the first. */
  renew(name?: string): void {
    const all = this.stops();
    this.stop(all.find((one) => name !== undefined && one.dataset.stop === name) ?? all[0]);
  }

  /** The name of the one that has the focus. */
  get focused(): string | undefined {
    const focused = focusedIn(this.group);
    return this.group.contains(focused) ? focused?.dataset.stop : undefined;
  }

  /** After others have come: the one of this name, else the first, else what is given. */
  focus(name: string, other?: HTMLElement): void {
    const all = this.stops();
    (all.find((one) => one.dataset.stop === name) ?? all[0] ?? other)?.focus();
  }

  private stops(): HTMLElement[] {
    return [...this.group.querySelectorAll<HTMLElement>(this.which)].filter((one) => !one.matches(":disabled"));
  }

  private at(): number {
    return this.stops().indexOf(focusedIn(this.group) as HTMLElement);
  }

  private go(place: number): void {
    const all = this.stops();
    all[Math.max(0, Math.min(all.length - 1, place))]?.focus();
  }

  private stop(chosen: HTMLElement | undefined): void {
    if (!chosen?.matches(this.which)) return;
    for (const one of this.group.querySelectorAll<HTMLElement>(this.which)) one.tabIndex = one === chosen ? 0 : -1;
  }
}
