/** Which groups of items get their names written on the maps. Pure; owns no state. */
import type { SceneData } from "../state/data";
import type { ColourMode } from "./colouring";
import type { Group } from "./places";

const MOST_GROUPS = 40;
/** Share of all items that a class must have, so that what is written is what is seen. */
const LEAST_SHARE = 0.005;

/** Classes, largest first; where the loadings of clusters are the colours, the clusters. */
export function namedGroups(data: SceneData, mode: ColourMode): Group[] {
  return mode === "loading" ? clusterGroups(data) : classGroups(data);
}

function classGroups(data: SceneData): Group[] {
  // One class for all says nothing where it lies.
  if (data.classes.length < 2) return [];
  const least = Math.max(2, LEAST_SHARE * data.n);
  const large = data.classes.filter(({ size, name }) => size >= least && name.trim() !== "").slice(0, MOST_GROUPS);
  const rows = new Map<number, number[]>(large.map(({ code }) => [code, []]));
  for (let i = 0; i < data.n; i++) rows.get(data.codes[i])?.push(i);
  return large.map(({ code, name }) => ({ text: name, rows: rows.get(code) ?? [] }));
}

function clusterGroups({ spectral }: SceneData): Group[] {
  const clusters = spectral.clusters.filter((c) => !spectral.constant(c.index) && c.survives !== false);
  const groups = new Map<string, Group>();
  for (const c of clusters.slice(0, MOST_GROUPS)) {
    // The same words on two groups tell neither: the first has them.
    if (!groups.has(c.title)) groups.set(c.title, { text: c.title, rows: spectral.members(c.index) });
  }
  return [...groups.values()];
}
