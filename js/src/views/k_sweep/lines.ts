/** Which curves the k-sweep shows, in the units of a measure. Pure; owns no state. */

import type { Chart, Line } from "../../chart/line_chart";
import { shorten } from "../../page/graphemes";
import { classStyle, namedStyle, toCss } from "../../page/palette";
import { type Theme, tone } from "../../page/theme";
import {
  asMeasure,
  chanceBand,
  groupMeans,
  type MeanCurves,
  type Measure,
  onScale,
  runsBand,
} from "../../state/curves";
import type { SceneData } from "../../state/data";
import type { Named } from "../../state/selection";
import type { ClassLine } from "./class_choice";

const FAINT = 0.16;
const DASHES = [undefined, "7 3", "2 3", "9 3 2 3"];

export const MEASURES: readonly (readonly [Measure, string, string])[] = [
  ["mutual_knn", "Kept", "neighbours kept, mean share of k"],
  ["nngs", "NNGS", "NNGS, mean Jaccard of neighbour sets"],
  ["adjusted", "Adjusted", "adjusted NNGS (TAS), 0 = chance"],
  ["r_nx", "R_NX", "R_NX, neighbours kept beyond chance, 0 = chance"],
];

export const measureTitle = (measure: Measure): string => MEASURES.find(([m]) => m === measure)?.[2] ?? measure;

interface Shown {
  measure: Measure;
  classes: readonly ClassLine[];
  selected: Uint32Array;
  named?: readonly Named[];
  hovered: number;
  pinned: number;
}

/** All lines, drawn last on top: chance, classes, all items, selection, pinned, hovered. */
export function sweepLines(data: SceneData, shown: Shown, theme: Theme): Line[] {
  const { among: n, kMax, chance } = data;
  const put = (curve: MeanCurves) =>
    asMeasure(curve, shown.measure, n, chance).map((v, j) => (data.withheld(j + 1) ? Number.NaN : v));
  const ink = toCss(tone(theme, 0.95));
  const lines: Line[] = [
    {
      id: "chance",
      name: "chance",
      values: chanceBand(shown.measure, n, chance).mean,
      colour: toCss(tone(theme, 0.5)),
      width: 1.5,
      dash: "5 4",
    },
  ];
  shown.classes.forEach(({ code, name, size, rank }) => {
    const { colour } = classStyle(rank, theme.dark);
    const values = put(groupMeans(data.classSums, code, kMax));
    lines.push({
      id: `class-${code}`,
      name: name || "(empty)",
      title: `${name}, ${size.toLocaleString("en")} items`,
      values,
      colour,
      width: 1.4,
      dash: DASHES[(rank >> 3) % DASHES.length],
      opacity: 0.85,
    });
  });
  const runs = runsBand(shown.measure, n, chance, data.runs);
  if (runs) {
    const title = "re-runs of the same model, from the least to the most alike";
    lines.push({
      id: "runs",
      name: "re-runs",
      title,
      values: runs.mean,
      colour: runsColour(theme),
      width: 2,
      dash: "2 3",
    });
  }
  lines.push({
    id: "all",
    name: "all items",
    values: put(data.overall),
    colour: ink,
    width: 2.6,
  });
  lines.push(...namedLines(data, shown.named ?? [], put, theme));
  const extra = (id: string, name: string, rows: Uint32Array, dash: string) =>
    lines.push({ id, name, values: put(data.meansOf(rows)), colour: ink, width: 1.6, dash });
  if (shown.selected.length) extra("selected", "selection", shown.selected, "8 3");
  if (shown.pinned >= 0) extra("pinned", shorten(data.describe(shown.pinned), 26), Uint32Array.of(shown.pinned), "3 2");
  if (shown.hovered >= 0 && shown.hovered !== shown.pinned) {
    extra("hovered", shorten(data.describe(shown.hovered), 26), Uint32Array.of(shown.hovered), "1.5 2.5");
  }
  return lines;
}

/** Each named selection by itself. */
function namedLines(
  data: SceneData,
  named: readonly Named[],
  put: (curve: MeanCurves) => Float64Array,
  theme: Theme,
): Line[] {
  return named.map(({ name, rows }, place) => ({
    id: `named-${name}`,
    name: shorten(name, 40),
    title: `${name}, ${rows.length.toLocaleString("en")} items`,
    values: put(data.meansOf(rows)),
    width: 2,
    ...namedStyle(place, theme.dark),
  }));
}

/** The others faint beside the one that is pointed at, if it is among them. */
export function standOut(lines: readonly Line[], id: string | undefined): Line[] {
  const there = lines.some((line) => line.id === id);
  return lines.map((line) => (there && line.id !== id ? { ...line, opacity: FAINT } : line));
}

const runsColour = (theme: Theme): string => (theme.dark ? "#d79bea" : "#7b2d91");

/** From the least to the most alike of the re-runs, where there are some. */
export function runsBands(data: SceneData, measure: Measure, theme: Theme): Chart["bands"] {
  const band = runsBand(measure, data.among, data.chance, data.runs);
  return band ? [{ ...band, colour: runsColour(theme), opacity: 0.25 }] : [];
}

/** The null band, and the interval of the mean where there is one. */
export function sweepBands(data: SceneData, measure: Measure, theme: Theme): Chart["bands"] {
  const { among: n, kMax, chance, interval } = data;
  const grey = toCss(tone(theme, 0.5));
  const bands = [{ ...chanceBand(measure, n, chance), colour: grey, opacity: 0.22 }];
  if (interval.length === 4 * kMax) {
    const first = measure === "mutual_knn" || measure === "r_nx" ? 2 : 0;
    const scaled = (row: number) =>
      Float64Array.from({ length: kMax }, (_, j) =>
        onScale(interval[(first + row) * kMax + j], measure, j + 1, n, chance.nngs[j]),
      );
    bands.push({
      mean: new Float64Array(0),
      low: scaled(0),
      high: scaled(1),
      colour: toCss(tone(theme, 0.95)),
      opacity: 0.12,
    });
  }
  return bands;
}

/** Peaks are expected where k reaches the other members of a class; a sample does not tell how many there are. */
export function sizeMarks(data: SceneData, classes: readonly ClassLine[], theme: Theme): Chart["marks"] {
  if (data.sampled) return [];
  return classes
    .map((c) => ({ ...c, colour: classStyle(c.rank, theme.dark).colour }))
    .filter((c) => c.size - 1 >= 1 && c.size - 1 <= data.kMax)
    .map((c) => ({ k: c.size - 1, colour: c.colour, title: `${c.name}: class size − 1 = ${c.size - 1}` }));
}

/** Room for every visible line but a passing hover, and for those bands; a little air above, zero always in sight. */
export function yRange(lines: readonly Line[], bands: Chart["bands"] = []): [number, number] {
  let [low, high] = [0, 0];
  const shown = lines.filter((line) => line.id !== "hovered").map((line) => line.values);
  for (const values of [...shown, ...bands.flatMap((band) => [band.low, band.high])]) {
    for (const v of values) {
      if (v > high) high = v;
      if (v < low) low = v;
    }
  }
  return [low < 0 ? low * 1.05 : 0, Math.max(0.02, Math.min(1.02, high * 1.06))];
}
