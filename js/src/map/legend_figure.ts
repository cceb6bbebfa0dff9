/** The legend of the maps in a figure. Pure; owns no state. */
import { textWidth } from "../chart/text_names";
import { STRIP } from "../controls/histogram_bar";
import { svg } from "../page/dom";
import { toCss } from "../page/palette";
import { PAPER, tone } from "../page/theme";
import { swatch } from "./legend";
import type { LegendKey, LegendScale, LegendWords } from "./legend_words";

const SIZE = 12;
const LINE = 20;
const STEP = 3;

/** What it draws, and how high that is. */
interface DrawnLegend {
  nodes: SVGElement[];
  height: number;
}

/** Colours and what they are for, in lines no longer than the width. */
export function drawLegend({ told, scale, keys }: LegendWords, width: number): DrawnLegend {
  const nodes: SVGElement[] = [];
  let [x, y] = [0, 0];
  const place = (wide: number, draw: (x: number, y: number) => SVGElement[]) => {
    if (x > 0 && x + wide > width) [x, y] = [0, y + LINE];
    nodes.push(...draw(x, y));
    x += wide + 18;
  };
  if (told) place(textWidth(told, SIZE), (left, top) => [written(told, left, top)]);
  if (scale) place(scaleWidth(scale), (left, top) => drawScale(scale, left, top));
  for (const key of keys) place(18 + textWidth(key.text, SIZE), (left, top) => drawKey(key, left, top));
  return { nodes, height: y + LINE };
}

const written = (text: string, x: number, y: number): SVGElement =>
  svg("text", { x, y: y + 12, "font-size": SIZE, fill: toCss(tone(PAPER, 0.9)) }, text);

function drawKey({ shape, colour, text }: LegendKey, x: number, y: number): SVGElement[] {
  const drawn = swatch(shape, colour);
  drawn.setAttribute("x", String(x));
  drawn.setAttribute("y", String(y + 2));
  return [drawn, written(text, x + 18, y)];
}

const scaleWidth = ({ low, high }: LegendScale): number =>
  textWidth(low, SIZE) + textWidth(high, SIZE) + STRIP.bins * STEP + 16;

function drawScale({ low, high, colour }: LegendScale, x: number, y: number): SVGElement[] {
  const left = x + textWidth(low, SIZE) + 8;
  const bars = Array.from({ length: STRIP.bins }, (_, b) =>
    svg("rect", { x: left + b * STEP, y: y + 3, width: STEP + 0.3, height: 10, fill: colour(b) }),
  );
  return [written(low, x, y), ...bars, written(high, left + STRIP.bins * STEP + 8, y)];
}
