/**
 * The widget that carries a comparison, a spectral one too: code, data and linked state. Its views open on it.
 *   synced  k, hovered, selected, named selections, cluster (state/linked.ts)   view  everything the mounted views keep
 */
// First: what a view says of its looks outweighs it.
import "../page/base.css";
import { openWhenFound } from "../controls/comparing_line";
import { mountOf } from "../opening/mount";
import { Comparing } from "../state/comparing";
import type { Context, View, ViewOptions } from "../state/context";
import { SceneData } from "../state/data";
import { Linked } from "../state/linked";
import { WholeLists } from "../state/neighbors";
import type { Model, Mount, MountOptions } from "../state/scene";
import { Tiles } from "../state/tiles";
import { mountExplorer } from "../views/explorer/explorer";
import { mountGallery } from "../views/gallery/gallery";
import { mountKSweep } from "../views/k_sweep/k_sweep";
import { mountMapPair } from "../views/map_pair/map_pair";
import { mountRows } from "../views/rows/rows";

const VIEWS: Record<string, View> = {
  explorer: mountExplorer,
  gallery: mountGallery,
  k_sweep: mountKSweep,
  map_pair: mountMapPair,
  // Within other views.
  rows: mountRows,
};

export interface SceneExports {
  mount: Mount;
  /** For tests: how many callbacks the mounted views hold on the linked state. */
  listenerCount(): number;
}

function initialize({ model, signal }: { model: Model; signal: AbortSignal }): SceneExports {
  const linked = new Linked(model, signal);
  const comparing = new Comparing(model);
  const lists = new WholeLists(model, signal, () => linked.listsCame());
  // Whether the rows have pictures is known once there is something to show.
  let tiles = comparing.waits ? undefined : new Tiles(model, signal);
  let made: Context | undefined;
  const context = () => {
    tiles ??= new Tiles(model, signal);
    made ??= { data: new SceneData(model, lists), linked, tiles, mount };
    return made;
  };
  const open = (view: View, el: HTMLElement, given: MountOptions) =>
    openWhenFound(comparing, el, given.signal, () =>
      view(el, context(), (given.options ?? {}) as ViewOptions, given.signal),
    );
  const mount = mountOf(VIEWS, open, signal, model);
  return { mount, listenerCount: () => linked.listenerCount };
}

export default { initialize };
