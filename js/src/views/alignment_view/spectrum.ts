/**
 * The spectra before and after, on held-out items: at every rank an empty bar for before and a full one for after, groups
 * of X above zero, groups of Y below; a dashed tick where unrelated spaces would be, an arrow where that is beyond the
 * scale. Pure; owns no state.
 */

import { linear, niceTicks, type Scale } from "../../chart/axes";
import { inkOf } from "../../chart/ink";
import { namesBeside } from "../../chart/names_beside";
import { svg } from "../../page/dom";
import { signedValue, tidy } from "../../page/format";
import { changeColours, toCss } from "../../page/palette";
import { FONT, type Theme, tone } from "../../page/theme";
import type { SpectrumInfo } from "../../state/alignment";
import type { AlignmentData } from "./data";

const MARGIN = { left: 48, right: 8, top: 18, bottom: 20 };
const MOST_RANKS = 10;
const TITLE = { x: 4, "font-size": 11.5, "font-weight": 600 };
/** Unrelated spaces may stretch the scale by this much: the bars are to be read. */
const STRETCH = 2;

interface Rank {
  before: number | undefined;
  after: number | undefined;
  /** Of unrelated spaces, before and after. */
  unrelated: (number | undefined)[];
}

/** Eigenvalues of one sign by their rank, largest |λ| first. */
function side(info: SpectrumInfo, sign: 1 | -1): { own: number[]; unrelated: number[] } {
  const pick = (all: readonly (number | null)[]) =>
    all
      .filter((v): v is number => v !== null && v * sign > 0)
      .sort((a, b) => sign * (b - a))
      .slice(0, MOST_RANKS);
  return { own: pick(info.eigenvalues), unrelated: pick(info.unrelated) };
}

function ranksOf(before: SpectrumInfo, after: SpectrumInfo, sign: 1 | -1): Rank[] {
  const [b, a] = [side(before, sign), side(after, sign)];
  return Array.from({ length: Math.max(b.own.length, a.own.length) }, (_, r) => ({
    before: b.own[r],
    after: a.own[r],
    unrelated: [b.unrelated[r], a.unrelated[r]],
  }));
}

function range(ranks: readonly Rank[]): [number, number] {
  const own = ranks.flatMap((r) => [r.before ?? 0, r.after ?? 0]);
  const most = Math.max(...own.map(Math.abs), 0) || 1;
  const all = [...own, ...ranks.flatMap((r) => r.unrelated.filter((v) => v !== undefined))].filter(
    (v) => Math.abs(v) <= STRETCH * most,
  );
  // Both sides are always there, so that an empty one is seen to be empty.
  return [Math.min(-0.2 * most, ...all) * 1.06, Math.max(0.2 * most, ...all) * 1.06];
}

export function spectrumSummary(data: AlignmentData): string {
  const [before, after] = [data.spectrum("before"), data.spectrum("after")];
  const diff = (v: number | null) => (v === null ? "–" : tidy(v));
  const key = "empty bars before, full bars after; dashes: unrelated spaces, before and after";
  return `SPEC-diff ${diff(before.spec_diff)} → ${diff(after.spec_diff)}; ${key}`;
}

export function drawSpectra(node: SVGSVGElement, data: AlignmentData, size: [number, number], theme: Theme): void {
  const [width, height] = size;
  const [before, after] = [data.spectrum("before"), data.spectrum("after")];
  const [above, below] = [ranksOf(before, after, 1), ranksOf(before, after, -1)];
  const [from, to] = range([...above, ...below]);
  const y = linear(from, to, height - MARGIN.bottom, MARGIN.top);
  const room = width - MARGIN.left - MARGIN.right;
  const wide = Math.min(44, room / Math.max(1, above.length, below.length));
  for (const [name, v] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT }))
    node.setAttribute(name, String(v));
  const { onlyX, onlyY } = changeColours(theme.dark);
  const place = (r: Rank, i: number, ink: string) =>
    drawRank(r, { left: MARGIN.left + i * wide, wide, y, bottom: height - MARGIN.bottom }, ink, i, theme);
  const zero = { x1: MARGIN.left, x2: width - MARGIN.right, y1: y(0), y2: y(0), stroke: toCss(tone(theme, 0.75)) };
  node.replaceChildren(
    ...drawAxis(y, from, to, width - MARGIN.right, theme),
    ...above.map((r, i) => place(r, i, onlyX)),
    ...below.map((r, i) => place(r, i, onlyY)),
    svg("line", zero),
    ...beyond(above, y, [width, height], theme),
    ...beyond(below, y, [width, height], theme),
    sideTitle("▲", data.names, { y: 11, fill: inkOf(onlyX, theme) }, width),
    sideTitle("▼", [data.names[1], data.names[0]], { y: height - 5, fill: inkOf(onlyY, theme) }, width),
  );
}

