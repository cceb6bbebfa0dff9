/** Opens one of a scene's views, listed by the names that Python calls them by. Owns no state. */
import { complain } from "../page/complain";
import type { Mount, MountOptions } from "./scene";

type Opens<View> = (view: View, el: HTMLElement, given: MountOptions) => void;

/** A view lives until its page or its scene is gone; what goes wrong is said in its place. */
export function mountOf<View>(views: Record<string, View>, open: Opens<View>, scene: AbortSignal): Mount {
  const names = Object.keys(views);
  return (kind, el, given) => {
    try {
      if (!names.includes(kind)) throw new Error(`expected ${oneOf(names)} but got "${kind}"`);
      open(views[kind], el, { ...given, signal: AbortSignal.any([scene, given.signal]) });
    } catch (problem) {
      complain(el, problem);
    }
  };
}

const oneOf = (names: readonly string[]): string => (names.length > 1 ? `one of ${names.join(", ")}` : names.join());
