/**
 * The spectrum of a spectral comparison: a bar a cluster, groups of X above zero and of Y below. Pure; owns no state.
 * Ties stand side by side in one place. Held-out mean and interval are drawn over the bar, unrelated spaces across it.
 */

import { linear, niceTicks, type Scale } from "../../chart/axes";
import { textWidth } from "../../chart/text_names";
import { svg } from "../../page/dom";
import { tidy } from "../../page/format";
import { graphemes } from "../../page/graphemes";
import { changeColours, toCss } from "../../page/palette";
import { FONT, type Theme, tone } from "../../page/theme";
import type { Spectral } from "../../state/clusters";
import type { ClusterRow } from "../../state/scene";
import { clusterTitle, moreText } from "./words";

const MARGIN = { left: 58, right: 8, top: 18, bottom: 20 };
const WIDEST_PLACE = 110;
const LABEL = { size: 10.5, line: 12, lines: 2 };
/** In places narrower than this only the current group says its name, as wide as it likes. */
const NARROW = 56;
/** Unrelated spaces may stretch the scale by this much; beyond it they are named, not drawn. */
const STRETCH = 1.3;
/** Of groups that are not found again, between background and text. */
export const GREY = 0.5;

interface SpectrumSpec {
  /** Begins the ids of what is drawn. */
  id: string;
  width: number;
  height: number;
  spectral: Spectral;
  open: number;
  theme: Theme;
}

/** From, to: every bar and interval, zero, and the unrelated values where they are not far beyond. */
export function spectrumRange(clusters: readonly ClusterRow[], unrelated: readonly number[]): [number, number] {
  let [low, high] = [0, 0];
  const reach = (v: number) => {
    low = Math.min(low, v);
    high = Math.max(high, v);
  };
  for (const c of clusters) for (const v of [...c.eigenvalues, ...(c.held_out ?? [])]) reach(v);
  const most = Math.max(high, -low) || 1;
  for (const v of unrelated) if (Math.abs(v) < STRETCH * most) reach(v);
  // Both sides are always there, so that an empty one is seen to be empty.
  return [Math.min(low, -0.22 * most) * 1.08, Math.max(high, 0.22 * most) * 1.08];
}

/** For each cluster the unrelated eigenvalue of its own rank on its own side. */
export function unrelatedOf(clusters: readonly ClusterRow[], unrelated: readonly number[]): (number | undefined)[] {
  const above = unrelated.filter((v) => v > 0).sort((a, b) => b - a);
  const below = unrelated.filter((v) => v < 0).sort((a, b) => a - b);
  let [x, y] = [0, 0];
  return clusters.map((c) => {
    const at = c.side === "Y" ? below[y] : above[x];
    if (c.side === "Y") y += c.tied;
    else x += c.tied;
    return at;
  });
}

/** The largest |λ| of unrelated spaces, where it lies beyond the scale. */
export function unrelatedBeyond(spectral: Spectral): number | undefined {
  const unrelated = spectral.info?.unrelated ?? [];
  const [from, to] = spectrumRange(spectral.clusters, unrelated);
  const beyond = unrelated.filter((v) => v < from || v > to);
  return beyond.length ? Math.max(...beyond.map(Math.abs)) : undefined;
}

export type BarStyle = "solid" | "light" | "grey" | "empty";

/** How a bar looks: by its kind, tight, broad or not found again; empty where it holds everything. */
export function barStyle(spectral: Spectral, c: ClusterRow): BarStyle {
  if (spectral.constant(c.index)) return "empty";
  return ({ tight: "solid", broad: "light", "not found again": "grey" } as const)[c.kind];
}

/** The text in at most two lines of this width, cut where it is longer. */
export function labelLines(text: string, width: number): string[] {
  const fits = (line: string) => textWidth(line, LABEL.size) <= width;
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (fits(longer) || !lines[lines.length - 1] || lines.length === LABEL.lines) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => cut(line, fits));
}

