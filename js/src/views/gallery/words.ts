/** What is said about a cluster. Pure; owns no state. */
import { count, percent, pValue, signedValue, tidy, value } from "../../page/format";
import type { Spectral } from "../../state/clusters";
import type { ClusterRow, EnrichmentRow, GroupKind } from "../../state/scene";

/** How often, in its own space, a member ranks a fellow member before an outsider in a tight group (`Cluster.kind`). */
const TIGHT = 0.75;

/** The three words that every screen uses. */
export const KINDS: Record<GroupKind, string> = {
  tight: "tight",
  broad: "broad direction",
  "not found again": "not found again",
};

/** The rule behind each of them. */
export const RULES: Record<GroupKind, string> = {
  tight: `Of its members, a fellow member is more similar than an outsider at least ${percent(TIGHT)} of the time in its own space.`,
  broad: `A direction more than a group: a fellow member is more similar than an outsider less than ${percent(TIGHT)} of the time.`,
  "not found again":
    "On other rows its eigenvalue is not of its sign, less than half of its vector is found, or it lies in the noise floor.",
};

/** Who groups some of the items more. */
export function moreText(spectral: Spectral, side: 0 | 1): string {
  return `more by ${spectral.names[side]} than by ${spectral.names[1 - side]}`;
}

/** Who groups it, and whether the other does not at all. */
export function sideText(spectral: Spectral, c: ClusterRow): string {
  const side = spectral.side(c.index);
  const [own, other] = [spectral.names[side], spectral.names[1 - side]];
  return c.exclusive ? `by ${own}, not by ${other}` : moreText(spectral, side);
}

export const membersText = (c: ClusterRow): string => `${count(c.members)} member${c.members === 1 ? "" : "s"}`;

/** What held-out rows say, and how sure that is. */
export function heldOutText(c: ClusterRow): string {
  if (!c.held_out) return "not tried on held-out rows";
  const [mean, low, high] = c.held_out.map(signedValue);
  const stable = c.stability === null ? "" : `, ${percent(c.stability)} stable`;
  return `held out ${mean} (${low} to ${high})${stable}`;
}

/** Why a cluster is not found again. */
export function failureText(spectral: Spectral, c: ClusterRow): string {
  const reasons: string[] = [];
  const [, low, high] = c.held_out ?? [0, 0, 0];
  if (spectral.side(c.index) === 0 ? low <= 0 : high >= 0) reasons.push("its held-out interval reaches 0");
  if (Math.abs(c.eigenvalue) <= (spectral.info?.noise_floor ?? 0)) reasons.push("it lies within the noise floor");
  const found = c.stability === null ? "little" : `only ${percent(c.stability)}`;
  if (reasons.length === 0) reasons.push(`${found} of its vector is found again on other rows`);
  return reasons.join(" and ");
}

/** Its kind, with what makes it that. */
export function kindText(spectral: Spectral, c: ClusterRow): string {
  if (c.kind === "not found again") return `Not found again: ${failureText(spectral, c)}.`;
  const side = spectral.side(c.index);
  const share = c.ranking[side];
  const found = c.held_out ? "found again on other rows, and " : "";
  const ranked = share === null ? "too few items to rank" : `${spectral.names[side]} ranks ${rankedText(share)}`;
  const limit = c.kind === "tight" ? `at least ${percent(TIGHT)}` : `below ${percent(TIGHT)}`;
  return `${c.kind === "tight" ? "Tight" : "Broad direction"}: ${found}${ranked}${share === null ? "" : ` (${limit})`}.`;
}

const rankedText = (share: number): string => `a fellow member before an outsider in ${percent(share)} of pairs`;

