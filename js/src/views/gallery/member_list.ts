/** Items as pictures, else as snippets of text, else as numbers: a button each, marked with its row. Owns no state. */

import { h } from "../../page/dom";
import { count, signedValue } from "../../page/format";
import { shorten } from "../../page/graphemes";
import type { Context } from "../../state/context";

const SNIPPET = 300;

interface MemberLook {
  /** Side of a picture in pixels. */
  size: number;
  cluster: number;
}

/** A list under its own words; `members` of the first rows belong to the cluster, the rest lie beyond it. */
export function memberList(
  context: Context,
  rows: readonly number[],
  members: number,
  name: string,
  look: MemberLook,
): HTMLElement {
  const pictures = context.tiles.available;
  const kind = pictures ? "pictures" : context.data.texts.length ? "snippets" : "numbers";
  const list = h("ul", { class: `embw-${kind}`, "aria-label": name });
  rows.forEach((row, i) => {
    if (i === members && i > 0) list.append(end(members));
    list.append(h("li", {}, member(context, row, i >= members, look)));
  });
  if (rows.length === 0) list.append(h("li", { class: "embw-muted" }, "none"));
  return list;
}

function end(members: number): HTMLElement {
  const text = `end of the ${count(members)} member${members === 1 ? "" : "s"}`;
  return h("li", { class: "embw-end", title: "What follows are the next items by loading." }, text);
}

function member(context: Context, row: number, beyond: boolean, look: MemberLook): HTMLElement {
  const { data, tiles } = context;
  const text = data.describe(row);
  const loading = data.spectral.loading(look.cluster)[row];
  const label = data.label(row);
  const loaded = loading === undefined ? "" : `loading ${signedValue(loading)}`;
  const parts = [text, label && label !== text ? label : "", `#${row}`, loaded];
  const title = parts.filter(Boolean).join(" · ");
  const attributes = {
    type: "button",
    class: `embw-member${beyond ? " embw-beyond" : ""}`,
    title,
    "data-row": row,
  };
  if (tiles.available) return h("button", attributes, tiles.thumbnail(row, look.size, text));
  return h("button", attributes, data.texts[row] ? shorten(text, SNIPPET) : label ? shorten(text, SNIPPET) : `#${row}`);
}
