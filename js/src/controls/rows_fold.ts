/** The lists of items below a view that stands alone, mounted when they are unfolded. Owns no state. */
import { h } from "../page/dom";
import type { Context } from "../state/context";

export function rowsFold(context: Context, signal: AbortSignal): HTMLElement {
  const { data } = context;
  const names = [...(data.compared ? ["Most changed"] : []), ...(data.classes.length ? ["Classes"] : []), "Selected"];
  const box = h("div");
  const node = h("details", { class: "embw-rows-fold" }, h("summary", {}, names.join(" · ")), box);
  const unfold = () => {
    if (node.open && box.childElementCount === 0) context.mount("rows", box, { options: { embedded: true }, signal });
  };
  node.addEventListener("toggle", unfold, { signal });
  return node;
}
