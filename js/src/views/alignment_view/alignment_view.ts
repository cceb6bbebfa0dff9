/**
 * AlignmentView: items on their way from before to after, with what that does to spectrum, curve, similarities and
 * groups; while it is being fitted, how that goes.
 *   synced  reads status, k, hovered, selected, cluster, position; writes the last five
 *   view    what is shown on the map, colours, zoom, tool, pinned item
 */

import type { Plot } from "../../chart/line_chart";
import { finding, provenance } from "../../controls/finding";
import { FittingPanel, historyFigure, historyOf } from "../../controls/fitting_panel";
import { type Frame, makeBox, makeFrame } from "../../controls/frame";
import { makeSearch } from "../../controls/search";
import { skipLinks } from "../../controls/skip_links";
import { questionMark } from "../../controls/term";
import { complain } from "../../page/complain";
import { button, h, onResize, perFrame, svg } from "../../page/dom";
import { count } from "../../page/format";
import { onKeys } from "../../page/keyboard";
import { rove } from "../../page/roving";
import { TERMS } from "../../page/terms";
import type { AlignmentModel } from "../../state/alignment";
import { answerBox } from "./answer";
import { AlignmentChips } from "./chips";
import { type AlignmentMode, alignmentModes } from "./colours";
import { type AlignmentContext, plainContext } from "./context";
import { curveKey, curveText, drawCurves } from "./curve";
import { AlignmentDetail } from "./detail";
import { AlignmentHeat } from "./heat";
import { wireK } from "./k_slider";
import { AlignmentLegend } from "./legend";
import { AlignmentMap, MOST_TRAILS, mapBox, type Shown } from "./map";
import { AlignmentPictures } from "./pictures";
import { positionSlider } from "./position_slider";
import { drawSpectra, spectrumSummary } from "./spectrum";
import { AlignmentSummary } from "./summary";
import { alignmentTable } from "./table";
import { fittingWords } from "./words";
import "./alignment_view.css";

const CHART_HEIGHT = 214;

class AlignmentView {
  private readonly shown: Shown;
  private readonly map: AlignmentMap;
  private readonly chips: AlignmentChips;
  private readonly legend: AlignmentLegend;
  private readonly detail: AlignmentDetail;
  private readonly heat: AlignmentHeat;
  private readonly spectrum = svg("svg", { class: "embw-align-spectrum", role: "img" });
  private readonly curve = svg("svg", { class: "embw-align-curve", role: "slider", tabindex: 0 });
  private readonly charts = h("div", { class: "embw-align-charts" });
  private readonly curveWords = h("p", { class: "embw-muted embw-number" });
  private readonly chartsSoon: () => void;
  private plot: Plot | undefined;

  constructor(
    private readonly frame: Frame,
    private readonly context: AlignmentContext,
    private readonly signal: AbortSignal,
  ) {
    const { data, scene, linked } = context;
    const [[mode]] = alignmentModes(data, scene);
    this.shown = { mode, trails: true, targets: false, heldOutOnly: false };
    this.chips = new AlignmentChips(context, signal);
    this.detail = new AlignmentDetail(context);
    this.heat = new AlignmentHeat(context, signal);
    let pictures: AlignmentPictures | undefined;
    let summary: AlignmentSummary | undefined;
    const painted = () => {
      pictures?.place();
      summary?.show(this.map.lines, this.shown.trails);
      if (this.shown.mode === "residual") this.legendSoon();
    };
    this.map = new AlignmentMap(frame, context, this.shown, painted, signal);
    pictures = new AlignmentPictures(context, this.map.map, signal);
    summary = new AlignmentSummary(context, this.map.node, signal);
    this.legend = new AlignmentLegend(context, this.map.colouring, (at) => this.chips.open(at), signal);
    this.legendSoon = perFrame(() => this.legend.show(this.shown.mode, this.frame.theme), signal);
    this.chartsSoon = perFrame(() => this.drawCharts(), signal);
    const left = h("div", { class: "embw-map-pair embw-align-map" });
    left.append(this.mapTools(), mapBox(this.map, this.caption(), pictures.node), this.legend.node, summary.node);
    this.charts.append(this.spectrumFigure(), h("figure", {}, this.curve, this.curveWords));
    const right = h("div", { class: "embw-align-side" }, this.detail.node, this.charts);
    const slider = positionSlider(context.position, data.names, signal);
    frame.body.append(slider, h("div", { class: "embw-align-top" }, left, right), this.chips.node, this.heat.node);
    const skip = skipLinks(frame.root, signal);
    skip("the map", left, ".embw-map");
    skip("the curve", this.charts);
    skip("the groups", this.chips.node);
    this.keepFocus();
    const detail = perFrame(() => this.detail.show(linked.hovered >= 0 ? linked.hovered : linked.pinned), signal);
    linked.on("hovered", detail, signal);
    linked.on("pinned", detail, signal);
    linked.on("k", this.chartsSoon, signal);
    onResize(this.charts, this.chartsSoon, signal);
    frame.onTheme(() => this.recolour());
    wireK(this.curve, linked, data.kMax, () => this.plot, signal);
    detail();
    this.recolour();
  }

