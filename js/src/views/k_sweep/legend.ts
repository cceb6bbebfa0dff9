/**
 * Lines by name with their value at k; a click hides one, Alt-click leaves only it, and what is pointed at stands out.
 * Owns no state.
 */

import type { Line } from "../../chart/line_chart";
import { h, svg } from "../../page/dom";
import { value } from "../../page/format";
import { rove } from "../../page/roving";

function sample(line: Line): SVGSVGElement {
  const stroke = {
    x1: 1,
    x2: 21,
    y1: 6,
    y2: 6,
    stroke: line.colour,
    "stroke-width": line.width,
    "stroke-dasharray": line.dash,
  };
  return svg("svg", { width: 22, height: 12, "aria-hidden": "true" }, svg("line", stroke));
}

export class SweepLegend {
  readonly node = h("div", { class: "embw-sweep-legend", role: "group", "aria-label": "Lines" });
  private shown = "";

  constructor(
    toggle: (id: string, alone: boolean) => void,
    /** Told of the line that is pointed at, by pointer or keyboard; none: undefined. */
    pointed: (id: string | undefined) => void,
    signal: AbortSignal,
  ) {
    const id = (e: Event) => (e.target as Element).closest<HTMLElement>("[data-line]")?.dataset.line;
    const click = (e: MouseEvent) => {
      const line = id(e);
      if (line) toggle(line, e.altKey || (e.target as Element).closest(".embw-only") !== null);
    };
    this.node.addEventListener("click", click, { signal });
    for (const name of ["pointerover", "focusin"]) this.node.addEventListener(name, (e) => pointed(id(e)), { signal });
    for (const name of ["pointerleave", "focusout"])
      this.node.addEventListener(name, () => pointed(undefined), { signal });
    rove(this.node, ".embw-line button", signal);
  }

  /** Rebuilds the rows only when the lines are others; a moving k changes the numbers alone. */
  show(lines: readonly Line[], hidden: ReadonlySet<string>, k: number): void {
    const ordered = readingOrder(lines.some((l) => l.id === "hovered") ? lines : [...lines, NOTHING_HOVERED]);
    const state = ordered.map((l) => `${l.id}|${l.name}|${l.colour}|${hidden.has(l.id)}`).join("\n");
    if (state !== this.shown) {
      const focused = this.node.querySelector(":focus")?.closest<HTMLElement>("[data-line]")?.dataset.line;
      this.node.replaceChildren(...ordered.map((line) => row(line, hidden.has(line.id))));
      this.shown = state;
      if (focused) this.node.querySelector<HTMLElement>(`[data-line="${CSS.escape(focused)}"] button`)?.focus();
    }
    const numbers = this.node.querySelectorAll(".embw-number");
    ordered.forEach((line, i) => {
      numbers[i].textContent = value(line.values[k - 1]);
    });
  }
}

/** Keeps the place of the hovered item's line, so that the legend does not jump. */
const NOTHING_HOVERED: Line = {
  id: "hovered",
  name: "under the pointer",
  values: new Float64Array(0),
  colour: "none",
  width: 0,
};

/** All items first, then what they are beside (chance, re-runs), then what is pointed at, what is selected or named, then classes. */
export function readingOrder(lines: readonly Line[]): Line[] {
  const first = ["all", "chance", "runs", "hovered", "pinned", "selected"];
  const rank = ({ id }: Line) => {
    const at = first.indexOf(id.startsWith("named-") ? "selected" : id);
    return at < 0 ? first.length : at;
  };
  return [...lines].sort((a, b) => rank(a) - rank(b));
}

function row(line: Line, hidden: boolean): HTMLElement {
  const title = `${line.title ?? line.name}: click to ${hidden ? "show" : "hide"}, Alt-click to show only this line`;
  const name = h("span", { class: "embw-ellipsis" }, line.name);
  const main = h(
    "button",
    { type: "button", title, "aria-pressed": String(!hidden) },
    sample(line),
    name,
    h("span", { class: "embw-number" }),
  );
  const only = h(
    "button",
    { type: "button", class: "embw-only", title: `Only ${line.name}`, "aria-label": `Only ${line.name}` },
    "only",
  );
  return h("div", { class: "embw-line", "data-line": line.id }, main, only);
}
