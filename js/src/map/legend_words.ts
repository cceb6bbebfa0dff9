/** What the colours of the maps mean, for a legend in the page and for one in a file. Pure; owns no state. */
import { STRIP } from "../controls/histogram_bar";
import { count, signedValue, value } from "../page/format";
import { shorten } from "../page/graphemes";
import { CLASS_STYLES, classStyle, diverging, otherColour, ramp, type Shape, toCss } from "../page/palette";
import { type Theme, tone } from "../page/theme";
import type { Context } from "../state/context";
import { agreementScale, type ColourMode, loadingScale, loadingTone, scoreOf } from "./colouring";

/** Letters of a name in a legend; its title has it whole. */
export const MOST_LETTERS = 60;

const GROUP_LETTERS = 40;

/** One colour, and what it is for; of a class its code. */
export interface LegendKey {
  shape: Shape;
  colour: string;
  text: string;
  title?: string;
  code?: number;
}

/** A scale of colours over bins, with how many items there are in each. */
export interface LegendScale {
  low: string;
  high: string;
  title: string;
  heights: Float64Array;
  colour(bin: number): string;
  bin(row: number): number;
  /** What a stretch of it selects items by. */
  how: string;
}

export interface LegendWords {
  /** What stands before the scale, or in its place. */
  told: string;
  scale?: LegendScale;
  keys: readonly LegendKey[];
}

const only = (told: string): LegendWords => ({ told, keys: [] });

export function legendOf(context: Context, mode: ColourMode, theme: Theme): LegendWords {
  if (mode === "label") return labels(context, theme);
  if (mode === "loading") return loading(context, theme);
  if (scoreOf(mode) >= 0) return score(context, scoreOf(mode), theme);
  return mode === "selection" ? selection(context, theme) : agreement(context, mode, theme);
}

/** What the grey squares are: so many items that have no value. */
const without = (text: string, theme: Theme): LegendKey => ({
  shape: "square",
  colour: otherColour(theme.dark),
  text,
});

function labels({ data }: Context, theme: Theme): LegendWords {
  const { classes, n } = data;
  if (classes.length === 0) return only("These items have no labels: choose another colouring.");
  const shown = classes.slice(0, CLASS_STYLES).map((c, rank): LegendKey => {
    const title = `${c.name}: ${count(c.size)} items. Click to select them, Shift-click to add them.`;
    return { ...classStyle(rank, theme.dark), text: shorten(c.name, MOST_LETTERS) || "(empty)", title, code: c.code };
  });
  const grey = (text: string): LegendKey => ({ shape: "circle", colour: otherColour(theme.dark), text });
  const rest = classes.length - CLASS_STYLES;
  const none = n - classes.reduce((sum, c) => sum + c.size, 0);
  const other = rest > 0 ? [grey(`${count(rest)} smaller classes`)] : [];
  return { told: "", keys: [...shown, ...other, ...(none > 0 ? [grey(`no label (${count(none)})`)] : [])] };
}

function selection({ data, linked }: Context, theme: Theme): LegendWords {
  const chosen = linked.selected.length;
  if (chosen === 0) return only("Nothing is selected: drag around points in a map.");
  const key = (colour: string, text: string): LegendKey => ({ shape: "circle", colour, text });
  const own = key(classStyle(1, theme.dark).colour, `selected (${count(chosen)})`);
  return { told: "", keys: [own, key(otherColour(theme.dark), `other (${count(data.n - chosen)})`)] };
}

const ramped = (theme: Theme) => (b: number) => toCss(ramp(b / (STRIP.bins - 1), theme.dark));

function agreement({ data, linked }: Context, mode: ColourMode, theme: Theme): LegendWords {
  const { k } = linked;
  if (data.withheld(k)) return only(`Not scored at k = ${k}: ties alone decide the neighbours.`);
  const { values, bins, high } = agreementScale(data, k, mode);
  const binOf = (v: number) => Math.round((STRIP.bins - 1) * Math.max(0, Math.min(1, v / high)));
  const heights = new Float64Array(STRIP.bins);
  values.forEach((v, x) => {
    heights[binOf(v)] += bins[x];
  });
  const name = mode === "adjusted" ? "chance-adjusted agreement" : "agreement (Jaccard)";
  const scale: LegendScale = {
    low: mode === "adjusted" ? "≤ 0" : "0",
    high: `≥ ${value(high)}`,
    title: "Each bar: items with that agreement. Drag over the bars to select those items.",
    heights,
    colour: ramped(theme),
    bin: (row) => binOf(values[Math.round(data.shared(row, k))]),
    how: `by their agreement at k = ${k}`,
  };
  const keys = data.sampled ? [without(`not sampled (${count(data.n - data.counts.n)})`, theme)] : [];
  return { told: `Item's ${name} at k = ${k}:`, scale, keys };
}

function loading({ data, linked }: Context, theme: Theme): LegendWords {
  const { cluster } = linked;
  if (cluster < 0) return only("No group is open: choose one in the Gallery.");
  const loadings = data.spectral.loading(cluster);
  if (loadings.length === 0) return only("The loadings of this group had no room in the page.");
  const most = loadingScale(data, cluster);
  const title = shorten(data.spectral.title(cluster), GROUP_LETTERS);
  const binOf = (u: number) => Math.round(((STRIP.bins - 1) * (1 + u / most)) / 2);
  const heights = new Float64Array(STRIP.bins);
  for (const u of loadings) heights[binOf(u)]++;
  const middle = tone(theme, 0.22);
  const scale: LegendScale = {
    low: `◆ ${signedValue(-most)}`,
    high: `${signedValue(most)} ●`,
    title: "Each bar: items with that loading. Drag over the bars to select those items.",
    heights,
    colour: (b) => toCss(diverging(loadingTone((2 * b) / (STRIP.bins - 1) - 1), middle, theme.dark)),
    bin: (row) => binOf(loadings[row]),
    how: `by their loading in “${title}”`,
  };
  return { told: `Item's loading in “${title}”:`, scale, keys: [] };
}

function score({ data }: Context, at: number, theme: Theme): LegendWords {
  const { itemScores, n } = data;
  const { name, chance, higher_is_similar: rises } = itemScores.rows[at];
  const { less, more } = itemScores.ends(at);
  const shares = itemScores.shares(at);
  const bin = (row: number) => Math.round((STRIP.bins - 1) * shares[row]);
  const heights = new Float64Array(STRIP.bins);
  let none = 0;
  for (let row = 0; row < n; row++) {
    if (Number.isNaN(bin(row))) none++;
    else heights[bin(row)]++;
  }
  const [below, above] = rises ? ["≤", "≥"] : ["≥", "≤"];
  const means = `mean ${value(itemScores.mean(at))}${chance === null ? "" : `, chance ${value(chance)}`}`;
  const scale: LegendScale = {
    low: `${below} ${value(less)}`,
    high: `${above} ${value(more)}`,
    title: "Each bar: items with that score. Drag over the bars to select those items.",
    heights,
    colour: ramped(theme),
    bin,
    how: `by their ${name}`,
  };
  const told = `Item's ${name} (${rises ? "larger" : "smaller"}: more alike; ${means}):`;
  return { told, scale, keys: none ? [without(`no value (${count(none)})`, theme)] : [] };
}