function cut(line: string, fits: (text: string) => boolean): string {
  if (fits(line)) return line;
  const letters = graphemes(line, 60);
  while (letters.length > 1 && !fits(`${letters.join("")}…`)) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** Room that all groups fill: what lies beyond is better left to others. */
export const spectrumRoom = (groups: number): number => MARGIN.left + MARGIN.right + Math.max(3, groups) * WIDEST_PLACE;

export const optionId = (id: string, cluster: number): string => `${id}-${cluster}`;

export function drawSpectrum(node: SVGSVGElement, spec: SpectrumSpec): void {
  const { width, height, spectral, theme } = spec;
  const { clusters, info } = spectral;
  const unrelated = info?.unrelated ?? [];
  const [from, to] = spectrumRange(clusters, unrelated);
  const y = linear(from, to, height - MARGIN.bottom, MARGIN.top);
  const room = width - MARGIN.left - MARGIN.right;
  const wide = Math.min(WIDEST_PLACE, room / Math.max(1, clusters.length));
  const right = MARGIN.left + Math.min(room, Math.max(wide * clusters.length, 320));
  for (const [name, v] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT }))
    node.setAttribute(name, String(v));
  const marks = unrelatedOf(clusters, unrelated);
  const places = clusters.map((c, i) => new Place(spec, c, { left: MARGIN.left + i * wide, wide, y }, marks[i]));
  const zero = { x1: MARGIN.left, x2: right, y1: y(0), y2: y(0), stroke: toCss(tone(theme, 0.75)) };
  node.replaceChildren(
    ...drawAxis(y, from, to, right, theme),
    ...drawFloor(info?.noise_floor ?? 0, y, right, theme),
    ...places.map((place) => place.draw()),
    ...places.map((place) => place.named()),
    svg("line", zero),
    ...drawSides(spectral, height, theme),
  );
}

function drawAxis(y: Scale, from: number, to: number, right: number, theme: Theme): SVGElement[] {
  const ink = toCss(tone(theme, 0.66));
  const line = toCss(tone(theme, 0.1));
  const drawn: SVGElement[] = [];
  for (const tick of niceTicks(from, to, 6)) {
    drawn.push(svg("line", { x1: MARGIN.left, x2: right, y1: y(tick), y2: y(tick), stroke: line }));
    const at = { x: MARGIN.left - 6, y: y(tick) + 3.5, "text-anchor": "end", "font-size": 10.5, fill: ink };
    drawn.push(svg("text", at, tidy(tick)));
  }
  const turn = `translate(10 ${(y(from) + y(to)) / 2}) rotate(-90)`;
  const look = { "text-anchor": "middle", "font-size": 11, fill: ink };
  drawn.push(svg("text", { ...look, transform: turn }, "eigenvalue λ"));
  return drawn;
}

function drawFloor(floor: number, y: Scale, right: number, theme: Theme): SVGElement[] {
  if (floor <= 0) return [];
  const ink = toCss(tone(theme, 0.55));
  const band = { x: MARGIN.left, width: right - MARGIN.left, y: y(floor), height: y(-floor) - y(floor) };
  const edge = (v: number) => {
    const at = { x1: MARGIN.left, x2: right, y1: y(v), y2: y(v) };
    return svg("line", { ...at, stroke: ink, "stroke-dasharray": "1 3" });
  };
  return [svg("rect", { ...band, fill: ink, opacity: 0.13, "data-part": "floor" }), edge(floor), edge(-floor)];
}

/** What lies above and what below, in words. */
function drawSides(spectral: Spectral, height: number, theme: Theme): SVGElement[] {
  const { onlyX, onlyY } = changeColours(theme.dark);
  const look = { x: MARGIN.left, "font-size": 11.5, "font-weight": 600 };
  return [
    svg("text", { ...look, y: 11, fill: onlyX }, `▲ ${moreText(spectral, 0)}`),
    svg("text", { ...look, y: height - 5, fill: onlyY }, `▼ ${moreText(spectral, 1)}`),
  ];
}

/** One cluster's place along the axis. */
class Place {
  constructor(
    private readonly spec: SpectrumSpec,
    private readonly cluster: ClusterRow,
    private readonly at: { left: number; wide: number; y: Scale },
    private readonly unrelated: number | undefined,
  ) {}

  draw(): SVGElement {
    const { spec, cluster, at } = this;
    const title = clusterTitle(spec.spectral, cluster);
    const attributes = {
      id: optionId(spec.id, cluster.index),
      role: "option",
      class: "embw-bar",
      "data-cluster": cluster.index,
      "data-style": barStyle(spec.spectral, cluster),
      "aria-selected": String(cluster.index === spec.open),
      "aria-label": title,
    };
    const tall = spec.height - MARGIN.top - MARGIN.bottom;
    const back = { x: at.left + 1, y: MARGIN.top, width: at.wide - 2, height: tall, rx: 4, class: "embw-bar-back" };
    const whole = [svg("title", {}, title), svg("rect", back)];
    return svg("g", attributes, ...whole, ...this.bars(), ...this.tick(), ...this.whisker());
  }

