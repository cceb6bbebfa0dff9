/**
 * Finding an item by its text, its label, or #number.
 *   synced  writes selected (all that are found)   view  the query, pinned (written on choosing)
 */

import { h } from "../page/dom";
import { count } from "../page/format";
import { shorten } from "../page/graphemes";
import type { Context } from "../state/context";
import type { SceneData } from "../state/data";

const MOST_HITS = 8;

/** Rows that match, at most `most`: "#17" is the row itself; texts that begin with the query come first. */
export function findRows(data: Pick<SceneData, "n" | "texts" | "label">, query: string, most = MOST_HITS): number[] {
  const wanted = query.trim().toLocaleLowerCase();
  const number = /^#?(\d+)$/.exec(wanted);
  if (number && Number(number[1]) < data.n) return [Number(number[1])];
  if (!wanted) return [];
  const starts: number[] = [];
  const holds: number[] = [];
  for (let i = 0; i < data.n && starts.length < most; i++) {
    const at = (data.texts[i] ?? "").toLocaleLowerCase().indexOf(wanted);
    if (at === 0) starts.push(i);
    else if (at > 0 || data.label(i).toLocaleLowerCase().includes(wanted)) holds.push(i);
  }
  return [...starts, ...holds].slice(0, most);
}

export function makeSearch(context: Context, signal: AbortSignal): HTMLElement {
  const input = h("input", { type: "search", placeholder: "Search text or #row", "aria-label": "Search items" });
  const hits = h("ul", { class: "embw-hits", "aria-label": "Found items", hidden: true });
  const node = h("div", { class: "embw-search" }, input, hits);
  let found: number[] = [];
  const close = () => {
    hits.hidden = true;
  };
  const choose = (row: number) => {
    context.linked.setPinned(row);
    context.linked.say(`Pinned ${context.data.describe(row)}.`);
    close();
  };
  const show = () => {
    found = findRows(context.data, input.value, context.data.n);
    hits.replaceChildren(...found.slice(0, MOST_HITS).map((row) => hit(context, row)));
    if (found.length > 1) hits.append(h("li", {}, all(found.length)));
    if (!found.length) hits.append(h("li", { class: "embw-muted" }, "Nothing found."));
    hits.hidden = input.value.trim() === "";
  };
  const keys = (e: KeyboardEvent) => {
    if (e.key === "Enter") {
      const [row] = findRows(context.data, input.value, 1);
      if (row !== undefined) choose(row);
    }
    if (e.key === "Escape") {
      input.value = "";
      close();
      e.stopPropagation();
    }
  };
  const selectAll = () => {
    context.linked.select(Uint32Array.from(found).sort());
    context.linked.say(`${count(found.length)} selected: all that “${shorten(input.value.trim(), 40)}” finds.`);
    close();
  };
  const chosen = (e: Event) => {
    if ((e.target as Element).closest(".embw-all-hits")) selectAll();
    const row = (e.target as Element).closest("button")?.dataset.row;
    if (row) choose(Number(row));
  };
  hits.addEventListener("click", chosen, { signal });
  input.addEventListener("input", show, { signal });
  input.addEventListener("focus", show, { signal });
  input.addEventListener("keydown", keys, { signal });
  node.addEventListener("focusout", (e) => !node.contains(e.relatedTarget as Node) && close(), { signal });
  return node;
}

const all = (number: number): HTMLElement =>
  h("button", { type: "button", class: "embw-all-hits" }, `Select all ${count(number)} hits`);

function hit(context: Context, row: number): HTMLElement {
  const { data, tiles } = context;
  const text = data.describe(row);
  const picture = tiles.available ? [tiles.thumbnail(row, 24, text)] : [];
  return h("li", {}, h("button", { type: "button", title: text, "data-row": row }, ...picture, shorten(text, 44)));
}
