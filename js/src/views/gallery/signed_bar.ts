/** An eigenvalue as a small bar on a scale that all lines share, X to the right of zero and Y to the left. Pure; owns no state. */
import { linear } from "../../chart/axes";
import { svg } from "../../page/dom";
import type { ClusterRow } from "../../state/scene";
import type { BarStyle } from "./spectrum";

const SIZE = { width: 70, height: 16 };

/** From the smallest to the largest eigenvalue, zero included. */
export function signedRange(clusters: readonly ClusterRow[]): [number, number] {
  const values = clusters.map((c) => c.eigenvalue);
  return [Math.min(0, ...values), Math.max(0, ...values)];
}

export function signedBar(eigenvalue: number, [from, to]: [number, number], style: BarStyle): SVGSVGElement {
  const { width, height } = SIZE;
  const x = linear(from, to || from + 1, 1, width - 1);
  const [left, right] = [Math.min(x(0), x(eigenvalue)), Math.max(x(0), x(eigenvalue))];
  const box = { x: left, y: 3, width: Math.max(1.5, right - left), height: height - 6 };
  return svg(
    "svg",
    { width, height, class: "embw-signed", "data-style": style, "aria-hidden": "true" },
    svg("rect", { ...box, "data-part": "bar" }),
    svg("line", { x1: x(0), x2: x(0), y1: 0, y2: height, "data-part": "zero" }),
  );
}
