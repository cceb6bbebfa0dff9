/**
 * How a comparison goes that is still under way: its phase, a bar, time left, and Stop.
 *   synced  reads status, progress, failure (state/comparing.ts); asks Python to stop   view  whether stop was asked for
 */

import { complain } from "../page/complain";
import { button, h } from "../page/dom";
import type { Comparing } from "../state/comparing";
import { makeBox } from "./frame";
import { doingText, ProgressBar } from "./progress_bar";
import "./comparing_line.css";

const PATIENCE_MS = 8000;
const SILENT = "No answer from the kernel yet: it is busy with something else, or not running.";
const WAITING = "End it: there is nothing to keep before the neighbours are there";
const FILLING = "End after the measure under way: what is there is kept, the others are left out";

export class ComparingLine {
  readonly node: HTMLElement;
  private readonly bar: ProgressBar;
  private readonly what = h("span", { class: "embw-number embw-ellipsis" });
  private readonly live = h("p", { class: "embw-muted", role: "status", "aria-live": "polite" });
  private readonly problem = h("p", { class: "embw-failed", role: "alert", hidden: true });
  private readonly stop: HTMLButtonElement;
  private readonly work: HTMLElement;
  private asked = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly comparing: Comparing,
    signal: AbortSignal,
  ) {
    this.bar = new ProgressBar("Progress of the comparison", signal, (words) => this.say(words));
    this.stop = button("Stop", "", () => this.ask(), signal, "embw-stop");
    const box = h("div", { class: "embw-choice" }, this.stop);
    this.work = h("div", { class: "embw-comparing-work" }, this.bar.node, this.what, box);
    this.node = h("section", { class: "embw-comparing-line", "aria-label": "Comparing", tabindex: -1 });
    this.node.append(this.work, this.live, this.problem);
    comparing.on(["change:status", "change:progress", "change:failure"], () => this.show(), signal);
    signal.addEventListener("abort", () => clearTimeout(this.timer));
    this.show();
  }

  private ask(): void {
    if (this.asked || !this.comparing.runs) return;
    this.asked = true;
    const sent = this.comparing.stop();
    this.timer = setTimeout(() => this.say(SILENT), sent ? PATIENCE_MS : 0);
    this.show();
  }

  private show(): void {
    const { status, runs, progress, failure } = this.comparing;
    // Focus on what is hidden would fall to the page, and the next keys to the notebook.
    if (!runs && this.work.querySelector(":focus")) this.node.focus({ preventScroll: true });
    this.node.dataset.status = status;
    this.work.hidden = !runs;
    const { share, what, seconds, seconds_left } = progress;
    const known = share > 0 ? `${Math.round(100 * share)}% · ` : "";
    this.what.textContent = `${known}${doingText(what, seconds, seconds_left, "to the maps")}`;
    this.what.title = this.what.textContent;
    if (runs) this.bar.show(this.what.textContent, share > 0 ? share : undefined);
    else this.bar.rest();
    this.stop.textContent = this.asked ? "Stopping…" : "Stop";
    this.stop.title = status === "fitting" ? WAITING : FILLING;
    this.stop.setAttribute("aria-disabled", String(this.asked));
    this.problem.hidden = status !== "failed";
    this.problem.textContent = failure;
    this.problem.classList.toggle("embw-failed", !progress.stopped);
    if (!runs) this.say("");
  }

  private say(text: string): void {
    this.live.textContent = text;
  }
}

/** Opens at once, or when there is something to show; until then, how that goes. */
export function openWhenFound(comparing: Comparing, el: HTMLElement, signal: AbortSignal, open: () => void): void {
  if (!comparing.waits) {
    open();
    return;
  }
  const life = new AbortController();
  const inner = AbortSignal.any([signal, life.signal]);
  const frame = makeBox(el, "comparing", "Comparison, under way", inner);
  frame.body.append(new ComparingLine(comparing, inner).node);
  const heard = () => {
    if (comparing.waits) return;
    const held = el.querySelector(":focus") !== null;
    life.abort();
    try {
      open();
      if (held) el.querySelector<HTMLElement>(".embw-stop")?.focus({ preventScroll: true });
    } catch (problem) {
      complain(el, problem);
    }
  };
  comparing.on(["change:status"], heard, inner);
}
