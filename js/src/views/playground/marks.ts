/** The points of a panel as elements that can have the focus: a shape for each cluster. Owns no state. */
import { svg } from "../../page/dom";
import { classStyle } from "../../page/palette";

/** Of the clusters in turn. */
export const SHAPES = ["circles", "triangles", "squares"] as const;
const RANKS = [6, 2, 4];
const OUTLINES = ["M0-5.2A5.2 5.2 0 1 1 0 5.2A5.2 5.2 0 1 1 0-5.2Z", "M0-6.6L6 4.4H-6Z", "M-4.9-4.9H4.9V4.9H-4.9Z"];
const ARROW = "M8 0L-6-7.5V7.5Z";

export const groupColour = (group: number, dark: boolean): string => classStyle(RANKS[group % 3], dark).colour;

/** Where a point is drawn, and, if that is not where it is, in which direction it lies. */
export interface Seen {
  at: [number, number];
  beyond?: number;
}

export interface Mark {
  node: SVGGElement;
  shape: SVGPathElement;
  ring: SVGCircleElement;
}

export function makeMark(row: number, group: number): Mark {
  const ring = svg("circle", { r: 9, class: "embw-play-ring" });
  const shape = svg("path", { d: OUTLINES[group % 3], class: "embw-play-shape" });
  const node = svg(
    "g",
    { class: "embw-play-point", role: "button", tabindex: -1, "data-row": row, "aria-pressed": "false" },
    svg("circle", { r: 14, class: "embw-play-reach" }),
    ring,
    shape,
  );
  return { node, shape, ring };
}

/** Only what has changed costs the page anything. */
export function put(node: Element, name: string, value: string): void {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** A point beyond the rim is an arrow that points to where it is. */
export function placeMark(mark: Mark, group: number, seen: Seen, scale: number): void {
  const { at, beyond } = seen;
  put(mark.node, "transform", `translate(${at[0].toFixed(2)} ${at[1].toFixed(2)}) scale(${scale.toFixed(3)})`);
  const outline = beyond === undefined ? OUTLINES[group % 3] : ARROW;
  put(mark.shape, "d", outline);
  if (beyond === undefined) mark.shape.removeAttribute("transform");
  else mark.shape.setAttribute("transform", `rotate(${((beyond * 180) / Math.PI).toFixed(1)})`);
}
