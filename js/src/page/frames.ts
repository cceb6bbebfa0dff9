/**
 * What views of one scene share where each is in a frame or a window of its own, with a model of its own; and what
 * views of linked scenes share, wherever they are.
 *   synced  nothing   view  when each name was last said, here or elsewhere
 */

interface Said {
  name: string;
  value: unknown;
  at: number;
  from: string;
}

/** What is shared with another scene, by a channel of these two. */
interface Share {
  channel: string;
  traits: string[];
}

interface Open {
  channel: BroadcastChannel;
  /** Undefined on the scene's own, where all is shared. */
  names?: ReadonlySet<string>;
}

/** Told whether it came from the same scene, which then has told Python. */
type Take = (value: unknown, same: boolean) => void;

/** Frames of one browser have one clock. */
const now = (): number => performance.timeOrigin + performance.now();

/**
 * Channels known by names that nobody can guess; the last word on anything holds in every frame, by its time, so that
 * nothing goes round. What comes in may be anything: whoever takes it looks at it first.
 */
export class Frames {
  private readonly channels = new Map<string, Open>();
  private readonly from = Math.random().toString(36).slice(2);
  private readonly takes = new Map<string, Take>();
  private readonly last = new Map<string, [at: number, from: string]>();
  private readonly waiting = new Map<string, Said>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly own: string | undefined,
    private readonly signal: AbortSignal,
  ) {
    if (own) this.open(own);
    signal.addEventListener("abort", () => {
      clearTimeout(this.timer);
      for (const id of [...this.channels.keys()]) this.close(id);
    });
  }

  /** With these scenes it is linked from now on, and with no others. */
  link(shares: readonly Share[]): void {
    const wanted = new Map(shares.map(({ channel, traits }) => [channel, new Set(traits)]));
    for (const id of [...this.channels.keys()]) if (id !== this.own && !wanted.has(id)) this.close(id);
    for (const [id, names] of wanted) if (!this.channels.has(id)) this.open(id, names);
  }

  /** From now on what other frames say of it is taken. */
  share(name: string, take: Take): void {
    this.takes.set(name, take);
  }

  /** The same of a whole number from `least` on, and below what is asked for when one comes. */
  shareWhole(name: string, least: number, below: () => number, take: (value: number, same: boolean) => void): void {
    this.share(name, (value, same) => isWhole(value, least, below()) && take(value, same));
  }

  /** The same of row numbers, at most each of the `n` once. */
  shareRows(name: string, n: () => number, take: (rows: Uint32Array, same: boolean) => void): void {
    this.share(name, (value, same) => isRows(value, n()) && take(value, same));
  }

  /** Of what changes many times at once only the last is sent. */
  tell(name: string, value: unknown): void {
    if (this.channels.size === 0) return;
    const at = now();
    this.last.set(name, [at, this.from]);
    this.waiting.set(name, { name, value, at, from: this.from });
    this.timer ??= setTimeout(() => this.send());
  }

  private send(): void {
    this.timer = undefined;
    const said = [...this.waiting.values()];
    this.waiting.clear();
    for (const one of said) this.post(one);
  }

  private post(said: Said, except?: string): void {
    for (const [id, { channel, names }] of this.channels)
      if (id !== except && (names?.has(said.name) ?? true)) channel.postMessage(said);
  }

  private hear(id: string, data: unknown): void {
    if (!isSaid(data) || !this.isNews(data)) return;
    const take = this.takes.get(data.name);
    const names = this.channels.get(id)?.names;
    if (!take || !(names?.has(data.name) ?? true)) return;
    this.last.set(data.name, [data.at, data.from]);
    this.waiting.delete(data.name);
    take(data.value, id === this.own);
    this.post(data, id);
  }

  private open(id: string, names?: ReadonlySet<string>): void {
    const channel = this.signal.aborted ? undefined : open(id);
    if (!channel) return;
    channel.addEventListener("message", ({ data }) => this.hear(id, data));
    this.channels.set(id, { channel, names });
  }

  private close(id: string): void {
    this.channels.get(id)?.channel.close();
    this.channels.delete(id);
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

const isWhole = (value: unknown, least: number, below: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) < below;

export const isRows = (value: unknown, n: number): value is Uint32Array =>
  value instanceof Uint32Array && value.length <= n && value.every((row) => row < n);

function isSaid(data: unknown): data is Said {
  if (typeof data !== "object" || data === null) return false;
  const { name, at, from } = data as Partial<Said>;
  return typeof name === "string" && typeof at === "number" && Number.isFinite(at) && typeof from === "string";
}
