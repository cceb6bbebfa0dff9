/**
 * Who loses and who gains: each group's change as a bar from zero with its interval, those that lose most first.
 *   synced  nothing; of documents that ask, writes selected   view  the group whose queries are listed (opened.ts)
 */
import { h } from "../../page/dom";
import { shorten } from "../../page/graphemes";
import type { AuditGroup } from "../../state/audit";
import type { AuditContext } from "./context";
import type { AuditData } from "./data";
import { asking, changeWords, signedShort } from "./words";

const MARKS: Record<string, string> = { loses: "▼ loses", gains: "▲ gains" };

/** The largest size that a bar or an end of an interval has; at least the tolerance, so that noise stays small. */
export function reach(groups: readonly AuditGroup[], tolerance: number): number {
  const ends = groups.flatMap(({ change, low, high }) => [change, low, high].map((v) => Math.abs(v ?? 0)));
  return Math.max(2 * tolerance, 0.01, ...ends.filter(Number.isFinite));
}

/** Where a value stands between −most and most, in percent. */
export const placeOn = (v: number, most: number): number => 50 + 50 * Math.max(-1, Math.min(1, v / most));

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
    const most = reach(data.groups, data.model.get("tolerance"));
    this.lines = data.groups.map((one, at) => this.line(one, at, most));
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
    opened.on(() => this.show(), signal);
    this.show();
  }

  private head(): HTMLElement {
    const { data } = this.context;
    const words = data.judged
      ? `← loses · ${changeWords(data)} · gains →`
      : "← keeps less than the median group · more →";
    const tolerance = `between the thin lines: the tolerance, ±${data.model.get("tolerance")}`;
    return h(
      "div",
      { class: "embw-audit-head" },
      h("h4", {}, "Who loses"),
      h("span", { class: "embw-muted", title: tolerance }, words),
    );
  }

  private line(one: AuditGroup, at: number, most: number): HTMLButtonElement {
    const { data } = this.context;
    const change = one.change ?? 0;
    const [zero, end] = [50, placeOn(change, most)].sort((a, b) => a - b);
    const bar = h("span", { class: "embw-audit-bar", style: `left:${zero}%;width:${end - zero}%` });
    const [low, high] = [one.low ?? change, one.high ?? change].map((v) => placeOn(v, most));
    const whisker = h("span", { class: "embw-audit-whisker", style: `left:${low}%;width:${high - low}%` });
    const within = data.model.get("tolerance");
    const marks = [-within, 0, within].map((v) =>
      h("span", { class: v === 0 ? "embw-audit-zero" : "embw-audit-within", style: `left:${placeOn(v, most)}%` }),
    );
    const track = h("span", { class: "embw-audit-track", "aria-hidden": "true" }, ...marks, bar, whisker);
    const word = h("span", { class: "embw-audit-wording" }, MARKS[one.word] ?? "");
    const name = h("span", { class: "embw-ellipsis" }, shorten(one.name, 80));
    const number = h("span", { class: "embw-number" }, signedShort(one.change));
    const told = { type: "button", class: "embw-audit-group", "data-group": at, "data-word": one.word };
    const words = groupWords(one, data);
    return h(
      "button",
      { ...told, title: `${words}. Click to list its queries.`, "aria-label": words },
      name,
      track,
      number,
      word,
    );
  }

  private show(): void {
    for (const [at, line] of this.lines.entries()) {
      line.setAttribute("aria-pressed", String(at === this.context.opened.group));
    }
  }
}

const noGroups = (data: AuditData): string =>
  data.items.labelNames.length
    ? "No group has five queries or more."
    : "Give items=Items(labels=…) to see which groups lose.";
