/**
 * The pictures of the group that is open, over the map, where its items are now.
 *   synced  reads cluster   view  nothing
 */

import type { PointMap } from "../../map/point_map";
import { h } from "../../page/dom";
import type { AlignmentContext } from "./context";

const MOST = 24;
const SIZE = 26;

export class AlignmentPictures {
  readonly node = h("div", { class: "embw-map-pictures", "aria-hidden": "true" });
  private shown: { row: number; node: HTMLElement }[] = [];

  constructor(
    private readonly context: AlignmentContext,
    private readonly map: PointMap,
    signal: AbortSignal,
  ) {
    const renew = () => this.renew();
    context.linked.on("cluster", renew, signal);
    this.renew();
  }

  private renew(): void {
    const { tiles, linked, data, scene } = this.context;
    const rows = tiles.available && linked.cluster >= 0 ? data.members(linked.cluster).subarray(0, MOST) : [];
    this.shown = Array.from(rows, (row) => ({ row, node: tiles.thumbnail(row, SIZE, scene.describe(row)) }));
    // The strongest last, and so on top.
    this.node.replaceChildren(...this.shown.map(({ node }) => node).reverse());
    this.place();
  }

  /** Moves them to where their items have been drawn. */
  place(): void {
    const { width, height } = this.map;
    for (const { row, node } of this.shown) {
      const [x, y] = this.map.project(row);
      node.hidden = !(x >= 0 && y >= 0 && x <= width && y <= height);
      node.style.transform = `translate(${x - SIZE / 2}px, ${y - SIZE / 2}px)`;
    }
  }
}
