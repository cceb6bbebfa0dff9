/** How the meters are computed, folded. Owns no state. */
import { h } from "../../page/dom";
import { METERS } from "./guesses";
import { NAMES } from "./meter_row";
import { CHANCE_MEANS, MEANS } from "./words";

/** What a specialist asks. */
export function computed(): HTMLElement {
  const lines = METERS.map((meter) => h("p", {}, h("b", {}, `${NAMES[meter]}. `), MEANS[meter]));
  const summary = h("summary", { tabindex: 0 }, "How the meters are computed");
  return h("details", { class: "embw-play-computed embw-muted" }, summary, ...lines, h("p", {}, CHANCE_MEANS));
}
