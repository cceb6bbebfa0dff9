/** Opens one of a scene's views, listed by the names that Python calls them by. Owns no state. */
import { complain } from "../page/complain";
import { h } from "../page/dom";
import { wearLooks } from "../page/looks";
import type { Mount, MountOptions } from "../state/scene";
import { openOwnTab } from "./own_tab";
import { savePage } from "./save_page";
import type { Asked } from "./written_page";

type Opens<View> = (view: View, el: HTMLElement, given: MountOptions) => void;

/** A view lives until its page or its scene is gone; what goes wrong is said in its place. */
export function mountOf<View>(views: Record<string, View>, open: Opens<View>, scene: AbortSignal, model: Asked): Mount {
  const names = Object.keys(views);
  return (kind, el, given) => {
    try {
      if (!names.includes(kind)) throw new Error(`expected ${oneOf(names)} but got "${kind}"`);
      const signal = AbortSignal.any([scene, given.signal]);
      wearLooks(el, model);
      const { options = {} } = given;
      const page = options.embedded ? el : aboveButton(el, savePage(model, kind, options, signal), signal);
      if (!options.embedded) openOwnTab(el, model, kind, options, signal);
      open(views[kind], page, { ...given, signal });
    } catch (problem) {
      complain(el, problem);
    }
  };
}

/** Where the view goes, which may fill it anew: the button stays below. */
function aboveButton(el: HTMLElement, below: HTMLElement, signal: AbortSignal): HTMLElement {
  const page = h("div");
  el.replaceChildren(page, below);
  signal.addEventListener("abort", () => el.replaceChildren());
  return page;
}

const oneOf = (names: readonly string[]): string => (names.length > 1 ? `one of ${names.join(", ")}` : names.join());
