/** What is said about a cluster. Pure; owns no state. */
import { count, percent, pValue, signedValue, tidy, value } from "../../page/format";
import type { Spectral } from "../../state/clusters";
import type { ClusterRow, EnrichmentRow } from "../../state/scene";

/** Who groups it and who does not. */
export function sideText(spectral: Spectral, side: 0 | 1): string {
  return `grouped by ${spectral.names[side]}, not by ${spectral.names[1 - side]}`;
}

export function sizeText(c: ClusterRow): string {
  return `${percent(c.share)} of the items (≈ ${count(Math.max(1, Math.round(c.effective_size)))})`;
}

/** What held-out rows say, and how sure that is. */
export function heldOutText(c: ClusterRow): string {
  if (!c.held_out) return "not tested on held-out rows";
  const [mean, low, high] = c.held_out.map(signedValue);
  const stable = c.stability === null ? "" : `, ${percent(c.stability)} stable`;
  return `held out ${mean} (${low} to ${high})${stable}`;
}

export const SURVIVING =
  "Fitted on half of the rows and measured on the other half, repeatedly: the interval excludes 0, most of the vector is found again, and the eigenvalue is beyond the noise floor.";

/** Why a cluster does not survive. */
export function failureText(spectral: Spectral, c: ClusterRow): string {
  const reasons: string[] = [];
  const [, low, high] = c.held_out ?? [0, 0, 0];
  if (spectral.side(c.index) === 0 ? low <= 0 : high >= 0) reasons.push("its held-out interval reaches 0");
  if (Math.abs(c.eigenvalue) <= (spectral.info?.noise_floor ?? 0)) reasons.push("it lies within the noise floor");
  const found = c.stability === null ? "little" : `only ${percent(c.stability)}`;
  if (reasons.length === 0) reasons.push(`${found} of its vector is found again on other rows`);
  return reasons.join(" and ");
}

/** One sentence with everything that a bar or a row shows. */
export function clusterTitle(spectral: Spectral, c: ClusterRow): string {
  const parts = [`Cluster ${c.index}: λ ${signedValue(c.eigenvalue)}`, sideText(spectral, spectral.side(c.index))];
  if (c.tied > 1) parts.push(`${c.tied} tied eigenvalues`);
  parts.push(sizeText(c), heldOutText(c));
  if (c.survives === false) parts.push(`does not survive on held-out rows: ${failureText(spectral, c)}`);
  if (spectral.constant(c.index)) parts.push("nearly constant: everything, no cluster");
  return parts.join("; ");
}

/** What a nearly constant eigenvector is, and what helps. */
export function constantText(spectral: Spectral): string {
  const remedy = spectral.info?.constant_remedy ?? "";
  return `This eigenvector is nearly constant: it holds everything, not a cluster. ${remedy}`.trim();
}

export function spectrumText(spectral: Spectral): string {
  const own = (side: 0 | 1) => spectral.clusters.filter((c) => spectral.side(c.index) === side).length;
  const [x, y] = spectral.names;
  const diff = value(spectral.info?.spec_diff);
  return `Spectrum: ${own(0)} clusters of ${x} above zero, ${own(1)} of ${y} below; SPEC-diff ${diff}`;
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
