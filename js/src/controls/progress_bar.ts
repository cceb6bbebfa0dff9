/**
 * A bar that moves while work goes on, whether or not it is known how much of it is done, and says when nothing more is
 * heard of it. Python says at least each second that it goes on; a saved page hears nothing.
 *   synced  nothing   view  whether anything was heard of late
 */
import { h } from "../page/dom";
import { timeText } from "../page/format";
import "./progress_bar.css";

const QUIET_MS = 6000;
const SILENT = "Nothing has been heard from Python for a while: it is busy, or this page was saved on the way.";

/** Each word of it that is known: what is being done, seconds so far, seconds left. */
export function doingText(what: string, seconds: number | undefined, left: number | null, until = "left"): string {
  const soFar = seconds === undefined || seconds < 1 ? "" : `${clockText(seconds)} so far`;
  const times = [soFar, left === null ? "" : `about ${timeText(left)} ${until}`].filter(Boolean).join(", ");
  return [what, times].filter(Boolean).join(" · ");
}

/** Seconds to the second: it is to be seen that they go by. */
function clockText(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  if (minutes === 0) return `${rest} s`;
  return minutes < 60 ? `${minutes} min ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export class ProgressBar {
  readonly node: HTMLElement;
  private readonly done = h("div", { class: "embw-bar-done" });
  private timer: ReturnType<typeof setTimeout> | undefined;
  private words = "";

  constructor(
    name: string,
    signal: AbortSignal,
    /** Told whether anything is heard, each time that changes. */
    private readonly heard: (silence: string) => void = () => {},
  ) {
    this.node = h("div", { class: "embw-bar", role: "progressbar", "aria-label": name, "data-goes": "no" });
    this.node.append(this.done, h("div", { class: "embw-bar-moving" }));
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** What is going on in words, and the share of it that is done, where that is known. */
  show(words: string, share: number | undefined): void {
    const { node } = this;
    this.words = words;
    const percent = Math.round(100 * (share ?? 0));
    this.done.style.width = `${percent}%`;
    node.dataset.known = share === undefined ? "no" : "yes";
    if (share === undefined) node.removeAttribute("aria-valuenow");
    else node.setAttribute("aria-valuenow", String(percent));
    this.goes();
  }

  /** It stands, as what it is of is over. */
  rest(): void {
    clearTimeout(this.timer);
    this.node.dataset.goes = "no";
  }

  private goes(): void {
    clearTimeout(this.timer);
    this.tell("yes", "");
    this.timer = setTimeout(() => this.tell("no", SILENT), QUIET_MS);
  }

  private tell(goes: "yes" | "no", silence: string): void {
    this.node.setAttribute("aria-valuetext", silence || this.words);
    if (this.node.dataset.goes === goes) return;
    this.node.dataset.goes = goes;
    this.heard(silence);
  }
}
