/**
 * The carried threshold among all pairs: a line of old that one drags, the line of new that follows, and who passes.
 *   synced  nothing   view  where the line of old stands
 */
import { button, h, svg } from "../../page/dom";
import { count } from "../../page/format";
import type { Theme } from "../../page/theme";
import type { AuditContext } from "./context";
import { drawJoint, drawLines, type JointPlot } from "./joint_chart";
import { PairCounts, type Passing } from "./pair_counts";
import { makeSlider } from "./slide";
import { threshold } from "./words";

const HEIGHT = 340;
const LABEL = "Threshold on similarity in old";

export class ThresholdFigure {
  readonly node = h("section", { class: "embw-audit-thresholds", "aria-label": "Thresholds" });
  private readonly chart = svg("svg", { class: "embw-audit-joint", role: "slider", tabindex: 0, "aria-label": LABEL });
  private readonly said = h("dl", { class: "embw-audit-passing embw-number" });
  private readonly note = h("p", { class: "embw-muted" });
  private readonly reset: HTMLButtonElement;
  private readonly counts: PairCounts;
  private plot: JointPlot | undefined;
  private theme: Theme | undefined;
  private edge: number;

  constructor(
    private readonly context: AuditContext,
    signal: AbortSignal,
  ) {
    this.counts = new PairCounts(context.data.model);
    const { told, edges } = this.counts;
    this.edge = this.counts.nearest(told.at);
    this.reset = button(
      "Back to the audited one",
      "",
      () => this.put(this.counts.nearest(told.at)),
      signal,
      "embw-link",
    );
    const slide = {
      to: (pixel: number) => this.plot && this.put(this.counts.nearest(this.plot.x.invert(pixel))),
      step: (by: number) => this.put(Math.max(0, Math.min(edges[0].length - 1, this.edge + by))),
    };
    makeSlider(this.chart, slide, signal);
    const ends = { "aria-valuemin": edges[0][0], "aria-valuemax": edges[0][edges[0].length - 1] };
    for (const [name, v] of Object.entries(ends)) this.chart.setAttribute(name, String(v));
    const side = h("div", { class: "embw-audit-beside" }, this.said, this.reset, this.note);
    const words = h("span", { class: "embw-muted" }, "drag the line: how many pairs pass");
    const head = h("div", { class: "embw-audit-head" }, h("h4", {}, "Threshold on similarity"), words);
    this.node.append(head, h("div", { class: "embw-audit-joint-row" }, this.chart, side));
    this.show();
  }

  draw(theme: Theme): void {
    const width = this.chart.parentElement?.clientWidth ?? 0;
    if (width === 0) return;
    const wide = Math.max(200, Math.min(360, width - 170));
    this.theme = theme;
    this.plot = drawJoint(this.chart, this.counts, this.context.data.names, [wide, HEIGHT], theme);
    this.show();
  }

  private put(edge: number): void {
    this.edge = edge;
    this.show();
  }

  private show(): void {
    const passing = this.counts.at(this.edge);
    if (this.plot && this.theme) drawLines(this.chart, this.plot, passing, this.theme);
    this.say(passing);
  }

  private say(passing: Passing): void {
    const { told } = this.counts;
    const { data } = this.context;
    const [old, fresh] = data.shortNames;
    const about = passing.exact ? "" : "≈ ";
    const rows: [string, string, string][] = [
      [`${told.word} in ${old}`, `≥ ${threshold(passing.old)}`, ""],
      [`in ${fresh}, as many pass`, `≥ ${threshold(passing.fresh)}`, ""],
      ["● pass in both", `${about}${count(passing.both)}`, "kept"],
      [`▲ only in ${old}`, `${about}${count(passing.oldOnly)}`, "lost"],
      [`▼ only in ${fresh}`, `${about}${count(passing.newOnly)}`, "gained"],
    ];
    this.said.replaceChildren(
      ...rows.flatMap(([name, v, side]) => [
        h("dt", { "data-side": side, title: data.names.join(" → ") }, name),
        h("dd", {}, v),
      ]),
    );
    const passed = told.switched.both + told.switched.old_only;
    const ends =
      told.low === null || told.high === null ? "" : ` (95 %: ${threshold(told.low)} to ${threshold(told.high)})`;
    this.note.textContent = passing.exact
      ? `Carried over to ${threshold(told.value)}${ends}. Left at ${threshold(told.at)}, ${count(told.unchanged)} pairs would pass in ${fresh} instead of ${count(passed)}.`
      : `Of ${count(told.n_pairs)} pairs; both is read off the cells.`;
    this.reset.hidden = passing.exact;
    const spoken = rows.map(([name, v]) => `${name} ${v}`).join("; ");
    this.chart.setAttribute("aria-valuenow", String(passing.old));
    this.chart.setAttribute("aria-valuetext", spoken);
    this.chart.dataset.old = String(passing.old);
    this.chart.dataset.fresh = String(passing.fresh);
  }
}
