/**
 * The results of the query that is open, side by side: kept, lost and gained.
 *   synced  reads query and selected, writes hovered and selected   view  which texts are shown whole
 */
import { button, h } from "../../page/dom";
import { amount } from "../../page/format";
import { rove } from "../../page/roving";
import { union } from "../../state/selection";
import type { Found } from "./change";
import type { AuditContext } from "./context";
import { measureName, signedShort } from "./words";

type Side = "kept" | "lost" | "gained";
const SIDES: readonly (readonly [Side, string, string])[] = [
  ["kept", "● Kept", "found by both"],
  ["lost", "▲ Lost", "found by old only"],
  ["gained", "▼ Gained", "found by new only"],
];
const SIZE = 44;

/** Rank in old → rank in new. */
export function ranks({ old, fresh }: Found): string {
  const rank = (at: number) => (at > 0 ? String(at) : "–");
  return `${rank(old)} → ${rank(fresh)}`;
}

export class Results {
  readonly node = h("section", { class: "embw-audit-results", "aria-label": "Results of the query" });

  constructor(
    private readonly context: AuditContext,
    private readonly current: () => number,
    private readonly signal: AbortSignal,
  ) {
    const { linked } = context;
    const row = (e: Event) => Number((e.target as Element).closest<HTMLElement>("[data-row]")?.dataset.row ?? -1);
    this.node.addEventListener("pointerover", (e) => linked.setHovered(row(e)), { signal });
    this.node.addEventListener("pointerleave", () => linked.setHovered(-1), { signal });
    const pressed = (e: Event) => {
      const card = (e.target as Element).closest<HTMLElement>(".embw-audit-document");
      if (!card) return;
      const whole = card.getAttribute("aria-expanded") !== "true";
      card.setAttribute("aria-expanded", String(whole));
    };
    this.node.addEventListener("click", pressed, { signal });
    linked.on("selected", () => this.mark(), signal);
    rove(this.node, ".embw-audit-document", signal);
  }

  show(): void {
    const { data, tiles } = this.context;
    const place = this.current();
    if (place < 0) {
      this.node.replaceChildren(
        h("p", { class: "embw-muted" }, "No query is listed: clear the search, or choose another group."),
      );
      return;
    }
    const change = data.changeOf(place);
    const text = data.describe(place);
    const picture = data.ofDocuments && tiles.available ? [tiles.thumbnail(data.rows[place], SIZE, text)] : [];
    const title = h("p", { class: "embw-audit-asked", title: text }, ...picture, h("span", {}, text));
    const columns = SIDES.map(([side, name, says]) => this.column(side, name, says, change[side]));
    this.node.replaceChildren(
      title,
      h("p", { class: "embw-muted embw-number" }, this.numbers(place)),
      h("div", { class: "embw-audit-columns" }, ...columns),
    );
    this.mark();
  }

  private numbers(place: number): string {
    const { data } = this.context;
    const kept = data.keptOf(place);
    const said = Number.isFinite(kept) ? [`${amount(kept)} of its ${data.k} results kept`] : [];
    const [old, fresh] = data.qualityOf(place);
    if (Number.isFinite(old)) {
      said.push(`${measureName(data)} ${old.toFixed(2)} → ${fresh.toFixed(2)} (${signedShort(fresh - old)})`);
    } else if (data.judged) said.push("nobody judged its documents");
    return said.join(" · ");
  }

  private column(side: Side, name: string, says: string, found: readonly Found[]): HTMLElement {
    const { data, linked } = this.context;
    const [old, fresh] = data.names;
    const whose = says.replace("old", old).replace("new", fresh);
    const select = () =>
      linked.select(
        union(
          new Uint32Array(0),
          Uint32Array.from(found, ({ row }) => row),
        ),
      );
    const label = `Select the ${found.length} documents, here and in every linked view`;
    const tool = found.length > 0 ? [button("Select", label, select, this.signal, "embw-link")] : [];
    const head = h(
      "div",
      { class: "embw-audit-column-head" },
      h("b", { title: whose }, `${name} ${found.length}`),
      ...tool,
    );
    const cards = found.map((one) => this.card(one));
    if (cards.length === 0) cards.push(h("p", { class: "embw-muted" }, "none"));
    return h(
      "div",
      { class: "embw-audit-column", "data-side": side, role: "group", "aria-label": `${name}, ${whose}` },
      head,
      ...cards,
    );
  }

  private card(one: Found): HTMLElement {
    const { data, tiles } = this.context;
    const text = data.items.describe(one.row);
    const label = data.items.label(one.row);
    const [old, fresh] = data.names;
    const said = [
      h("span", { class: "embw-number embw-audit-rank", title: `rank in ${old} → rank in ${fresh}` }, ranks(one)),
    ];
    if (Number.isFinite(one.grade)) {
      const relevant = data.isRelevant(one.grade);
      const words = relevant ? `★ grade ${one.grade}` : `grade ${one.grade}`;
      said.push(
        h(
          "span",
          {
            class: "embw-audit-grade",
            "data-relevant": relevant,
            title: relevant ? "relevant" : "judged not relevant",
          },
          words,
        ),
      );
    }
    if (label && data.items.texts[one.row])
      said.push(h("span", { class: "embw-ellipsis embw-muted", title: label }, label));
    const picture = tiles.available ? [tiles.thumbnail(one.row, SIZE, "")] : [];
    const words = h("span", { class: "embw-audit-text" }, text);
    const meta = h("span", { class: "embw-audit-meta" }, ...said);
    const told = { type: "button", class: "embw-audit-document", "data-row": one.row, "aria-expanded": "false" };
    return h("button", { ...told, title: text }, ...picture, h("span", { class: "embw-audit-card" }, meta, words));
  }

  private mark(): void {
    const chosen = new Set(this.context.linked.selected);
    for (const card of this.node.querySelectorAll<HTMLElement>(".embw-audit-document")) {
      card.classList.toggle("embw-current", chosen.has(Number(card.dataset.row)));
    }
  }
}
