/** What stands in the place of a view that could not be drawn. Owns no state. */
import { h } from "./dom";

export function complain(el: HTMLElement, problem: unknown): void {
  const text = problem instanceof Error ? problem.message : String(problem);
  el.replaceChildren(
    h("p", { class: "embw-root embw-failed", role: "alert" }, `This view could not be drawn: ${text}`),
  );
}
