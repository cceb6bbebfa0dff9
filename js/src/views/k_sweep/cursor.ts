/** The cursor k over a chart: a line with a handle that is a slider to keyboard and screen reader. Owns no state. */

import type { Line, Plot } from "../../chart/line_chart";
import { svg } from "../../page/dom";
import { percent, value } from "../../page/format";
import { toCss } from "../../page/palette";
import { FONT, type Theme, tone } from "../../page/theme";
import type { SceneData } from "../../state/data";

interface Cursor {
  layer: SVGSVGElement;
  line: SVGLineElement;
  guide: SVGLineElement;
  handle: SVGGElement;
  pill: SVGRectElement;
  text: SVGTextElement;
  dots: SVGGElement;
}

export function makeCursor(): Cursor {
  const line = svg("line", { "stroke-width": 1.5 });
  const guide = svg("line", { visibility: "hidden", "stroke-dasharray": "2 3" });
  const pill = svg("rect", { height: 18, rx: 9 });
  const text = svg("text", { "font-size": 11, "font-weight": 600, "text-anchor": "middle" });
  const handle = svg(
    "g",
    {
      class: "embw-handle",
      tabindex: 0,
      role: "slider",
      "aria-label": "k, neighbourhood size",
      "aria-orientation": "horizontal",
    },
    pill,
    text,
  );
  const dots = svg("g");
  const layer = svg("svg", { class: "embw-cursor", "font-family": FONT }, guide, line, dots, handle);
  return { layer, line, guide, handle, pill, text, dots };
}

const set = (node: Element, attributes: Record<string, string | number>) => {
  for (const [name, v] of Object.entries(attributes)) node.setAttribute(name, String(v));
};

export function moveCursor(
  cursor: Cursor,
  plot: Plot,
  k: number,
  data: SceneData,
  lines: readonly Line[],
  all: Line | undefined,
  theme: Theme,
): void {
  const x = plot.x(k);
  const ink = toCss(tone(theme, 0.95));
  const wide = 36 + 7 * String(k).length;
  const middle = Math.max(plot.left + wide / 2 - 8, Math.min(plot.right + 10 - wide / 2, x));
  set(cursor.layer, { width: plot.right + 14, height: plot.bottom + 38 });
  set(cursor.line, { x1: x, x2: x, y1: plot.top - 2, y2: plot.bottom, stroke: ink });
  set(cursor.pill, { x: middle - wide / 2, y: plot.top - 18, width: wide, fill: ink });
  set(cursor.text, { x: middle, y: plot.top - 5, fill: toCss(theme.background) });
  cursor.text.textContent = `k = ${k}`;
  const dots = lines.filter((l) => l.id !== "chance" && l.id !== "runs" && inPlot(plot, plot.y(l.values[k - 1])));
  cursor.dots.replaceChildren(
    ...dots.map((l) =>
      svg("circle", {
        cx: x,
        cy: plot.y(l.values[k - 1]),
        r: l.id === "all" ? 4.5 : 3,
        fill: l.colour,
        stroke: toCss(theme.background),
      }),
    ),
  );
  const reading = `k = ${k}, ${percent(k / (data.among - 1))} of the other items, similarity ${value(all?.values[k - 1])}`;
  set(cursor.handle, { "aria-valuemin": 1, "aria-valuemax": data.kMax, "aria-valuenow": k, "aria-valuetext": reading });
}

const inPlot = (plot: Plot, y: number) => y >= plot.top - 1 && y <= plot.bottom + 1;
