/** Buttons at the top of a view, seen while they have the focus, that lead past what one does not want. Owns no state. */
import { button, h } from "../page/dom";

/** What Tab could come to. */
const STOPS = "button, input, select, summary, [tabindex='0']";

type Stop = HTMLElement | SVGElement;

/** Adds "Skip to …": to the first in the region that `first` selects, else to the first that can have the focus. */
type Skip = (to: string, region: Element, first?: string) => void;

/** The links of a view, above all else in it; each is added when its region is there. */
export function skipLinks(root: HTMLElement, signal: AbortSignal): Skip {
  const node = h("div", { class: "embw-skips" });
  root.prepend(node);
  return (to, region, first = STOPS) => {
    const go = () => {
      const all = [...region.querySelectorAll<Stop>(first)].filter((one) => one.getAttribute("tabindex") !== "-1");
      const stop = all.find((one) => one.checkVisibility?.() ?? true) ?? all[0];
      if (!stop) return;
      unfold(stop);
      stop.focus();
    };
    node.append(button(`Skip to ${to}`, "", go, signal, "embw-skip"));
  };
}

/** What is folded away cannot have the focus. */
function unfold(node: Element): void {
  for (let at = node.closest("details"); at; at = at.parentElement?.closest("details") ?? null) at.open = true;
}
