/** NNGS at every k, with chance. View state: none; k is the arrangement's. */
import { linear } from "../../chart/axes";
import type { Meters } from "../../meters/three_meters";
import { svg } from "../../page/dom";

const WIDE = 360;
const HIGH = 86;
/** Below it stand the names of the axis. */
const FOOT = 15;

export function drawNngs(chart: SVGSVGElement, { nngs, nngsChance, n }: Meters, k: number): void {
  const [x, y] = [linear(1, n - 1, 4, WIDE - 4), linear(0, 1, HIGH - FOOT, 4)];
  const path = (values: ArrayLike<number>) =>
    Array.from(values, (v, i) => `${i ? "L" : "M"}${x(i + 1).toFixed(1)} ${y(v).toFixed(1)}`).join("");
  const ends = [2, -2].map((times) => nngsChance.map(({ mean, sd }) => mean + times * sd));
  const back = ends[1]
    .map((v, i) => `L${x(i + 1).toFixed(1)} ${y(v).toFixed(1)}`)
    .reverse()
    .join("");
  chart.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
  chart.replaceChildren(
    svg("path", { class: "embw-play-band", d: `${path(ends[0])}${back}Z` }),
    svg("path", { class: "embw-play-null", d: path(nngsChance.map(({ mean }) => mean)) }),
    svg("line", { class: "embw-play-cursor", x1: x(k), x2: x(k), y1: 2, y2: HIGH - FOOT }),
    svg("path", { class: "embw-play-curve", d: path(nngs) }),
    ...names(x, n, k),
    svg("circle", { class: "embw-play-dot", cx: x(k), cy: y(nngs[k - 1]), r: 3.6 }),
  );
  chart.setAttribute("aria-label", `NNGS at k from 1 to ${n - 1}, and what chance gives, which grows with k`);
}

/** The ends of the axis, and k where it is near neither. */
function names(x: (k: number) => number, n: number, k: number): SVGElement[] {
  const name = (at: number, text: string, anchor: string) =>
    svg("text", { x: x(at), y: HIGH - 3, "text-anchor": anchor }, text);
  const inside = k > 6 && k < n - 7 ? [name(k, String(k), "middle")] : [];
  return [name(1, "k = 1", "start"), ...inside, name(n - 1, String(n - 1), "end")];
}
