/** What the playground says. Pure; owns no state. */
import type { Meters } from "../../meters/three_meters";
import type { Meter } from "./guesses";
import { SHAPES } from "./marks";

export const LEAD =
  "Sixty items in two spaces. Drag a point, or with Shift its cluster, and see which meter notices. Lines join near neighbours.";

export const SEES: Record<Meter, string> = {
  nngs: "Who is next to whom: shared neighbours among the k nearest. 1 = the same.",
  cka: "The broad layout: squared distances, the large ones above all. 1 = the same.",
  spec: "A group that only one space holds together. 0 = none; and it names its points.",
};

export const MEANS: Record<Meter, string> = {
  nngs: "Mean Jaccard similarity of both sets of k nearest neighbours (Euclidean), at every k; chance is its exact mean under random relabelling, the band ±2 of its standard deviations.",
  cka: "Linear CKA, debiased; chance is exactly 0, whatever the points. Below 0 it is drawn at 0.",
  spec: "The eigenvalue of (K_X − K_Y)/n of largest size, by size. K: Gaussian kernel, bandwidth 0.3 median distances of each space, not centred. Chance: mean of 20 shuffles of the rows.",
};

export const CHANCE_MEANS =
  "The grey curves have the exact mean and the closed-form spread over all 60! orders of the rows; their shape is Pearson's type III law, with the skewness that the limit law of CKA has, and of NNGS that of 200 shuffles.";

/** Two decimals, and no sign of a zero. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const text = Math.abs(value).toFixed(2);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** From this size of λ on its points are worth a name. */
export const WORTH = 0.1;

/** Which points SPEC names, and what the one space does with them that the other does not. */
export function namedPoints(meters: Meters, k: number, rows: readonly number[], groups: ArrayLike<number>): string {
  const { spec } = meters;
  if (!(Math.abs(spec.value) >= WORTH)) return "No group to speak of.";
  if (nothingShared(meters, k))
    return "Neighbours and layout are those of chance: nothing is shared, and any group will do.";
  const [one, other] = spec.value > 0 ? "XY" : "YX";
  const [plus, minus] = [1, -1].map((sign) => rows.filter((row) => Math.sign(spec.vector[row]) === sign));
  // Loadings of both signs: what is together on one end is apart from what is together on the other.
  if (Math.min(plus.length, minus.length) * 4 > rows.length) {
    return `${one} tells ${counted(plus, groups)} from ${counted(minus, groups)}; ${other} does not.`;
  }
  return `${one} holds ${counted(rows, groups)} together; ${other} does not.`;
}

const FAR = 3;

/** Whether NNGS and CKA are both within three standard deviations of chance. */
function nothingShared({ nngs, nngsChance, cka, ckaChance }: Meters, k: number): boolean {
  const { mean, sd } = nngsChance[k - 1];
  return nngs[k - 1] < mean + FAR * sd && cka < FAR * ckaChance.sd;
}

function counted(rows: readonly number[], groups: ArrayLike<number>): string {
  const told = SHAPES.flatMap((shape, group) => {
    const count = rows.filter((row) => groups[row] === group).length;
    return count > 0 ? [`${count} ${count === 1 ? shape.slice(0, -1) : shape}`] : [];
  });
  return told.length > 1 ? `${told.slice(0, -1).join(", ")} and ${told.at(-1)}` : told.join();
}

interface Challenge {
  goal: string;
  hint: string;
  met(meters: Meters): boolean;
}

export const CHALLENGES: readonly Challenge[] = [
  {
    goal: "CKA above 0.85 with NNGS at k = 3 below 0.10",
    hint: "Keep every cluster where it is, and let its points change places. One of the buttons above does just that.",
    met: ({ cka, nngs }) => cka > 0.85 && nngs[2] < 0.1,
  },
  {
    goal: "CKA below 0.20 with NNGS at k = 10 above 0.90",
    hint: "One point can do it. Throw it far; once it is beyond the rim, Fit all lets you throw it farther.",
    met: ({ cka, nngs }) => cka < 0.2 && nngs[9] > 0.9,
  },
  {
    goal: "SPEC's λ beyond 0.12 with NNGS at k = 3 above 0.90",
    hint: "Start from Turned and scaled. With Shift, drag one whole cluster of Y so near to another that they touch.",
    met: ({ spec, nngs }) => Math.abs(spec.value) > 0.12 && nngs[2] > 0.9,
  },
];

/** For whoever hears and does not see. */
export function toldMeters(meters: Meters, k: number): string {
  const { nngs, cka, spec } = meters;
  return `NNGS at k = ${k} ${short(nngs[k - 1])}, CKA ${short(cka)}, λ ${short(spec.value)}.`;
}
