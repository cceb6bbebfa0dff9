/** A pattern for what has no value, or none that holds. Pure; owns no state. */
import { svg } from "../page/dom";
import { toCss } from "../page/palette";
import { type Theme, tone } from "../page/theme";

export function hatching(id: string, theme: Theme): SVGElement {
  const tile = { width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  return svg(
    "pattern",
    { id, ...tile },
    svg("rect", { width: 5, height: 5, fill: toCss(tone(theme, 0.06)) }),
    svg("rect", { width: 1.6, height: 5, fill: toCss(tone(theme, 0.45)) }),
  );
}
