/**
 * Which classes have a line: at first those that keep fewest neighbours, on demand the others.
 *   synced  nothing   view  which
 */
import { button } from "../../page/dom";
import { count } from "../../page/format";
import { groupMeans } from "../../state/curves";
import type { SceneData } from "../../state/data";

/** More class lines than this could not be told apart. */
const MOST_CLASSES = 12;
const FIRST_CLASSES = 3;
/** Items below which a class's line is too uncertain to be shown at first, where others have more. */
const LEAST_OF_A_CLASS = 20;

export interface ClassLine {
  code: number;
  name: string;
  size: number;
  /** Among all classes, largest first: what its colour goes by. */
  rank: number;
}

/** The classes that keep fewest of their k neighbours, fewest first; all where hardly more could be left out. */
export function firstClasses(data: SceneData, k: number): ClassLine[] {
  const all = data.classes.map((one, rank) => ({ ...one, rank }));
  if (all.length <= FIRST_CLASSES + 1) return all;
  const able = all.filter(({ size }) => size >= LEAST_OF_A_CLASS);
  const kept = new Map(all.map(({ code }) => [code, groupMeans(data.classSums, code, data.kMax).shared[k - 1]]));
  const known = (able.length >= FIRST_CLASSES ? able : all).filter(({ code }) => Number.isFinite(kept.get(code)));
  return known.sort((a, b) => (kept.get(a.code) ?? 0) - (kept.get(b.code) ?? 0)).slice(0, FIRST_CLASSES);
}

/** Those, and then the largest of the others. */
function moreClasses(data: SceneData, first: readonly ClassLine[]): ClassLine[] {
  const others = data.classes
    .map((one, rank) => ({ ...one, rank }))
    .filter(({ rank }) => !first.some((f) => f.rank === rank));
  return [...first, ...others].slice(0, MOST_CLASSES).sort((a, b) => a.rank - b.rank);
}

export class ClassChoice {
  readonly node: HTMLButtonElement;
  shown: readonly ClassLine[];
  private readonly first: readonly ClassLine[];
  private readonly more: readonly ClassLine[];

  constructor(
    private readonly data: SceneData,
    k: number,
    changed: () => void,
    signal: AbortSignal,
  ) {
    this.first = firstClasses(data, k);
    this.more = moreClasses(data, this.first);
    this.shown = this.first;
    const turn = () => {
      this.shown = this.shown === this.first ? this.more : this.first;
      this.tell();
      changed();
    };
    this.node = button(
      "",
      "Show a line for more classes, or for those alone that keep least",
      turn,
      signal,
      "embw-link",
    );
    this.node.hidden = this.more.length === this.first.length;
    this.tell();
  }

  private tell(): void {
    const few = this.shown === this.first;
    const { length } = this.data.classes;
    const all = this.more.length < length ? `${count(this.more.length)} of ${count(length)}` : `all ${count(length)}`;
    this.node.textContent = few ? `Show ${all} classes` : `Only the ${count(this.first.length)} lowest`;
    this.node.setAttribute("aria-expanded", String(!few));
  }
}