  private legendSoon: () => void = () => {};

  private recolour(): void {
    this.heat.draw(this.frame.theme);
    this.legendSoon();
    this.chartsSoon();
    this.map.paintSoon();
  }

  /** Escape closes a group, wherever in the view it is pressed; Ctrl+Z and the like are the frame's. */
  private keepFocus(): void {
    const keys = { Escape: () => this.chips.back(), a: () => this.context.position.toggle() };
    onKeys(this.frame.body, keys, this.signal);
  }

  private caption(): HTMLElement {
    const [x, y] = this.context.data.names;
    const name = (text: string) => h("span", { class: "embw-ellipsis" }, text);
    const both = h("b", { class: "embw-map-title", title: `${x} → ${y}` }, name(x), "→", name(y));
    const title = `Both axes, and their units, are those of ${y}'s map`;
    return h(
      "figcaption",
      {},
      both,
      h("span", { class: "embw-map-axes embw-muted", title }, "axis 1 →, axis 2 ↑ of the target's map"),
    );
  }

  private spectrumFigure(): HTMLElement {
    const { word, line } = TERMS.eigenvalue;
    const words = h("p", { class: "embw-muted embw-number" }, spectrumSummary(this.context.data), " ");
    words.append(questionMark(word, line, this.signal));
    return h("figure", {}, this.spectrum, words);
  }

  private drawCharts(): void {
    const { data, linked } = this.context;
    const { theme } = this.frame;
    const figure = this.spectrum.parentElement as HTMLElement;
    const width = figure.clientWidth;
    if (width === 0) return;
    drawSpectra(this.spectrum, data, [width, CHART_HEIGHT], theme);
    this.spectrum.setAttribute("aria-label", `Spectra on held-out items: ${spectrumSummary(data)}`);
    this.plot = drawCurves(this.curve, data, linked.k, [width, CHART_HEIGHT], theme);
    const reading = curveText(data, linked.k);
    this.curveWords.textContent = `${reading}. ${curveKey(data)} Drag, or use the arrow keys, to change k.`;
    const slider = { "aria-valuenow": linked.k, "aria-valuetext": `Neighbourhoods shared: ${reading}` };
    for (const [name, v] of Object.entries(slider)) this.curve.setAttribute(name, String(v));
    this.frame.root.dataset.drawn = String(Number(this.frame.root.dataset.drawn ?? 0) + 1);
  }

  private mapTools(): HTMLElement {
    const { signal } = this;
    const search = makeSearch(plainContext(this.context), signal);
    const tools = h("div", { class: "embw-toolbar" }, this.colours(), this.toggles(), ...this.map.tools.nodes, search);
    return tools;
  }

