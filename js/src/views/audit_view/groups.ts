/**
 * Who loses and who gains: each group's change as a bar from zero with its interval, those that lose most first.
 *   synced  nothing; of documents that ask, writes selected   view  the group whose queries are listed (opened.ts)
 */
import { h } from "../../page/dom";
import { shorten } from "../../page/graphemes";
import { rove } from "../../page/roving";
import type { AuditGroup } from "../../state/audit";
import type { AuditContext } from "./context";
import type { AuditData } from "./data";
import { asking, changeWords, measureName, signedShort } from "./words";

const MARKS: Record<string, string> = { loses: "▼ loses", gains: "▲ gains" };

interface Span {
  from: number;
  to: number;
}

/** What the bars and their intervals reach; at least twice the tolerance either way, so that noise stays small. */
export function spanOf(groups: readonly AuditGroup[], tolerance: number): Span {
  const ends = groups.flatMap(({ change, low, high }) => [change ?? 0, low ?? 0, high ?? 0]).filter(Number.isFinite);
  const least = Math.max(2 * tolerance, 0.01);
  return { from: Math.min(-least, ...ends), to: Math.max(least, ...ends) };
}

/** Where a value stands, in percent. */
export const placeOn = (v: number, { from, to }: Span): number =>
  Math.max(0, Math.min(100, (100 * (v - from)) / (to - from)));

const RANK: Record<string, number> = { loses: 0, gains: 1 };

/** Places of the groups: those that lose, most first, those that gain, then the rest in the order of their change. */
export function orderOf(groups: readonly AuditGroup[]): number[] {
  const rank = (at: number) => RANK[groups[at].word] ?? 2;
  const change = (at: number) => groups[at].change ?? 0;
  const along = (at: number) => (rank(at) === 1 ? -change(at) : change(at));
  return groups.map((_, at) => at).sort((a, b) => rank(a) - rank(b) || along(a) - along(b));
}

/** How many lose and gain, for the head. */
export function tally(groups: readonly AuditGroup[]): string {
  const [lose, gain] = ["loses", "gains"].map((word) => groups.filter((one) => one.word === word).length);
  const gains = gain > 0 ? `, ${gain} gain${gain === 1 ? "s" : ""}` : "";
  return `${lose} of ${groups.length} groups ${lose === 1 ? "loses" : "lose"}${gains}`;
}

/** One line each, losers first, for the label and for the tooltip. */
export function groupWords(one: AuditGroup, data: AuditData): string {
  const ends = `95 % interval ${signedShort(one.low)} to ${signedShort(one.high)}`;
  const kind = one.kind === "group" ? "a group that only one of the spaces sees; " : "";
  return `${one.name}: ${signedShort(one.change)} (${ends}), ${kind}${asking(data, one.queries)}, ${one.word}`;
}

export class GroupBars {
  readonly node = h("section", { class: "embw-audit-groups", "aria-label": "Groups" });
  private readonly lines: HTMLButtonElement[];

  constructor(
    private readonly context: AuditContext,
    signal: AbortSignal,
  ) {
    const { data, opened, linked } = context;
    const span = spanOf(data.groups, data.model.get("tolerance"));
    this.lines = orderOf(data.groups).map((at) => this.line(data.groups[at], at, span));
    const list = h("div", {
      class: "embw-audit-scroll",
      role: "group",
      "aria-label": "Groups, those that lose most first",
    });
    list.append(...this.lines);
    if (this.lines.length === 0) list.append(h("p", { class: "embw-muted" }, noGroups(data)));
    this.node.append(this.head(), list);
    const pressed = (e: Event) => {
      const at = (e.target as Element).closest<HTMLElement>("[data-group]")?.dataset.group;
      if (at === undefined) return;
      opened.list(Number(at));
      if (!data.ofDocuments) return;
      const rows = opened.group < 0 ? [] : data.membersOf(opened.group).map((place) => data.rows[place]);
      linked.select(Uint32Array.from(rows).sort());
    };
    list.addEventListener("click", pressed, { signal });
    rove(list, "button", signal);
    opened.on(() => this.show(), signal);
    this.show();
  }

  private head(): HTMLElement {
    const { data } = this.context;
    const said = data.judged ? changeWords(data) : `${changeWords(data)}, less that of the median group`;
    const words = data.judged ? `← loses · ${measureName(data)}@${data.k} · gains →` : "← keeps less · more →";
    const title = `${said}; thin lines: the tolerance, ±${data.model.get("tolerance")}; black: 95 % intervals`;
    const name = data.groups.length > 0 ? tally(data.groups) : "Who loses";
    return h("div", { class: "embw-audit-head", title }, h("h4", {}, name), h("span", { class: "embw-muted" }, words));
  }

  private line(one: AuditGroup, at: number, span: Span): HTMLButtonElement {
    const { data } = this.context;
    const change = one.change ?? 0;
    const [zero, end] = [placeOn(0, span), placeOn(change, span)].sort((a, b) => a - b);
    const bar = h("span", { class: "embw-audit-bar", style: `left:${zero}%;width:${end - zero}%` });
    const [low, high] = [one.low ?? change, one.high ?? change].map((v) => placeOn(v, span));
    const whisker = h("span", { class: "embw-audit-whisker", style: `left:${low}%;width:${high - low}%` });
    const within = data.model.get("tolerance");
    const marks = [-within, 0, within].map((v) =>
      h("span", { class: v === 0 ? "embw-audit-zero" : "embw-audit-within", style: `left:${placeOn(v, span)}%` }),
    );
    const track = h("span", { class: "embw-audit-track", "aria-hidden": "true" }, ...marks, bar, whisker);
    const word = h("span", { class: "embw-audit-wording" }, MARKS[one.word] ?? "");
    const name = h("span", { class: "embw-ellipsis" }, shorten(one.name, 80));
    const number = h("span", { class: "embw-number" }, signedShort(one.change));
    const told = { type: "button", class: "embw-audit-group", "data-group": at, "data-word": one.word };
    const words = groupWords(one, data);
    return h("button", { ...told, title: `${words}. Click to list its queries.` }, name, track, number, word);
  }

  private show(): void {
    for (const line of this.lines) {
      line.setAttribute("aria-pressed", String(Number(line.dataset.group) === this.context.opened.group));
    }
  }
}

const noGroups = (data: AuditData): string =>
  data.items.labelNames.length
    ? "No group has five queries or more."
    : "Give items=Items(labels=…) to see which groups lose.";
