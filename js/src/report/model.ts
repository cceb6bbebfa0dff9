/**
 * A scene's state without a kernel, as the scenes and views know it from a notebook.
 *   synced  its traits, with the scenes that it is linked to   view  nothing
 */

type Heard = (...args: never[]) => void;

/** What is sent to Python and can be answered here; anything else finds nobody. */
export type Answer = (message: { type?: string }, reply: (content: object, buffers: DataView[]) => void) => boolean;

export class StillModel {
  private readonly listeners = new Map<string, Set<Heard>>();

  constructor(
    private readonly state: Record<string, unknown>,
    private readonly answer: Answer,
  ) {}

  get(name: string): unknown {
    return this.state[name];
  }

  set(name: string, value: unknown): void {
    if (this.state[name] === value) return;
    this.state[name] = value;
    this.emit(`change:${name}`);
  }

  save_changes(): void {}

  on(name: string, heard: Heard): void {
    this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(heard));
  }

  off(name: string, heard: Heard): void {
    this.listeners.get(name)?.delete(heard);
  }

  send(message: { type?: string }): void {
    const reply = (content: object, buffers: DataView[]) => this.emit("msg:custom", content, buffers);
    if (!this.answer(message, reply)) throw new Error("expected a kernel but got a report, in which there is none");
  }

  private emit(name: string, ...args: unknown[]): void {
    for (const heard of [...(this.listeners.get(name) ?? [])]) (heard as (...args: unknown[]) => void)(...args);
  }
}

/** Both have the value that either is given. */
export function link(one: StillModel, other: StillModel, trait: string): void {
  one.on(`change:${trait}`, () => other.set(trait, one.get(trait)));
  other.on(`change:${trait}`, () => one.set(trait, other.get(trait)));
}