  /** Beside the option, which is called by its whole name. */
  named(): SVGElement {
    const beside = { "aria-hidden": "true", "pointer-events": "none", "data-cluster": this.cluster.index };
    return svg("g", beside, ...this.name());
  }

  private get middle(): number {
    return this.at.left + this.at.wide / 2;
  }

  /** One bar, or, of a tie, its eigenvalues side by side. */
  private bars(): SVGElement[] {
    const { spec, cluster, at } = this;
    const { onlyX, onlyY } = changeColours(spec.theme.dark);
    const own = cluster.side === "Y" ? onlyY : onlyX;
    const looks = {
      solid: { fill: own, stroke: own },
      light: { fill: own, "fill-opacity": 0.3, stroke: own },
      grey: { fill: toCss(tone(spec.theme, GREY)), stroke: toCss(tone(spec.theme, GREY)) },
      empty: { fill: "none", stroke: own, "stroke-dasharray": "3 2" },
    };
    const look = looks[barStyle(spec.spectral, cluster)];
    const wide = Math.min(34, at.wide * 0.6);
    const each = wide / cluster.eigenvalues.length;
    return cluster.eigenvalues.map((v, i) => {
      const [top, bottom] = [Math.min(at.y(0), at.y(v)), Math.max(at.y(0), at.y(v))];
      const x = this.middle - wide / 2 + i * each + 0.5;
      const box = { x, y: top, width: Math.max(1.5, each - 1), height: bottom - top };
      return svg("rect", { ...box, ...look, "data-part": "bar" });
    });
  }

  private tick(): SVGElement[] {
    const { unrelated, at, spec } = this;
    if (unrelated === undefined || at.y(unrelated) < MARGIN.top || at.y(unrelated) > spec.height - MARGIN.bottom)
      return [];
    const y = at.y(unrelated);
    const ends = { x1: at.left + at.wide * 0.1, x2: at.left + at.wide * 0.9, y1: y, y2: y };
    const look = { stroke: toCss(tone(spec.theme, 0.6)), "stroke-width": 1.5, "stroke-dasharray": "4 2" };
    return [svg("line", { ...ends, ...look, "data-part": "unrelated" })];
  }

  private whisker(): SVGElement[] {
    const { cluster, at, spec, middle } = this;
    if (!cluster.held_out) return [];
    const [mean, low, high] = cluster.held_out.map(at.y);
    const halo = toCss(spec.theme.background);
    const ink = toCss(tone(spec.theme, 1));
    const line = (stroke: string, width: number) =>
      svg("line", { x1: middle, x2: middle, y1: low, y2: high, stroke, "stroke-width": width });
    const dot = { cx: middle, cy: mean, r: 3.5, fill: ink, stroke: halo, "stroke-width": 1.5 };
    return [line(halo, 4.5), line(ink, 1.6), svg("circle", { ...dot, "data-part": "held-out" })];
  }

  /** What it is called, on the empty side of zero. */
  private name(): SVGElement[] {
    const { cluster, at, spec } = this;
    const ends = [0, ...(cluster.held_out ?? [])].map(at.y);
    const open = cluster.index === spec.open;
    const narrow = at.wide < NARROW;
    if (narrow && !open) return [];
    const wide = narrow ? WIDEST_PLACE : at.wide - 4;
    const tied = cluster.tied > 1 && !cluster.turned ? ` ×${cluster.tied}` : "";
    const lines = labelLines(`${cluster.title}${tied}`, wide);
    const tall = (lines.length - 1) * LABEL.line;
    const [top, bottom] = [MARGIN.top + 10, spec.height - MARGIN.bottom - 4 - tall];
    const wanted = cluster.side === "Y" ? Math.min(...ends) - 6 - tall : Math.max(...ends) + 13;
    const y = Math.max(top, Math.min(bottom, wanted));
    const x = Math.max(MARGIN.left + wide / 2, Math.min(spec.width - MARGIN.right - wide / 2, this.middle));
    const fill = toCss(tone(spec.theme, open ? 1 : 0.75));
    const halo = { stroke: toCss(spec.theme.background), "stroke-width": 3, "paint-order": "stroke" };
    const look = { "text-anchor": "middle", "font-size": LABEL.size, fill, "font-weight": open ? 700 : 500 };
    const drawn = { ...look, ...(narrow ? halo : {}), x };
    return lines.map((line, i) => svg("text", { ...drawn, y: y + i * LABEL.line }, line));
  }
}
