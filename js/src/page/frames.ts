/**
 * What views of one scene share where each is in a frame or a window of its own, with a model of its own.
 *   synced  nothing   view  when each name was last said, here or elsewhere
 */

interface Said {
  name: string;
  value: unknown;
  at: number;
  from: string;
}

type Take = (value: unknown) => void;

/** Frames of one browser have one clock. */
const now = (): number => performance.timeOrigin + performance.now();

/**
 * A channel known by a name that nobody can guess; the last word on anything holds in every frame. What comes in may
 * be anything: whoever takes it looks at it first.
 */
export class Frames {
  private readonly channel: BroadcastChannel | undefined;
  private readonly from = Math.random().toString(36).slice(2);
  private readonly takes = new Map<string, Take>();
  private readonly last = new Map<string, [at: number, from: string]>();
  private readonly waiting = new Map<string, Said>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string | undefined, signal: AbortSignal) {
    this.channel = id && !signal.aborted ? open(id) : undefined;
    this.channel?.addEventListener("message", ({ data }) => this.hear(data));
    signal.addEventListener("abort", () => {
      clearTimeout(this.timer);
      this.channel?.close();
    });
  }

  /** From now on what other frames say of it is taken. */
  share(name: string, take: Take): void {
    this.takes.set(name, take);
  }

  /** Of what changes many times at once only the last is sent. */
  tell(name: string, value: unknown): void {
    if (!this.channel) return;
    const at = now();
    this.last.set(name, [at, this.from]);
    this.waiting.set(name, { name, value, at, from: this.from });
    this.timer ??= setTimeout(() => this.send());
  }

  private send(): void {
    this.timer = undefined;
    const said = [...this.waiting.values()];
    this.waiting.clear();
    for (const one of said) this.channel?.postMessage(one);
  }

  private hear(data: unknown): void {
    if (!isSaid(data) || !this.isNews(data)) return;
    const take = this.takes.get(data.name);
    if (!take) return;
    this.last.set(data.name, [data.at, data.from]);
    this.waiting.delete(data.name);
    take(data.value);
  }

  private isNews({ name, at, from }: Said): boolean {
    const [last, who] = this.last.get(name) ?? [-1, ""];
    // A clock that is ahead must not silence all others for good.
    return at <= now() + AHEAD_MS && (at > last || (at === last && from > who));
  }
}

const AHEAD_MS = 1000;

/** Not in every host is there one, and not in every frame may it be opened. */
function open(id: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(`embwidget-${id}`);
  } catch {
    return undefined;
  }
}

function isSaid(data: unknown): data is Said {
  if (typeof data !== "object" || data === null) return false;
  const { name, at, from } = data as Partial<Said>;
  return typeof name === "string" && typeof at === "number" && Number.isFinite(at) && typeof from === "string";
}
