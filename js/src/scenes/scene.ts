/**
 * The one widget that carries code, data and linked state; every view of a comparison opens on it.
 *   synced  k, hovered, selected, cluster (state/linked.ts)   view  everything the mounted views keep
 */
import { complain } from "../page/complain";
import type { Context, View, ViewOptions } from "../state/context";
import { SceneData } from "../state/data";
import { Linked } from "../state/linked";
import type { Model, Mount } from "../state/scene";
import { Tiles } from "../state/tiles";
import { mountExplorer } from "../views/explorer/explorer";
import { mountGallery } from "../views/gallery/gallery";
import { mountKSweep } from "../views/k_sweep/k_sweep";
import { mountMapPair } from "../views/map_pair/map_pair";
import "../page/base.css";
import "../views/explorer/explorer.css";
import "../views/gallery/gallery.css";
import "../views/k_sweep/k_sweep.css";
import "../views/map_pair/map_pair.css";

const VIEWS: Record<string, View> = {
  explorer: mountExplorer,
  gallery: mountGallery,
  k_sweep: mountKSweep,
  map_pair: mountMapPair,
};

export interface SceneExports {
  mount: Mount;
  /** For tests: how many callbacks the mounted views hold on the linked state. */
  listenerCount(): number;
}

export function initialize({ model, signal }: { model: Model; signal: AbortSignal }): SceneExports {
  const linked = new Linked(model, signal);
  const tiles = new Tiles(model, signal);
  let data: SceneData | undefined;
  const mount: Mount = (kind, el, { options = {}, signal: viewSignal }) => {
    const view = VIEWS[kind];
    const own = AbortSignal.any([signal, viewSignal]);
    try {
      if (!view) throw new Error(`expected one of ${Object.keys(VIEWS).join(", ")} but got "${kind}"`);
      data ??= new SceneData(model);
      const context: Context = { data, linked, tiles, mount };
      view(el, context, options as ViewOptions, own);
    } catch (problem) {
      complain(el, problem);
    }
  };
  return { mount, listenerCount: () => linked.listenerCount };
}

export default { initialize };
