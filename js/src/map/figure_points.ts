/** The points of a map in a figure: each a shape of its own, or all in one picture where they are many. Owns no state. */
import { h, svg } from "../page/dom";
import { pixelCss, type Shape, toPixel } from "../page/palette";
import { PAPER } from "../page/theme";
import { layersOf, type Marked, mixingStep, type PointStyle, splat } from "./splat";

/** More shapes than this make a file that programs hardly open. */
export const MOST_SHAPES = 20_000;
/** Pixels of the picture for each unit of the figure. */
export const DENSITY = 3;

/** Points of a map as they are seen, in units of the figure. */
interface FigurePoints {
  width: number;
  height: number;
  /** Interleaved; a point that is nowhere is NaN. */
  positions: Float32Array;
  /** Its stamps are of so many pixels a unit; for shapes they are not used. */
  look: PointStyle;
  marked?: Marked;
  radius: number;
  /** How much larger a ring is than the point in it. */
  ring: number;
  opacity: number;
  glyph(style: number): { shape: Shape; size: number };
}

export function drawPoints(points: FigurePoints): SVGElement[] {
  return points.positions.length / 2 > MOST_SHAPES ? [picture(points)] : shapes(points);
}

function shapes({ width, height, positions, look, marked, radius, ring, opacity, glyph }: FigurePoints): SVGElement[] {
  const n = look.style.length;
  const step = mixingStep(n);
  return layersOf(look, marked).map((layer) => {
    const ringed = layer.look === marked?.ring;
    const group = svg("g", ringed || layer.look === marked?.dimmed ? {} : { "fill-opacity": opacity });
    for (let t = 0, i = 0; t < n; t++, i = (i + step) % n) {
      if (layer.mask && layer.mask[i] !== layer.which) continue;
      const [x, y] = [positions[2 * i], positions[2 * i + 1]];
      // Turned round, so that a point that is nowhere is left out too.
      if (!(x >= 0 && y >= 0 && x <= width && y <= height)) continue;
      const style = layer.look.style[i];
      const { shape, size } = glyph(style);
      group.append(drawShape(shape, x, y, radius * size + (ringed ? ring : 0), pixelCss(layer.look.colours[style])));
    }
    return group;
  });
}

const tidy = (v: number): string => String(Math.round(100 * v) / 100);

function drawShape(shape: Shape, x: number, y: number, r: number, fill: string): SVGElement {
  if (shape === "circle") return svg("circle", { cx: tidy(x), cy: tidy(y), r: tidy(r), fill });
  const [a, b] = [tidy(x), tidy(y)];
  const d = {
    square: `M${a} ${b}m${tidy(-0.88 * r)} ${tidy(-0.88 * r)}h${tidy(1.76 * r)}v${tidy(1.76 * r)}h${tidy(-1.76 * r)}z`,
    diamond: `M${a} ${b}m0 ${tidy(-1.24 * r)}l${tidy(1.24 * r)} ${tidy(1.24 * r)} ${tidy(-1.24 * r)} ${tidy(1.24 * r)} ${tidy(-1.24 * r)} ${tidy(-1.24 * r)}z`,
    triangle: `M${a} ${b}m0 ${tidy(-1.24 * r)}l${tidy(1.13 * r)} ${tidy(1.96 * r)}h${tidy(-2.26 * r)}z`,
  }[shape];
  return svg("path", { d, fill });
}

function picture({ width, height, positions, look, marked }: FigurePoints): SVGElement {
  const canvas = h("canvas", { width: Math.round(width * DENSITY), height: Math.round(height * DENSITY) });
  const context = canvas.getContext("2d");
  const image = context?.createImageData(canvas.width, canvas.height);
  if (context && image) {
    const surface = { pixels: new Uint32Array(image.data.buffer), width: canvas.width, height: canvas.height };
    surface.pixels.fill(toPixel(PAPER.background));
    const at = positions.map((v) => v * DENSITY);
    for (const layer of layersOf(look, marked)) splat(surface, at, layer.look, layer.mask, layer.which);
    context.putImageData(image, 0, 0);
  }
  return svg("image", { width, height, href: canvas.toDataURL("image/png") });
}
