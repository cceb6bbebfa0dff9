/**
 * KSweep: similarity of the two spaces at every neighbourhood size.
 *   synced  reads k, hovered, selected, named selections; writes k
 *   view    measure, scale of k, which classes, hidden lines, the line and the k pointed at, table or chart
 */

import { type Chart, drawChart, type Line, type Plot } from "../../chart/line_chart";
import { ExportButtons, type Exported } from "../../controls/export_buttons";
import { type Frame, makeFrame } from "../../controls/frame";
import { kKeys } from "../../controls/k_keys";
import { questionMark } from "../../controls/term";
import { type Choice, choice, h, onResize, perFrame, svg, whenRested } from "../../page/dom";
import { percent, value } from "../../page/format";
import { toCss } from "../../page/palette";
import { MEASURE_TERMS } from "../../page/terms";
import { tone } from "../../page/theme";
import type { Context, View, ViewOptions } from "../../state/context";
import type { Measure } from "../../state/curves";
import { ClassChoice } from "./class_choice";
import { makeCursor, moveCursor } from "./cursor";
import { FIGURE, sweepCsv, sweepFigure } from "./export";
import { readingOrder, SweepLegend } from "./legend";
import { MEASURES, measureTitle, runsBands, sizeMarks, standOut, sweepBands, sweepLines, yRange } from "./lines";
import { sweepTable } from "./table";
import "./k_sweep.css";

class KSweep {
  private readonly chart = svg("svg", { class: "embw-chart", role: "img" });
  private readonly cursor = makeCursor();
  private readonly plotBox = h("div", { class: "embw-plot" });
  private readonly tip = h("div", { class: "embw-tip", hidden: true });
  private readonly exports: ExportButtons;
  private readonly meaning = h("span", { class: "embw-meaning" });
  private meant = "";
  private readonly classes: ClassChoice;
  private readonly legend: SweepLegend;
  private readonly measures: Choice<Measure>;
  private readonly hidden = new Set<string>();
  private pointed: string | undefined;
  private measure: Measure = "mutual_knn";
  private share = false;
  private plot: Plot | undefined;
  private lines: Line[] = [];
  private readonly drawSoon: () => void;

  constructor(
    private readonly frame: Frame,
    private readonly context: Context,
    private readonly signal: AbortSignal,
  ) {
    this.drawSoon = perFrame(() => this.draw(), signal);
    this.classes = new ClassChoice(context.data, context.linked.k, this.drawSoon, signal);
    const point = (id: string | undefined) => {
      if (id !== this.pointed) this.drawSoon();
      this.pointed = id;
    };
    this.legend = new SweepLegend((id, alone) => this.toggle(id, alone), point, signal);
    const pick = (measure: Measure) => {
      this.measure = measure;
      this.drawSoon();
    };
    this.measures = choice("Measure", MEASURES, pick, signal);
    this.measures.set(this.measure);
    this.plotBox.append(this.chart, this.cursor.layer, this.tip);
    this.exports = new ExportButtons(this.exported(), signal);
    const side = h("div", { class: "embw-sweep-side" }, this.legend.node, this.classes.node);
    const body = h("div", { class: "embw-sweep-body" }, this.plotBox, this.exports.table, side);
    frame.body.append(this.toolbar(), body, h("div", { class: "embw-foot" }, this.exports.node));
    this.listen();
  }

  private listen(): void {
    const { linked } = this.context;
    const { signal } = this;
    onResize(this.plotBox, this.drawSoon, signal);
    linked.on("k", () => this.moveCursor(), signal);
    for (const event of ["selected", "named", "pinned"] as const) linked.on(event, this.drawSoon, signal);
    linked.on("hovered", whenRested(this.drawSoon, signal), signal);
    this.frame.onTheme(this.drawSoon);
    this.pointer();
    kKeys(this.cursor.handle, linked, this.context.data.kMax, signal);
    this.drawSoon();
  }

