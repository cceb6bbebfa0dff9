/**
 * The queries as a list to sort, search and open: all, or those about one group.
 *   synced  writes query; of documents that ask, writes hovered and reads selected
 *   view    sort, search, how many are listed
 */
import { button, h } from "../../page/dom";
import { amount, count } from "../../page/format";
import { shorten } from "../../page/graphemes";
import { type Roving, rove } from "../../page/roving";
import type { AuditContext } from "./context";
import type { AuditData } from "./data";
import { asking, changeWords, measureName, signedShort } from "./words";

type Sort = "change" | "gain" | "kept";
const STEP = 100;

/** Places in the order asked for; queries of which nothing is known come last. */
export function sortPlaces(data: Pick<AuditData, "change" | "kept">, places: readonly number[], by: Sort): number[] {
  const value = (place: number) => (by === "kept" ? data.kept : data.change)[place];
  const sign = by === "gain" ? -1 : 1;
  const known = places.filter((place) => Number.isFinite(value(place)));
  const unknown = places.filter((place) => !Number.isFinite(value(place)));
  return [...known.sort((a, b) => sign * (value(a) - value(b)) || a - b), ...unknown];
}

export class QueryList {
  readonly node = h("section", { class: "embw-audit-queries", "aria-label": "Queries" });
  private readonly list = h("div", { class: "embw-audit-scroll", role: "group", "aria-label": "Queries" });
  private readonly about = h("div", { class: "embw-audit-head embw-muted" });
  private readonly search: HTMLInputElement;
  private readonly more: HTMLButtonElement;
  private sort: Sort = "change";
  private listed = STEP;
  private group = -1;
  private places: number[] = [];
  private readonly roving: Roving;

  constructor(
    private readonly context: AuditContext,
    signal: AbortSignal,
  ) {
    const { data, opened } = context;
    this.search = h("input", { type: "search", placeholder: "Search", "aria-label": "Search queries" });
    this.more = button("Show more", "List more queries", () => this.longer(), signal, "embw-link");
    const tools = h(
      "div",
      { class: "embw-audit-tools" },
      h("h4", { title: data.ofDocuments ? "Every document asks for its neighbours" : "" }, "Queries"),
      this.sorting(signal),
      h("div", { class: "embw-search" }, this.search),
    );
    this.node.append(tools, this.about, this.list);
    const open = (line: Element) => {
      const place = line.closest<HTMLElement>("[data-place]")?.dataset.place;
      if (place !== undefined) opened.open(data.rows[Number(place)]);
    };
    this.list.addEventListener("click", (e) => open(e.target as Element), { signal });
    this.roving = rove(this.list, "button", signal, open);
    if (data.ofDocuments) this.follow(signal);
    this.search.addEventListener("input", () => this.renew(), { signal });
    opened.on(() => (opened.group === this.group ? this.mark() : this.renew()), signal);
    this.renew();
  }

  /** The place of the query that is open, else of the first that is listed; −1 where there is none. */
  get current(): number {
    const { data, opened } = this.context;
    const place = opened.query < 0 ? -1 : data.placeOf(opened.query);
    return place >= 0 ? place : (this.places[0] ?? -1);
  }

  /** Fewer or more of the same order; who listens is told what is on top. */
  onRenew: () => void = () => {};

  /** Lines are documents: they are pointed at and selected as everywhere. */
  private follow(signal: AbortSignal): void {
    const { data, linked } = this.context;
    const over = (e: Event) => {
      const place = (e.target as Element).closest<HTMLElement>("[data-place]")?.dataset.place;
      linked.setHovered(place === undefined ? -1 : data.rows[Number(place)]);
    };
    this.list.addEventListener("pointerover", over, { signal });
    this.list.addEventListener("pointerleave", () => linked.setHovered(-1), { signal });
    linked.on("selected", () => this.mark(), signal);
  }

  private sorting(signal: AbortSignal): HTMLElement {
    const { judged } = this.context.data;
    const entries: [Sort, string][] = judged
      ? [
          ["change", "loses most"],
          ["gain", "gains most"],
          ["kept", "fewest kept"],
        ]
      : [
          ["kept", "fewest kept"],
          ["gain", "most kept"],
        ];
    this.sort = entries[0][0];
    const select = h("select", { "aria-label": "Sort queries" });
    select.append(...entries.map(([by, text]) => h("option", { value: by }, text)));
    const chosen = () => {
      this.sort = select.value as Sort;
      this.renew();
    };
    select.addEventListener("change", chosen, { signal });
    return select;
  }

  private renew(): void {
    const { data, opened } = this.context;
    this.group = opened.group;
    this.listed = STEP;
    const wanted = this.search.value.trim().toLocaleLowerCase();
    const all = this.group < 0 ? Array.from(data.rows, (_, place) => place) : data.membersOf(this.group);
    const matching = wanted ? all.filter((p) => data.describe(p).toLocaleLowerCase().includes(wanted)) : all;
    this.places = sortPlaces(data, matching, this.sort);
    const name = data.groups[this.group]?.name;
    const about = name === undefined ? "" : ` about ${shorten(name, 24)}`;
    const columns = data.judged ? `${measureName(data)} new − old · kept` : "kept";
    this.about.replaceChildren(h("span", {}, `${asking(data, this.places.length)}${about}`), h("span", {}, columns));
    this.fill();
    this.onRenew();
  }

  private longer(): void {
    this.listed += STEP;
    this.fill();
  }

  private fill(): void {
    this.roving.refill(...this.places.slice(0, this.listed).map((place) => this.line(place)));
    const left = this.places.length - this.listed;
    this.more.textContent = `Show more (${count(Math.max(0, left))})`;
    if (left > 0) this.list.append(this.more);
    if (this.places.length === 0) this.list.append(h("p", { class: "embw-muted" }, "No query matches."));
    this.mark();
  }

  private line(place: number): HTMLElement {
    const { data, tiles } = this.context;
    const text = data.describe(place);
    const kept = data.keptOf(place);
    const shown = Number.isFinite(kept) ? `${amount(kept)}/${data.k}` : "–";
    const numbers = [
      h("span", { class: "embw-number", title: `of its ${data.k} results ${shown.split("/")[0]} kept` }, shown),
    ];
    if (data.judged) {
      const [old, fresh] = data.qualityOf(place);
      const title = `${changeWords(data)}: ${measureName(data)} ${old.toFixed(3)} → ${fresh.toFixed(3)}`;
      const change = data.change[place];
      const word = change < 0 ? "loses" : change > 0 ? "gains" : "";
      numbers.unshift(
        h("span", { class: "embw-number embw-audit-delta", "data-word": word, title }, signedShort(change)),
      );
    }
    const picture = data.ofDocuments && tiles.available ? [tiles.thumbnail(data.rows[place], 22, "")] : [];
    const words = h("span", { class: "embw-ellipsis" }, shorten(text, 90));
    const told = { type: "button", class: "embw-audit-query", "data-place": place, title: text };
    return h("button", told, ...picture, words, ...numbers);
  }

  private mark(): void {
    const { current } = this;
    const { data, linked } = this.context;
    const chosen = new Set(data.ofDocuments ? linked.selected : []);
    for (const line of this.list.querySelectorAll<HTMLElement>("[data-place]")) {
      const place = Number(line.dataset.place);
      line.setAttribute("aria-pressed", String(place === current));
      line.classList.toggle("embw-current", chosen.has(data.rows[place]));
    }
  }
}
