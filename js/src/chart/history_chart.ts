/** The loss and its parts at every step, and the objective on rows that were not fitted. Pure; owns no state. */

import { svg } from "../page/dom";
import { count, tidy } from "../page/format";
import { classStyle, toCss } from "../page/palette";
import { FONT, type Theme, tone } from "../page/theme";
import { linear, niceTicks, type Scale } from "./axes";
import { inkOf } from "./ink";

const MARGIN = { left: 50, right: 90, top: 26, bottom: 32 };
const TITLE = { x: 6, y: 12, "font-size": 11 };
const MOST_SHOWN = 0.995;
/** Of the steps so far, how far the axis reaches while there are more to come. */
const AHEAD = 1.25;

/** Columns of numbers, one a step. */
export interface History {
  step: ArrayLike<number>;
  loss: ArrayLike<number>;
  objective: ArrayLike<number>;
  keep: ArrayLike<number>;
  checkStep: ArrayLike<number>;
  validation: ArrayLike<number>;
  best: number;
  /** Steps planned. */
  steps: number;
  /** Whether there is but one loss, in its own unit. */
  plain: boolean;
}

interface Curve {
  id: string;
  name: string;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  colour: string;
  /** Of its name. */
  text: string;
  width: number;
  dash?: string;
}

/** What the objective was on the validation rows before the first step; the steps' own objective is a share already. */
const startOf = (h: History): number => (!h.plain && h.checkStep[0] === 0 && h.validation[0] > 0 ? h.validation[0] : 1);

const valueTitle = (h: History): string => (h.plain ? "loss" : "loss, objective and validation: shares of the start");

function curvesOf(h: History, theme: Theme): Curve[] {
  const ink = toCss(tone(theme, 0.95));
  const look = (rank: number) => {
    const { colour } = classStyle(rank, theme.dark);
    return { colour, text: inkOf(colour, theme) };
  };
  const start = startOf(h);
  const share = (values: ArrayLike<number>) => Array.from(values, (v) => v / start);
  return [
    { id: "keep", name: "keep", x: h.step, y: h.keep, ...look(2), width: 1.2, dash: "2 3" },
    {
      id: "objective",
      name: "objective",
      x: h.step,
      y: h.objective,
      ...look(0),
      width: 1.2,
      dash: "6 3",
    },
    { id: "loss", name: "loss", x: h.step, y: h.loss, colour: ink, text: ink, width: 1.4 },
    { id: "validation", name: "validation", x: h.checkStep, y: share(h.validation), ...look(1), width: 2.4 },
  ];
}

export function drawHistory(node: SVGSVGElement, history: History, size: [number, number], theme: Theme): void {
  const [width, height] = size;
  for (const [name, v] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT }))
    node.setAttribute(name, String(v));
  const curves = curvesOf(history, theme);
  const values = curves.flatMap((c) => Array.from(c.y)).filter(Number.isFinite);
  if (values.length === 0) {
    const quiet = { x: MARGIN.left, y: height / 2, "font-size": 12, fill: toCss(tone(theme, 0.6)) };
    node.replaceChildren(svg("text", quiet, "No step has been taken yet."));
    return;
  }
  const sorted = values.sort((a, b) => a - b);
  const top = sorted[history.plain ? sorted.length - 1 : Math.floor(MOST_SHOWN * (sorted.length - 1))];
  const from = Math.min(0, sorted[0]);
  const made = history.step[history.step.length - 1] ?? 0;
  const last = Math.max(made, Math.min(history.steps, Math.max(20, AHEAD * made)), 1);
  const x = linear(0, last, MARGIN.left, width - MARGIN.right);
  const y = linear(from, top > from ? top + 0.05 * (top - from) : from + 1, height - MARGIN.bottom, MARGIN.top);
  const clip = { x: MARGIN.left, y: MARGIN.top - 6, width: width - MARGIN.left - MARGIN.right };
  const tall = height - MARGIN.top - MARGIN.bottom + 8;
  const box = { ...clip, height: tall, viewBox: `${clip.x} ${clip.y} ${Math.max(1, clip.width)} ${tall}` };
  const area = svg("svg", { ...box, overflow: "hidden" }, ...curves.map((c) => drawCurve(c, x, y)));
  node.replaceChildren(...drawAxes(x, y, last, [width, height], theme), area, ...names(curves, x, y, theme));
  node.append(svg("text", { ...TITLE, fill: toCss(tone(theme, 0.66)) }, `↑ ${valueTitle(history)}`));
  if (history.checkStep.length > 0) node.append(...drawBest(history, x, y, height, theme));
}