  private chartSpec(width: number, height: number): Chart {
    const { data, linked } = this.context;
    const { theme } = this.frame;
    const { selected, named, hovered, pinned } = linked;
    const { measure } = this;
    const classes = this.classes.shown;
    this.lines = sweepLines(data, { measure, classes, selected, named, hovered, pinned }, theme);
    const lines = standOut(this.visible(), this.pointed);
    const runs = this.hidden.has("runs") ? [] : runsBands(data, this.measure, theme);
    const bands = [...(this.hidden.has("all") ? [] : sweepBands(data, this.measure, theme)), ...runs];
    const [from, to] = yRange(lines, runs);
    const { among: n, kMax } = data;
    const marks = sizeMarks(data, classes, theme);
    return {
      width,
      height,
      share: this.share,
      n,
      kMax,
      from,
      to,
      lines,
      bands,
      marks,
      yTitle: measureTitle(this.measure),
      theme,
    };
  }

  private draw(): void {
    const [width, height] = [this.plotBox.clientWidth, this.plotBox.clientHeight];
    const spec = this.chartSpec(Math.max(200, width), Math.max(150, height));
    this.plot = drawChart(this.chart, spec);
    this.chart.setAttribute("aria-label", `${spec.yTitle}, for k from 1 to ${spec.kMax}`);
    this.describe(spec);
    const { table } = this.exports;
    if (!table.hidden) table.replaceChildren(sweepTable(readingOrder(this.visible()), this.context.data.among));
    this.moveCursor();
  }

  /** What the measure sees, and what else is drawn. */
  private describe(spec: Chart): void {
    const { classes, kMax, runs } = this.context.data;
    const parts = [MEASURE_TERMS[this.measure].line];
    parts.push(`Bands: 95 % interval of all items; chance ± 1.96 sd${runs.length ? "; all re-runs" : ""}.`);
    if (spec.marks.length) parts.push("▼ class size − 1, where a peak is expected.");
    else if (classes.length && classes.every((c) => c.size > kMax + 1))
      parts.push(`Every class has more than ${kMax} items: no peak within this range.`);
    const told = parts.join(" ");
    if (told === this.meant) return;
    this.meant = told;
    this.meaning.replaceChildren(questionMark(MEASURE_TERMS[this.measure].word, told, this.signal));
  }

  private visible(): Line[] {
    return this.lines.filter((line) => !this.hidden.has(line.id));
  }

  private moveCursor(): void {
    const { data, linked } = this.context;
    if (!this.plot) return;
    const lines = this.visible();
    const all = this.lines.find((line) => line.id === "all");
    moveCursor(this.cursor, this.plot, linked.k, data, lines, all, this.frame.theme);
    this.legend.show(this.lines, this.hidden, linked.k);
    this.plotBox.dataset.k = String(linked.k);
  }

  private toggle(id: string, alone: boolean): void {
    const ids = this.lines.map((line) => line.id);
    const isolated = ids.every((other) => this.hidden.has(other) !== (other === id || other === "chance"));
    if (alone) {
      this.hidden.clear();
      if (!isolated) for (const other of ids) if (other !== id && other !== "chance") this.hidden.add(other);
    } else if (!this.hidden.delete(id)) this.hidden.add(id);
    this.drawSoon();
  }

  private pointer(): void {
    const { linked } = this.context;
    const { signal, plotBox } = this;
    let dragging = false;
    const at = (e: PointerEvent) => this.kAt(e.clientX - plotBox.getBoundingClientRect().left);
    const on = (
      name: "pointerdown" | "pointermove" | "pointerup" | "pointercancel",
      heard: (e: PointerEvent) => void,
    ) => plotBox.addEventListener(name, heard, { signal });
    on("pointerdown", (e) => {
      if (e.button !== 0) return;
      dragging = true;
      plotBox.setPointerCapture?.(e.pointerId);
      this.cursor.handle.focus({ preventScroll: true });
      this.tip.hidden = true;
      linked.setK(at(e), "not yet");
    });
    on("pointermove", (e) => (dragging ? linked.setK(at(e), "not yet") : this.showTip(e)));
    const stop = () => {
      if (dragging) linked.setK(linked.k, "now");
      dragging = false;
    };
    on("pointerup", stop);
    on("pointercancel", stop);
    plotBox.addEventListener("pointerleave", () => this.hideTip(), { signal });
  }