  private colours(): HTMLElement {
    const { data, scene } = this.context;
    const select = h("select", { "aria-label": "Colour by" });
    select.append(...alignmentModes(data, scene).map(([mode, text]) => h("option", { value: mode }, text)));
    const chosen = () => {
      this.shown.mode = select.value as AlignmentMode;
      this.legendSoon();
      this.map.paintSoon();
    };
    select.addEventListener("change", chosen, { signal: this.signal });
    return h("label", { class: "embw-field" }, "Colour by", select);
  }

  private toggles(): HTMLElement {
    const [, y] = this.context.data.names;
    const titles: [keyof Omit<Shown, "mode">, string, string][] = [
      [
        "trails",
        "Trails",
        `Lines from before: of the selected or the open group's items, else of the ${MOST_TRAILS} that move most`,
      ],
      ["targets", "Targets", `Rings where ${y} has the items`],
      ["heldOutOnly", "Held-out only", "Leave out the items that were fitted"],
    ];
    const all = titles.map(([name, label, title]) => {
      const pressed = () => {
        this.shown[name] = !this.shown[name];
        node.setAttribute("aria-pressed", String(this.shown[name]));
        this.map.renew();
      };
      const node: HTMLButtonElement = button(label, title, pressed, this.signal, "embw-toggle");
      node.setAttribute("aria-pressed", String(this.shown[name]));
      return node;
    });
    const node = h("div", { role: "group", "aria-label": "Show", class: "embw-choice" }, ...all);
    rove(node, "button", this.signal);
    return node;
  }
}

/** Below all: the scores, how it was fitted, what it depends on. */
function foot(model: AlignmentModel, context: AlignmentContext, frame: Frame, signal: AbortSignal): HTMLElement[] {
  const { data } = context;
  const rows = model.get("table");
  const held = `${count(data.heldOut.length)} held-out items`;
  const table = rows.length ? [alignmentTable(rows, held, signal)] : [];
  const fold = historyOf(model).step.length > 0 ? [historyFold(model, frame, signal)] : [];
  return [...table, ...fold, provenance(model.get("provenance"))];
}

function historyFold(model: AlignmentModel, frame: Frame, signal: AbortSignal): HTMLElement {
  const fit = model.get("fit");
  const how = "stopped" in fit ? ` (${fit.stopped}${fit.seconds === null ? "" : `, ${fit.seconds.toFixed(1)} s`})` : "";
  const summary = h("summary", { tabindex: 0 }, `How it was fitted${how}`);
  return h(
    "details",
    { class: "embw-fold" },
    summary,
    historyFigure(model, fittingWords(model.get("names")), frame, signal),
  );
}

function mountResult(el: HTMLElement, model: AlignmentModel, context: AlignmentContext, signal: AbortSignal): void {
  const frame = makeFrame(el, "alignment", "Alignment, before and after", plainContext(context), {}, signal);
  frame.body.append(answerBox(model), ...finding("", model.get("notes")));
  new AlignmentView(frame, context, signal);
  frame.body.append(...foot(model, context, frame, signal));
}

/** While it is being fitted, how that goes; in its place, once there is a result, that. */
export function mountAlignment(
  el: HTMLElement,
  model: AlignmentModel,
  context: () => AlignmentContext,
  signal: AbortSignal,
): void {
  const over = () => model.get("status") === "done" || model.get("status") === "stopped";
  if (over()) {
    mountResult(el, model, context(), signal);
    return;
  }
  const life = new AbortController();
  const inner = AbortSignal.any([signal, life.signal]);
  const frame = makeBox(el, "alignment", "Alignment, being fitted", inner);
  frame.body.append(new FittingPanel(model, fittingWords(model.get("names")), frame, inner).node);
  const heard = () => {
    if (!over()) return;
    const held = el.querySelector(":focus") !== null;
    life.abort();
    try {
      mountResult(el, model, context(), signal);
      // Focus on what has gone would fall to the page, and the next keys to the notebook.
      if (held) el.querySelector<HTMLElement>(".embw-play")?.focus({ preventScroll: true });
    } catch (problem) {
      complain(el, problem);
    }
  };
  model.on("change:status", heard);
  inner.addEventListener("abort", () => model.off("change:status", heard));
}