/** What the size of λ says beside that of unrelated spaces; nothing where it is larger, or they were not tried. */
export function unrelatedText(spectral: Spectral, c: ClusterRow): string {
  if (!c.inside_unrelated) return "";
  const most = Math.max(...(spectral.info?.unrelated ?? []).map(Math.abs));
  const rest =
    c.kind === "not found again" || !c.held_out
      ? "its size alone tells of no group."
      : "its size alone tells of no group, but that other rows have it again does.";
  return `Its λ of ${signedValue(c.eigenvalue)} lies within what unrelated spaces reach (±${value(most)}): ${rest}`;
}

/** Where its name comes from. */
export function nameText(c: ClusterRow): string {
  const tested = c.name !== null && c.name_test;
  const test = tested
    ? `“${c.name}” tells ${count(tested.members)} members that it was not chosen on from ${count(tested.others)} others (AUC ${value(tested.auc)}, q = ${pValue(tested.q)}).`
    : "";
  if (c.given_name !== null) return `“${c.given_name}” is your name for it. ${test}`.trim();
  if (c.name !== null || !c.name_test) return test;
  return `No name holds for it: the best one has an AUC of ${value(c.name_test.auc)}, q = ${pValue(c.name_test.q)}.`;
}

/** One sentence with everything that a bar or a line shows. */
export function clusterTitle(spectral: Spectral, c: ClusterRow): string {
  const parts = [`${c.title}: λ ${signedValue(c.eigenvalue)}`, sideText(spectral, c), KINDS[c.kind]];
  if (c.tied > 1 && !c.turned) parts.push(`${c.tied} tied eigenvalues`);
  parts.push(membersText(c), heldOutText(c));
  if (c.kind === "not found again") parts.push(failureText(spectral, c));
  if (spectral.constant(c.index)) parts.push("nearly constant: everything, no group");
  return parts.join("; ");
}

/** What a nearly constant eigenvector is, and what helps. */
export function constantText(spectral: Spectral): string {
  const remedy = spectral.info?.constant_remedy ?? "";
  return `This eigenvector is nearly constant: it holds everything, not a group. ${remedy}`.trim();
}

export function spectrumText(spectral: Spectral): string {
  const own = (side: 0 | 1) => spectral.clusters.filter((c) => spectral.side(c.index) === side).length;
  const [x, y] = spectral.names;
  const diff = value(spectral.info?.spec_diff);
  return `Spectrum: ${own(0)} groups of ${x} above zero, ${own(1)} of ${y} below; SPEC-diff ${diff}`;
}

/** "×12", "×∞": how many times the odds inside are those outside. */
export function oddsText(odds: number | null): string {
  if (odds === null) return "×∞";
  return `×${odds >= 99.5 ? count(Math.round(odds)) : odds >= 9.95 ? odds.toFixed(0) : odds.toFixed(1)}`;
}

export function enrichmentTitle(e: EnrichmentRow): string {
  const inside = `${count(e.inside)} of ${count(e.members)} members`;
  const outside = `${count(e.outside)} of ${count(e.others)} others`;
  const odds = `odds ratio ${e.odds === null ? "infinite" : oddsText(e.odds).slice(1)}`;
  return `${e.kind} “${e.term}”: ${inside}, ${outside}; ${odds}, p = ${pValue(e.p)}, q = ${pValue(e.q)}`;
}

/** How tight the members are in a space, and how often a fellow member is the more similar one. */
export function tightnessText(c: ClusterRow, space: 0 | 1): string {
  const short = (v: number | null) => (v === null ? "–" : tidy(Math.round(100 * v) / 100));
  return `within ${short(c.within[space])} · out ${short(c.between[space])}`;
}

export function rankingText(c: ClusterRow, space: 0 | 1): string {
  const share = c.ranking[space];
  return share === null ? "–" : percent(share);
}

/** What the turn of eigenvectors to one group each made of this one, and cost it. */
export function turnedText({ tied, lost }: ClusterRow): string {
  const cost = lost < 0.005 ? "as large as the largest of theirs" : `${percent(lost)} below the largest of theirs`;
  return `Turned out of ${tied} eigenvectors that hold several groups between them; |λ| is ${cost}.`;
}
