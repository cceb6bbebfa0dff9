/** What the parts of the spectrum and of the small histograms mean: only the parts that are there. Owns no state. */

import { h, svg } from "../../page/dom";
import { value } from "../../page/format";
import { changeColours, toCss } from "../../page/palette";
import { type Theme, tone } from "../../page/theme";
import type { Spectral } from "../../state/clusters";
import type { GroupKind } from "../../state/scene";
import { GREY, unrelatedBeyond } from "./spectrum";
import { KINDS, RULES } from "./words";

type Sample = readonly [SVGElement[], string, string];

export function galleryKey(spectral: Spectral, theme: Theme): HTMLElement[] {
  return [...spectrumSamples(spectral, theme), ...densitySamples(theme)].map(([drawn, text, title]) =>
    h(
      "span",
      { class: "embw-sample", title },
      svg("svg", { width: 16, height: 12, "aria-hidden": "true" }, ...drawn),
      text,
    ),
  );
}

export function spectrumSamples(spectral: Spectral, theme: Theme): Sample[] {
  const { clusters, info } = spectral;
  const samples: Sample[] = kinds(spectral, theme);
  if (clusters.some((c) => c.held_out)) samples.push(heldOut(theme));
  if (clusters.some((c) => spectral.constant(c.index))) samples.push(empty(theme));
  if (info?.unrelated.length) samples.push(unrelated(spectral, theme));
  if (info && info.noise_floor > 0) samples.push(floor(info.noise_floor, theme));
  return samples;
}

function heldOut(theme: Theme): Sample {
  const ink = toCss(tone(theme, 1));
  const line = svg("line", { x1: 8, x2: 8, y1: 0, y2: 12, stroke: ink, "stroke-width": 1.6 });
  const title = "Fitted on half of the rows, measured on the other half, over several splits: mean and mean ± 1.96 sd.";
  return [[line, svg("circle", { cx: 8, cy: 6, r: 3, fill: ink })], "held-out rows: mean, 95% interval", title];
}

/** The kinds that there are, in the three words of every screen. */
function kinds(spectral: Spectral, theme: Theme): Sample[] {
  const { onlyX, onlyY } = changeColours(theme.dark);
  const grey = toCss(tone(theme, GREY));
  const looks: Record<GroupKind, readonly [string, string, number]> = {
    tight: [onlyX, onlyY, 1],
    broad: [onlyX, onlyY, 0.3],
    "not found again": [grey, grey, 1],
  };
  const there = new Set(spectral.clusters.filter((c) => !spectral.constant(c.index)).map((c) => c.kind));
  return (Object.keys(looks) as GroupKind[])
    .filter((kind) => there.has(kind))
    .map((kind) => {
      const [left, right, opacity] = looks[kind];
      const half = (x: number, colour: string) => {
        const box = { x, y: 1.5, width: 6.5, height: 9, fill: colour, "fill-opacity": opacity, stroke: colour };
        return svg("rect", box);
      };
      return [[half(0.75, left), half(8.75, right)], KINDS[kind], RULES[kind]] as const;
    });
}

function empty(theme: Theme): Sample {
  const look = { fill: "none", stroke: toCss(tone(theme, 0.8)), "stroke-dasharray": "3 2" };
  const box = svg("rect", { x: 1.5, y: 0.5, width: 13, height: 11, ...look });
  return [[box], "nearly constant: everything", "More than half of the vector's mass is the same for all items."];
}

function unrelated(spectral: Spectral, theme: Theme): Sample {
  const look = { stroke: toCss(tone(theme, 0.6)), "stroke-width": 1.5, "stroke-dasharray": "4 2" };
  const beyond = unrelatedBeyond(spectral);
  const text =
    beyond === undefined ? "unrelated spaces" : `unrelated spaces (up to ±${value(beyond)}, beyond the scale)`;
  const title = "As different as spaces can be whose items are paired at random: an upper reference, no threshold.";
  return [[svg("line", { x1: 0, x2: 16, y1: 6, y2: 6, ...look })], text, title];
}

function floor(at: number, theme: Theme): Sample {
  const band = svg("rect", { x: 0, y: 2, width: 16, height: 8, fill: toCss(tone(theme, 0.55)), opacity: 0.25 });
  return [[band], `noise floor ±${value(at)}`, "What random features alone make of a space against itself."];
}

function densitySamples(theme: Theme): Sample[] {
  const { onlyX, onlyY } = changeColours(theme.dark);
  const half = (x: number, colour: string) => {
    const box = { x, y: 1.5, width: 6.5, height: 9, fill: colour, "fill-opacity": 0.3, stroke: colour };
    return svg("rect", { ...box, "stroke-width": 1.5 });
  };
  const grey = svg("rect", { x: 1, y: 1, width: 14, height: 10, fill: toCss(tone(theme, 0.5)) });
  return [
    [[half(0.75, onlyX), half(8.75, onlyY)], "similarity within the group", "Kernel similarity of pairs of members."],
    [[grey], "to other items", "Kernel similarity of members to items outside."],
  ];
}