/** Who groups what is on this side; in full where the pointer rests. */
function sideTitle(glyph: string, names: readonly string[], look: { y: number; fill: string }, width: number) {
  const words = ([a, b]: readonly string[]) => `${glyph} grouped by ${a}, not by ${b}`;
  const short = namesBeside(names, words(["", ""]), width - 2 * TITLE.x, TITLE["font-size"]);
  return svg("text", { ...TITLE, ...look }, words(short), svg("title", {}, words(names)));
}

/** How far unrelated spaces reach, where that is beyond the scale. */
function beyond(ranks: readonly Rank[], y: Scale, [width, height]: [number, number], theme: Theme): SVGElement[] {
  const out = ranks.flatMap((r) =>
    r.unrelated.filter((v) => v !== undefined && offScale(y(v), height - MARGIN.bottom)),
  );
  if (out.length === 0) return [];
  const most = out.reduce((a, b) => (Math.abs(b ?? 0) > Math.abs(a ?? 0) ? b : a)) ?? 0;
  const at = { x: width - MARGIN.right, y: most > 0 ? MARGIN.top + 9 : height - MARGIN.bottom - 3 };
  const look = { "font-size": 10.5, "text-anchor": "end", fill: toCss(tone(theme, 0.75)), "data-part": "beyond" };
  return [svg("text", { ...at, ...look }, `${most > 0 ? "↑" : "↓"} unrelated up to ${signedValue(most)}`)];
}

const offScale = (at: number, bottom: number): boolean => at < MARGIN.top || at > bottom;

function drawAxis(y: Scale, from: number, to: number, right: number, theme: Theme): SVGElement[] {
  const ink = toCss(tone(theme, 0.66));
  const line = toCss(tone(theme, 0.1));
  const drawn = niceTicks(from, to, 5).flatMap((tick) => [
    svg("line", { x1: MARGIN.left, x2: right, y1: y(tick), y2: y(tick), stroke: line }),
    svg(
      "text",
      { x: MARGIN.left - 6, y: y(tick) + 3.5, "text-anchor": "end", "font-size": 10.5, fill: ink },
      tidy(tick),
    ),
  ]);
  const turn = `translate(10 ${(y(from) + y(to)) / 2}) rotate(-90)`;
  return [
    ...drawn,
    svg("text", { "text-anchor": "middle", "font-size": 11, fill: ink, transform: turn }, "eigenvalue λ"),
  ];
}

/** At the edge, towards a value that is beyond it. */
function arrow(v: number, x: number, bottom: number, theme: Theme): SVGElement {
  const [tip, down] = v > 0 ? [MARGIN.top, 6] : [bottom, -6];
  const look = { fill: toCss(tone(theme, 0.6)), stroke: toCss(theme.background), "data-part": "unrelated" };
  return svg(
    "path",
    { d: `M${x} ${tip}l4 ${down}h-8Z`, ...look },
    svg("title", {}, `unrelated spaces ${signedValue(v)}`),
  );
}

interface Place {
  left: number;
  wide: number;
  y: Scale;
  bottom: number;
}

function drawRank(rank: Rank, { left, wide, y, bottom }: Place, ink: string, at: number, theme: Theme): SVGElement {
  const each = Math.min(14, wide * 0.36);
  const middle = left + wide / 2;
  const bar = (v: number | undefined, x: number, look: Record<string, string>) => {
    if (v === undefined) return [];
    const [from, to] = [Math.min(y(0), y(v)), Math.max(y(0), y(v))];
    return [svg("rect", { x, y: from, width: each, height: Math.max(0.5, to - from), ...look })];
  };
  const [was, is] = [rank.before, rank.after].map((v) => (v === undefined ? "none" : signedValue(v)));
  const tick = rank.unrelated.flatMap((v, i) => {
    if (v === undefined) return [];
    // Over its own bar: the left one before, the right one after.
    const [x1, x2] = i === 0 ? [left + 0.06 * wide, middle - 0.8] : [middle + 0.8, left + 0.94 * wide];
    if (offScale(y(v), bottom)) return [arrow(v, (x1 + x2) / 2, bottom, theme)];
    const look = { stroke: toCss(tone(theme, 0.6)), "stroke-width": 1.5, "stroke-dasharray": "4 2" };
    return [svg("line", { x1, x2, y1: y(v), y2: y(v), ...look, "data-part": "unrelated" })];
  });
  const title = svg("title", {}, `λ number ${at + 1} of this side: before ${was}, after ${is}`);
  const empty = { fill: toCss(theme.background), stroke: ink, "stroke-width": "1.4", "data-part": "before" };
  const full = { fill: ink, stroke: ink, "stroke-width": "1.4", "data-part": "after" };
  return svg(
    "g",
    {},
    title,
    ...bar(rank.before, middle - each - 0.8, empty),
    ...bar(rank.after, middle + 0.8, full),
    ...tick,
  );
}
