/**
 * The pair that is open, below its matrix: its numbers, and the Explorer of its own scene.
 *   synced  reads comparing, pair, opened, error; asks Python to open or close a pair
 *   view    the pair that was asked for, and the one wanted after it
 */
import { button, h } from "../../page/dom";
import { sendMessage } from "../../page/tell_python";
import { reducedMotion } from "../../page/theme";
import type { MatrixModel } from "../../state/matrix";
import type { Host, Mount } from "../../state/scene";
import type { MatrixData, Pair } from "./data";
import { factsText } from "./words";

const PATIENCE_MS = 8000;
const ALONE = "No kernel is there to compare the two: that needs the notebook.";
const SILENT = " No answer from the kernel yet: it is busy with something else, or not running.";

export class PairPanel {
  readonly node: HTMLElement;
  private readonly title = h("h4", { class: "embw-pair-title" });
  private readonly facts = h("p", { class: "embw-pair-facts embw-number" });
  private readonly work = h("p", { class: "embw-pair-work", role: "status", hidden: true });
  private readonly problem = h("p", { class: "embw-pair-problem embw-failed", role: "alert", hidden: true });
  private readonly head: HTMLElement;
  private readonly box = h("div", { class: "embw-pair-explorer" });
  private inside = new AbortController();
  private shown: string | null = null;
  private inFlight: Pair | undefined;
  private wanted: Pair | undefined;
  /** Whether what is opened next was asked for here: only then does the page move. */
  private awaited = false;
  private waited = false;
  /** Whether there was nobody to ask. */
  private alone = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly model: MatrixModel,
    private readonly data: MatrixData,
    private readonly host: Host | undefined,
    private readonly changed: () => void,
    private readonly signal: AbortSignal,
  ) {
    const close = button("Close", "Close this comparison", () => model.send({ type: "close" }), signal, "embw-close");
    const words = h("div", { class: "embw-pair-words" }, this.title, this.facts);
    this.head = h("div", { class: "embw-pair-head", hidden: true }, words, h("div", { class: "embw-choice" }, close));
    const attributes = { class: "embw-pair", "aria-label": "The pair that is open", hidden: true };
    this.node = h("section", attributes, this.work, this.problem, this.head, this.box);
    this.listen();
    this.show();
  }

  /** The pair that is open; the one that is being compared. */
  get open(): Pair | undefined {
    return pairOf(this.model.get("pair"));
  }
  get asked(): Pair | undefined {
    return pairOf(this.model.get("comparing")) ?? this.inFlight;
  }

  /** While one comparison runs, the last one asked for waits. */
  ask(pair: Pair): void {
    const open = this.open;
    const there = !this.inFlight && open?.[0] === pair[0] && open[1] === pair[1];
    this.awaited = !there;
    this.alone = false;
    if (!there) this.wanted = pair;
    if (!this.inFlight) this.send();
    this.show();
    this.reveal();
  }

  private send(): void {
    if (!this.wanted) return;
    this.inFlight = this.wanted;
    this.wanted = undefined;
    this.waited = false;
    clearTimeout(this.timer);
    const impatient = () => {
      this.waited = true;
      this.show();
    };
    this.timer = setTimeout(impatient, PATIENCE_MS);
    if (sendMessage(this.model, { type: "open", pair: [...this.inFlight] })) return;
    clearTimeout(this.timer);
    this.inFlight = undefined;
    this.alone = true;
  }

  private listen(): void {
    const { model, signal } = this;
    const show = () => this.show();
    const events = ["change:comparing", "change:pair", "change:opened", "change:error"] as const;
    for (const event of events) model.on(event, show);
    const answered = (message: { type?: string }) => {
      if (message?.type !== "answered") return;
      clearTimeout(this.timer);
      this.inFlight = undefined;
      this.send();
      this.show();
    };
    model.on("msg:custom", answered);
    signal.addEventListener("abort", () => {
      for (const event of events) model.off(event, show);
      model.off("msg:custom", answered);
      clearTimeout(this.timer);
      this.inside.abort();
    });
  }

  /** What is said of the pair follows the measure that is looked at. */
  show(): void {
    const { open, asked, data, model } = this;
    const error = model.get("error");
    const name = ([i, j]: Pair, word: string) => `${data.name(i)} ${word} ${data.name(j)}`;
    this.work.hidden = !asked;
    const silent = this.waited && !pairOf(model.get("comparing"));
    const next = this.wanted ? ` Then ${name(this.wanted, "with")}.` : "";
    this.work.textContent = asked ? `Comparing ${name(asked, "with")}…${next}${silent ? SILENT : ""}` : "";
    this.problem.hidden = !(error || this.alone) || asked !== undefined;
    this.problem.textContent = error ? `The two could not be compared. ${error}` : this.alone ? ALONE : "";
    this.head.hidden = !open;
    this.title.textContent = open ? name(open, "↔") : "";
    this.facts.textContent = open ? factsText(data, ...open) : "";
    this.node.hidden = !(open || asked || error || this.alone);
    this.node.dataset.pair = open ? open.join(",") : "";
    this.mount(open ? model.get("opened") : null);
    this.changed();
  }

  /** The Explorer of another scene in place of the one before. */
  private mount(scene: string | null): void {
    if (scene === this.shown) return;
    this.shown = scene;
    this.inside.abort();
    this.inside = new AbortController();
    this.box.replaceChildren();
    if (scene) void this.find(scene, AbortSignal.any([this.signal, this.inside.signal]));
  }

  private async find(scene: string, signal: AbortSignal): Promise<void> {
    try {
      if (!this.host) throw new Error("this page cannot show one widget in another");
      const found = await this.host.getWidget<{ mount: Mount }>(scene);
      if (signal.aborted) return;
      found.exports.mount("explorer", this.box, { signal });
      if (this.awaited) this.reveal();
      this.awaited = false;
    } catch (problem) {
      if (signal.aborted) return;
      const text = problem instanceof Error ? problem.message : String(problem);
      this.box.replaceChildren(h("p", { class: "embw-failed", role: "alert" }, `It could not be drawn: ${text}`));
    }
  }

  /** Moves the page no farther than it takes to see that there is an answer. */
  private reveal(): void {
    const seen = this.asked ? this.work : this.head;
    seen.scrollIntoView?.({ block: "nearest", behavior: reducedMotion() ? "auto" : "smooth" });
  }
}

const pairOf = (pair: readonly number[]): Pair | undefined => (pair.length === 2 ? [pair[0], pair[1]] : undefined);
