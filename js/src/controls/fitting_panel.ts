/**
 * How the fitting goes: what is done, steps, time left, curves, and Stop.
 *   synced  reads status, progress, failure, steps, checks, best_step; asks Python to stop
 *   view    whether stop was asked for
 */

import { drawHistory, type History } from "../chart/history_chart";
import { button, h, onResize, perFrame, svg } from "../page/dom";
import { count } from "../page/format";
import { sendMessage } from "../page/tell_python";
import type { FitModel, Status } from "../state/alignment";
import { decode } from "../state/arrays";
import type { Frame } from "./frame";
import { doingText, ProgressBar } from "./progress_bar";
import "./fitting_panel.css";

const HEIGHT = 230;
const PATIENCE_MS = 8000;
const SILENT = " No answer from the kernel yet: it is busy with something else, or not running.";
const KEEP = "Stop and keep the best so far";
const NOTHING_YET = "End it: there is nothing to keep before its map is there";

/** What is said of a fit. */
export interface FitWords {
  titles: Record<Status, string>;
  stop: string;
  meanings: string;
  /** Whether there is but one loss. */
  plain: boolean;
}

export function historyOf(model: FitModel, plain = false): History {
  const [steps, checks] = [decode(model.get("steps")), decode(model.get("checks"))];
  const [s, c] = [steps.length / 4, checks.length / 2];
  const column = (i: number) => steps.subarray(i * s, (i + 1) * s);
  const progress = model.get("progress");
  return {
    step: column(0),
    loss: column(1),
    objective: column(2),
    keep: column(3),
    checkStep: checks.subarray(0, c),
    validation: checks.subarray(c, 2 * c),
    best: model.get("best_step"),
    steps: "steps" in progress ? progress.steps : 0,
    plain,
  };
}

/** A chart that follows the model. */
export function historyFigure(model: FitModel, words: FitWords, frame: Frame, signal: AbortSignal): HTMLElement {
  const chart = svg("svg", { class: "embw-history", role: "img", "aria-label": "Loss and validation at every step" });
  const node = h(
    "figure",
    { class: "embw-history-figure" },
    chart,
    h("figcaption", { class: "embw-muted" }, words.meanings),
  );
  const draw = () => {
    if (node.clientWidth > 0)
      drawHistory(chart, historyOf(model, words.plain), [node.clientWidth, HEIGHT], frame.theme);
  };
  const soon = perFrame(draw, signal);
  for (const event of ["change:steps", "change:checks", "change:best_step"] as const) {
    model.on(event, soon);
    signal.addEventListener("abort", () => model.off(event, soon));
  }
  onResize(node, soon, signal);
  frame.onTheme(soon);
  return node;
}

export class FittingPanel {
  readonly node: HTMLElement;
  private readonly title = h("h4", { class: "embw-fitting-title" });
  private readonly steps = h("p", { class: "embw-number embw-fitting-steps" });
  private readonly silence = h("p", { class: "embw-muted embw-silence", hidden: true });
  private readonly bar: ProgressBar;
  private readonly head: HTMLElement;
  private readonly stop: HTMLButtonElement;
  /** For who hears the page: the others see it. */
  private readonly live = h("p", { class: "embw-only-heard", role: "status", "aria-live": "polite" });
  private readonly problem = h("p", { class: "embw-failed", role: "alert", hidden: true });
  private asked = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly model: FitModel,
    private readonly words: FitWords,
    frame: Frame,
    signal: AbortSignal,
  ) {
    this.bar = new ProgressBar("Progress of the fit", signal, (words) => this.tell(words));
    this.stop = button(KEEP, words.stop, () => this.ask(), signal, "embw-stop");
    this.head = h("div", { class: "embw-fitting-head" }, this.title, h("div", { class: "embw-choice" }, this.stop));
    this.node = h("section", { class: "embw-fitting", "aria-label": "Fitting", tabindex: -1 });
    this.node.append(
      this.head,
      this.bar.node,
      this.steps,
      this.silence,
      this.problem,
      historyFigure(model, words, frame, signal),
      this.live,
    );
    const show = () => this.show();
    for (const event of ["change:status", "change:progress", "change:failure"] as const) {
      model.on(event, show);
      signal.addEventListener("abort", () => model.off(event, show));
    }
    signal.addEventListener("abort", () => clearTimeout(this.timer));
    this.show();
  }

  private ask(): void {
    if (this.asked || this.model.get("status") !== "fitting") return;
    this.asked = true;
    const sent = sendMessage(this.model, { type: "stop" });
    const unanswered = () => {
      this.say(`Stopping…${SILENT}`);
      this.tell(SILENT.trim());
    };
    this.timer = setTimeout(unanswered, sent ? PATIENCE_MS : 0);
    this.show();
  }

  private show(): void {
    const { model } = this;
    const status = model.get("status");
    const progress = model.get("progress");
    const [steps, stopped] = "steps" in progress ? [progress.steps, progress.stopped] : [0, false];
    this.title.textContent = stopped ? "Stopped" : this.words.titles[status];
    const over = status === "done" || status === "stopped";
    // Focus that goes with what it is on would fall to the page, and the next keys to the notebook.
    if (over && this.head.querySelector(":focus")) this.node.focus({ preventScroll: true });
    for (const node of [this.head, this.steps]) node.hidden = over;
    this.bar.node.hidden = over || status === "failed";
    this.stop.setAttribute("aria-disabled", String(this.asked || status !== "fitting"));
    // Of a closed form there is no best so far.
    const [label, title] = steps > 0 ? [KEEP, this.words.stop] : ["Stop", NOTHING_YET];
    this.stop.textContent = this.asked && status !== "failed" ? "Stopping…" : label;
    this.stop.title = title;
    this.problem.hidden = status !== "failed";
    this.problem.textContent = model.get("failure");
    this.problem.classList.toggle("embw-failed", !stopped);
    this.node.dataset.status = status;
    if (over || status === "failed") this.bar.rest();
    else this.showSteps(status === "fitting");
    if (over) this.say(`${this.words.titles[status]}.`);
  }

  private showSteps(running: boolean): void {
    const progress = this.model.get("progress");
    if (!("steps" in progress)) return;
    const { step, steps, seconds, seconds_left, what } = progress;
    const stepping = running && steps > 0 && step > 0;
    const doing = stepping
      ? `Step ${count(step)} of ${count(steps)}`
      : `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
    this.steps.textContent = doingText(doing, seconds, running ? seconds_left : null);
    // How long a phase takes that has no steps is not known.
    this.bar.show(doing, stepping ? step / steps : undefined);
    this.node.dataset.step = String(step);
    const quarters = Math.floor((4 * step) / steps);
    if (stepping && !this.asked) this.say(quarters > 0 ? `Fitting: ${25 * quarters}% of the steps.` : "Fitting.");
    else if (!stepping && what) this.say(`${doing}.`);
  }

  private tell(words: string): void {
    this.silence.textContent = words;
    this.silence.hidden = !words;
  }

  /** Only what is new is said: a reader would else be told ten times a second. */
  private say(text: string): void {
    if (this.live.textContent !== text) this.live.textContent = text;
  }
}