  private kAt(x: number): number {
    const k = Math.round(this.plot?.x.invert(x) ?? 1);
    return Math.max(1, Math.min(this.context.data.kMax, k));
  }

  private hideTip(): void {
    this.tip.hidden = true;
    this.cursor.guide.setAttribute("visibility", "hidden");
  }

  private showTip(e: PointerEvent): void {
    const { plot } = this;
    if (!plot) return;
    const box = this.plotBox.getBoundingClientRect();
    const k = this.kAt(e.clientX - box.left);
    const y = e.clientY - box.top;
    const far = (line: Line) => Math.abs(plot.y(line.values[k - 1]) - y);
    const lines = this.visible().filter((line) => Number.isFinite(line.values[k - 1]));
    const near = lines.reduce<Line | undefined>((best, l) => (!best || far(l) < far(best) ? l : best), undefined);
    const fixed = lines.filter((l) => ["all", "chance", "runs"].includes(l.id)).reverse();
    const rows = near && far(near) < 14 && !fixed.includes(near) ? [near, ...fixed] : fixed;
    this.tip.replaceChildren(
      h("b", {}, `k = ${k}`),
      h("span", { class: "embw-muted" }, ` ${percent(k / (this.context.data.among - 1))} of the other items`),
      ...rows.map((l) => h("div", {}, `${l.name}: ${value(l.values[k - 1])}`)),
    );
    this.tip.hidden = false;
    const x = plot.x(k);
    const left = x > box.width / 2 ? x - this.tip.offsetWidth - 10 : x + 10;
    this.tip.style.transform = `translate(${Math.max(0, left)}px, ${plot.top + 6}px)`;
    this.cursor.guide.setAttribute("visibility", "visible");
    for (const [name, v] of Object.entries({ x1: x, x2: x, y1: plot.top, y2: plot.bottom }))
      this.cursor.guide.setAttribute(name, String(v));
    this.cursor.guide.setAttribute("stroke", toCss(tone(this.frame.theme, 0.4)));
  }

  private toolbar(): HTMLElement {
    const { signal } = this;
    const scale = choice<"log" | "share">(
      "Scale of k",
      [
        ["log", "log k", "k on a logarithmic scale"],
        ["share", "share of n", "k as a share of the other items"],
      ],
      (chosen) => {
        this.share = chosen === "share";
        this.drawSoon();
      },
      signal,
    );
    scale.set("log");
    return h("div", { class: "embw-toolbar" }, this.measures.node, this.meaning, scale.node);
  }

  private exported(): Exported {
    const { data, linked } = this.context;
    return {
      name: "k_sweep",
      numbers: "the shown lines",
      figure: "the chart",
      chart: this.plotBox,
      csv: () => {
        const [chance] = sweepBands(data, this.measure, this.frame.theme);
        const [runs] = runsBands(data, this.measure, this.frame.theme);
        return sweepCsv(this.visible(), { chance, ...(runs && { runs }) }, data.among);
      },
      draw: () => sweepFigure(this.chartSpec(FIGURE.width, FIGURE.height)),
      say: (text) => linked.say(text),
      turned: this.drawSoon,
    };
  }
}

export const mountKSweep: View = (el, context, options: ViewOptions, signal) => {
  const frame = makeFrame(el, "k-sweep", "Similarity over the neighbourhood size k", context, options, signal);
  new KSweep(frame, context, signal);
};
