/** Opens one of a scene's views, listed by the names that Python calls them by. Owns no state. */
import { complain } from "../page/complain";
import { type Asked, savePage } from "./save_page";
import type { Mount, MountOptions } from "./scene";

type Opens<View> = (view: View, el: HTMLElement, given: MountOptions) => void;

/** A view lives until its page or its scene is gone; what goes wrong is said in its place. */
export function mountOf<View>(views: Record<string, View>, open: Opens<View>, scene: AbortSignal, model: Asked): Mount {
  const names = Object.keys(views);
  return (kind, el, given) => {
    try {
      if (!names.includes(kind)) throw new Error(`expected ${oneOf(names)} but got "${kind}"`);
      const signal = AbortSignal.any([scene, given.signal]);
      open(views[kind], el, { ...given, signal });
      if (!given.options?.embedded) addBelow(el, savePage(model, kind, given.options ?? {}, signal), signal);
    } catch (problem) {
      complain(el, problem);
    }
  };
}

function addBelow(el: HTMLElement, node: HTMLElement, signal: AbortSignal): void {
  el.append(node);
  signal.addEventListener("abort", () => node.remove());
}

const oneOf = (names: readonly string[]): string => (names.length > 1 ? `one of ${names.join(", ")}` : names.join());
