/** What is said about an alignment: its fitting, and its groups. Pure; owns no state. */

import type { FitWords } from "../../controls/fitting_panel";
import { count, percent, signedValue, value } from "../../page/format";
import type { ChangeRow } from "../../state/alignment";
import type { AlignmentData } from "./data";

const MEANINGS =
  "Loss: what the steps lower, the objective and, times its weight, keep. Validation: the objective on fitted rows that no step sees; its best step is kept. Objective and validation are shares of what each was at the start. The held-out rows have no part in any of it.";

export function fittingWords([x, y]: readonly string[]): FitWords {
  const done = `Aligned ${x} to ${y}`;
  const scoring = `Measuring the alignment of ${x} to ${y}`;
  const failed = `${x} could not be aligned to ${y}`;
  const titles = { fitting: `Aligning ${x} to ${y}`, scoring, failed, done, stopped: done };
  const stop = "End the fitting: the best step so far is kept, measured on the held-out rows and shown";
  return { titles, stop, meanings: MEANINGS, plain: false };
}

/** Where two have the same name, their numbers tell them apart, as in the charts. */
export function groupName({ changes }: AlignmentData, c: ChangeRow): string {
  const alike = changes.filter((other) => other.title === c.title).length > 1;
  if (!c.title) return `group ${c.index}`;
  return alike ? `${c.index} · ${c.title}` : c.title;
}

/** How many of the held-out items are members. */
export const memberShare = ({ heldOut }: AlignmentData, c: ChangeRow): string =>
  percent(c.members / Math.max(1, heldOut.length));

const lambda = (v: number | null): string => (v === null ? "–" : signedValue(v));

/** "λ −0.210 → −0.030"; of one that appeared there was no group before, and so no λ of it. */
export const lambdaText = (c: ChangeRow): string =>
  c.appeared ? `appeared · λ ${lambda(c.after)}` : `λ ${lambda(c.before)} → ${lambda(c.after)}`;

/** Who holds it together. */
export function holderText(data: AlignmentData, c: ChangeRow): string {
  const [x, y] = data.names;
  const own = c.side === "Y" ? `grouped by ${y}, not by ${x}` : `grouped by ${x}, not by ${y}`;
  return c.appeared ? `after the fit ${own}` : own;
}

type Outcome = "closed" | "narrowed" | "unchanged" | "widened" | "appeared";

/** What became of a group's |λ|: less is nearer to the target. */
export function outcome(c: ChangeRow): Outcome {
  if (c.appeared) return "appeared";
  const [before, after] = [Math.abs(c.before ?? 0), Math.abs(c.after ?? 0)];
  if (after <= 0.25 * before) return "closed";
  if (after <= 0.9 * before) return "narrowed";
  return after <= 1.1 * before ? "unchanged" : "widened";
}

export const OUTCOMES: Record<Outcome, { glyph: string; word: string; meaning: string }> = {
  closed: { glyph: "✓", word: "closed", meaning: "at most a quarter of the difference is left" },
  narrowed: { glyph: "↘", word: "smaller", meaning: "the difference is smaller than it was" },
  unchanged: { glyph: "=", word: "as before", meaning: "the difference is about what it was" },
  widened: { glyph: "↗", word: "larger", meaning: "the difference is larger than it was" },
  appeared: { glyph: "✱", word: "appeared", meaning: "found only after the fit: none found before is like it" },
};

/** The signs that these groups have. */
export function outcomeKey({ changes }: AlignmentData): string {
  const found = new Set(changes.map(outcome));
  const all = Object.entries(OUTCOMES).filter(([name]) => found.has(name as Outcome));
  return `${all.map(([, { glyph, word }]) => `${glyph} ${word}`).join(", ")}.`;
}

export function groupTitle(data: AlignmentData, c: ChangeRow): string {
  const parts = [
    `${groupName(data, c)}: ${lambdaText(c)}`,
    OUTCOMES[outcome(c)].meaning,
    holderText(data, c),
    `${count(c.members)} members among the held-out items, ${memberShare(data, c)} of them`,
    tightness(data, c),
  ];
  if (c.survives === false) parts.push("not found again on other held-out items");
  return parts.filter(Boolean).join("; ");
}

/** How alike members are to each other, in the mapped space before and after, and in the target. */
export function tightness({ names }: AlignmentData, c: ChangeRow): string {
  const [before, after] = c.within_x;
  const known = [before, after, c.within_y].every((v) => v !== null && Number.isFinite(v));
  if (!known) return "";
  return `similarity of two members: ${names[0]} ${value(before)} → ${value(after)}, ${names[1]} ${value(c.within_y)}`;
}
