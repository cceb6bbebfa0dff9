/** What a view is given. Types only; owns no state. */
import type { SceneData } from "./data";
import type { Linked } from "./linked";
import type { Mount } from "./scene";
import type { Tiles } from "./tiles";

export interface Context {
  data: SceneData;
  linked: Linked;
  tiles: Tiles;
  mount: Mount;
}

export interface ViewOptions {
  /** Inside another view: no status line of its own. */
  embedded?: boolean;
  /** The score of single items that colours the maps at first. */
  colour_by?: string;
}

export type View = (el: HTMLElement, context: Context, options: ViewOptions, signal: AbortSignal) => void;
