/** The decision in large words with a mark, and its reasons. Owns no state. */
import { h } from "../../page/dom";
import type { AuditContext } from "./context";
import { markOf, verdictOf } from "./words";

export function verdict({ data }: AuditContext): HTMLElement {
  const { mark, word, says, tone } = verdictOf(data.model.get("decision"), data.shortNames);
  const sign = h("span", { class: "embw-audit-mark", "aria-hidden": "true" }, mark);
  const told = h("p", { class: "embw-audit-says" }, says);
  const head = h("h3", { class: "embw-audit-word" }, word);
  const said = h(
    "div",
    { class: "embw-audit-verdict", "data-tone": tone, title: data.names.join(" → ") },
    sign,
    h("div", {}, head, told),
  );
  const reasons = (data.model.get("reasons") ?? []).map((reason) => {
    const { mark, says, tone } = markOf(reason);
    const sign = h("span", { class: "embw-audit-sign", role: "img", "aria-label": says, title: says }, mark);
    return h("li", { "data-tone": tone }, sign, h("span", {}, reason.says));
  });
  return h(
    "div",
    { class: "embw-audit-top" },
    said,
    h("ul", { class: "embw-audit-reasons", "aria-label": "Reasons" }, ...reasons),
  );
}
