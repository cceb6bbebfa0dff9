/** The looks of a scene where its view is in a tree of its own, which sees no style sheet of the page. Owns no state. */
import type { AnyModel } from "@anywidget/types";

const worn = new WeakMap<ShadowRoot, Set<string>>();

/** A host that shuts each view in a shadow brings along what the view itself is dressed in, and that is nothing. */
export function wearLooks(el: HTMLElement, model: Pick<AnyModel, "get">): void {
  const root = el.getRootNode();
  if (!(root instanceof ShadowRoot)) return;
  const looks: unknown = model.get("_css");
  const known = worn.get(root) ?? new Set();
  if (typeof looks !== "string" || known.has(looks)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(looks);
  root.adoptedStyleSheets.push(sheet);
  worn.set(root, known.add(looks));
}