function drawCurve(c: Curve, x: Scale, y: Scale): SVGElement {
  let d = "";
  let broken = true;
  for (let i = 0; i < c.y.length; i++) {
    const ok = Number.isFinite(c.y[i]);
    if (ok) d += `${broken ? "M" : "L"}${x(c.x[i]).toFixed(1)} ${y(c.y[i]).toFixed(1)}`;
    broken = !ok;
  }
  const look = { stroke: c.colour, "stroke-width": c.width, "stroke-dasharray": c.dash, "data-line": c.id };
  return svg("path", { d, fill: "none", "stroke-linejoin": "round", ...look });
}

function drawAxes(x: Scale, y: Scale, last: number, [width, height]: [number, number], theme: Theme): SVGElement[] {
  const ink = toCss(tone(theme, 0.66));
  const line = toCss(tone(theme, 0.1));
  const [low, high] = [y.invert(height - MARGIN.bottom), y.invert(MARGIN.top)];
  const right = width - MARGIN.right;
  const rows = niceTicks(low, high, 4).flatMap((v) => [
    svg("line", { x1: MARGIN.left, x2: right, y1: y(v), y2: y(v), stroke: line }),
    svg("text", { x: MARGIN.left - 6, y: y(v) + 3.5, "text-anchor": "end", "font-size": 10.5, fill: ink }, tidy(v)),
  ]);
  const bottom = height - MARGIN.bottom;
  const columns = niceTicks(0, last, 5).map((v) =>
    svg("text", { x: x(v), y: bottom + 14, "text-anchor": "middle", "font-size": 10.5, fill: ink }, count(v || 0)),
  );
  const title = { x: right, y: bottom + 28, "text-anchor": "end", "font-size": 11, fill: ink };
  return [...rows, ...columns, svg("text", title, "step →")];
}

/** Each curve's name after the last step, not over another's; a dotted line leads from a curve that lags. */
function names(curves: readonly Curve[], x: Scale, y: Scale, theme: Theme): SVGElement[] {
  const ends = curves
    .filter((c) => c.y.length > 0)
    .map((c) => ({ c, x: x(c.x[c.y.length - 1]), y: y(c.y[c.y.length - 1]) }))
    .filter((end) => Number.isFinite(end.y))
    .sort((a, b) => a.y - b.y);
  const right = Math.max(...ends.map((end) => end.x)) + 6;
  let last = Number.NEGATIVE_INFINITY;
  return ends.flatMap((end) => {
    last = Math.max(end.y + 4, last + 13, MARGIN.top + 4);
    const at = { x: right, y: last, "font-size": 11, fill: end.c.text };
    const halo = { stroke: toCss(theme.background), "stroke-width": 3, "paint-order": "stroke" };
    const lead = { x1: end.x, y1: end.y, x2: right - 2, y2: last - 4, stroke: end.c.colour, "stroke-dasharray": "1 3" };
    return [
      ...(right - end.x > 12 ? [svg("line", { ...lead, "data-part": "lead" })] : []),
      svg("text", { ...at, ...halo }, end.c.name),
    ];
  });
}

function drawBest(history: History, x: Scale, y: Scale, height: number, theme: Theme): SVGElement[] {
  const at = Array.from(history.checkStep).indexOf(history.best);
  const v = at < 0 ? Number.NaN : history.validation[at] / startOf(history);
  const ink = toCss(tone(theme, 0.8));
  const where = x(history.best);
  const line = {
    x1: where,
    x2: where,
    y1: MARGIN.top,
    y2: height - MARGIN.bottom,
    stroke: ink,
    "stroke-dasharray": "1 3",
  };
  const dot = Number.isFinite(v)
    ? [svg("circle", { cx: where, cy: y(v), r: 4, fill: ink, stroke: toCss(theme.background), "stroke-width": 1.5 })]
    : [];
  // The curves come down from the left: above, beside the line, there is room.
  const halo = { stroke: toCss(theme.background), "stroke-width": 3, "paint-order": "stroke" };
  const text = { x: where + 5, y: MARGIN.top + 5, "font-size": 11, fill: ink, ...halo };
  return [
    svg("line", { ...line, "data-part": "best" }),
    ...dot,
    svg("text", text, `best: step ${count(history.best)}`),
  ];
}
