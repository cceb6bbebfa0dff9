/**
 * The scores at the headline k: three of them, all and their z and p on demand.
 *   synced  nothing   view  which measures and columns are shown
 */
import { explained, term } from "../../controls/term";
import { button, h } from "../../page/dom";
import { count, pValue, value, zScore } from "../../page/format";
import { rove } from "../../page/roving";
import type { Table } from "../../page/save_file";
import { measureTerm, type TermName } from "../../page/terms";
import type { PendingRow } from "../../state/comparing";
import type { ScoreRow } from "../../state/scene";

const FEW: readonly TermName[] = ["value", "chance", "calibrated", "interval"];
const EVERY: readonly TermName[] = ["value", "chance", "calibrated", "z", "p", "interval"];

export class ScoreTable {
  readonly node = h("div", { class: "embw-scores" });
  private readonly box = h("div", { class: "embw-scroll", role: "region", "aria-label": "Scores", tabindex: 0 });
  private readonly all: HTMLButtonElement;
  private readonly sure: HTMLButtonElement;
  private scores: readonly ScoreRow[] = [];
  private pending: readonly PendingRow[] = [];
  private every = false;
  private certain = false;
  /** Of the rows that stand now. */
  private rows = new AbortController();

  /** `tools` stand below, beside what is shown. */
  constructor(tools: HTMLElement, signal: AbortSignal) {
    this.all = button("", "Show every measure of this comparison", () => this.turn("every"), signal);
    this.sure = button(
      "z and p",
      "Show how sure it is that a value is no accident",
      () => this.turn("certain"),
      signal,
    );
    const box = h("div", { class: "embw-choice" }, this.all, this.sure);
    const bar = h("div", { class: "embw-scores-bar" }, box, tools);
    this.node.append(this.box, bar);
    rove(box, "button", signal);
    rove(this.box, ".embw-term-mark", signal);
    signal.addEventListener("abort", () => this.rows.abort());
  }

  show(scores: readonly ScoreRow[], pending: readonly PendingRow[]): void {
    [this.scores, this.pending] = [scores, pending];
    const total = scores.length + pending.length;
    const leading = [...scores, ...pending].filter((row) => row.leading).length;
    this.all.hidden = leading === total;
    this.all.textContent = this.every ? "Leading measures" : `All ${count(total)} measures`;
    this.all.setAttribute("aria-pressed", String(this.every));
    this.sure.hidden = scores.length === 0;
    this.sure.setAttribute("aria-pressed", String(this.certain));
    this.rows.abort();
    this.rows = new AbortController();
    this.box.replaceChildren(total === 0 ? empty() : this.table());
  }

  private turn(what: "every" | "certain"): void {
    this[what] = !this[what];
    this.show(this.scores, this.pending);
  }

  private table(): HTMLElement {
    const { signal } = this.rows;
    const names = this.certain ? EVERY : FEW;
    // The measures that take one k share it; the area under the curve has the last.
    const k = Math.min(...this.scores.map((row) => row.k ?? Number.POSITIVE_INFINITY));
    const head = names.map((name) => h("th", { scope: "col" }, term(name, signal)));
    const shown = ({ leading }: { leading: boolean }) => this.every || leading;
    // Those to come stand where they will be.
    const body: [boolean, HTMLElement][] = this.scores.map((row) => [shown(row), line(row, names, signal)]);
    for (const row of this.pending) body.splice(row.row, 0, [shown(row), pendingLine(row, names)]);
    return h(
      "table",
      { class: "embw-table" },
      h("caption", {}, Number.isFinite(k) ? `At k = ${k}` : "Scores"),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "measure"), ...head)),
      h("tbody", {}, ...body.filter(([is]) => is).map(([, node]) => node)),
    );
  }
}

const empty = () => h("p", { class: "embw-empty" }, "No scores came with this comparison.");

function cell(row: ScoreRow, name: TermName): string {
  if (name === "z") return zScore(row.z);
  if (name === "p") return pValue(row.p);
  if (name !== "interval") return value(row[name as "value"]);
  const known = row.low !== null && row.high !== null;
  const end = (v: number | null) => (v ?? 0).toFixed(3).replace("-", "−");
  return known ? `${end(row.low)}–${end(row.high)}` : "–";
}

function line(row: ScoreRow, names: readonly TermName[], signal: AbortSignal): HTMLElement {
  const known = measureTerm(row.measure);
  const title = known ? explained(row.title, known.line, signal) : row.title;
  const cells = names.map((name) => h("td", {}, cell(row, name)));
  return h("tr", { "data-measure": row.measure }, h("th", { scope: "row" }, title), ...cells);
}

function pendingLine(row: PendingRow, names: readonly TermName[]): HTMLElement {
  const dots = h("td", { "aria-label": "still being computed" }, "…");
  const rest = h("td", { colspan: names.length - 1 });
  const name = h("th", { scope: "row" }, row.title);
  return h("tr", { class: "embw-pending", "data-measure": row.measure }, name, dots, rest);
}

/** The numbers of the table, with all their digits. */
export const scoresAsTable = (scores: readonly ScoreRow[]): Table => ({
  head: ["measure", "title", "k", "value", "chance", "calibrated", "z", "p", "low", "high"],
  rows: scores.map((s) => [s.measure, s.title, s.k, s.value, s.chance, s.calibrated, s.z, s.p, s.low, s.high]),
});
