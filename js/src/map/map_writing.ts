/**
 * What is written on a map: the names of groups where these lie, and what its axes are.
 *   synced  nothing   view  the middles of the groups, kept while neither they nor the points change
 */
import { textWidth } from "../chart/text_names";
import { h } from "../page/dom";
import { shorten } from "../page/graphemes";
import { type Box, type Group, middleOf, placeNames } from "./places";
import type { PointMap } from "./point_map";

const SIZE = 12;
const HEIGHT = 17;
const MOST_LETTERS = 24;
const AXIS = { size: 11, height: 18 };

interface Middle {
  text: string;
  at: [number, number];
}

export class MapWriting {
  private readonly names = h("div", { class: "embw-map-names", "aria-hidden": "true" });
  private readonly right = h("span", { class: "embw-map-axis embw-map-axis-x" });
  private readonly up = h("span", { class: "embw-map-axis embw-map-axis-y" });
  private middles: Middle[] = [];
  /** The names that had room, in pixels of the map. */
  written: readonly (Box & { text: string })[] = [];
  private of: { groups: readonly Group[]; xy: Float32Array } | undefined;

  constructor(private readonly map: PointMap) {
    // Beneath what is drawn over the points, so that a hovered item's caption can be read.
    map.node.insertBefore(this.names, map.over);
    map.node.insertBefore(this.right, map.over);
    map.node.insertBefore(this.up, map.over);
  }

  axes(right: string, up: string): void {
    this.right.textContent = `${right} →`;
    this.up.textContent = `↑ ${up}`;
  }

  /** Writes anew what there is room for, where the map shows it now. */
  show(groups: readonly Group[]): void {
    const { map } = this;
    if (this.of?.groups !== groups || this.of.xy !== map.xy) {
      this.middles = groups.map(({ text, rows }) => ({
        text: shorten(text, MOST_LETTERS),
        at: middleOf(map.xy, rows),
      }));
      this.of = { groups, xy: map.xy };
    }
    const names = this.middles.map(({ text, at }) => {
      const [x, y] = map.place(...at);
      return { text, x, y, width: textWidth(text, SIZE), height: HEIGHT };
    });
    this.written = placeNames(names, map, this.corners());
    this.names.replaceChildren(...this.written.map((one) => span(one)));
  }

  /** Where the axes are told. */
  private corners(): Box[] {
    const { width, height } = this.map;
    const wide = (node: HTMLElement) => textWidth(node.textContent ?? "", AXIS.size) + 8;
    return [
      { left: 0, top: 0, width: wide(this.up), height: AXIS.height },
      { left: width - wide(this.right), top: height - AXIS.height, width: wide(this.right), height: AXIS.height },
    ];
  }
}

function span({ text, left, top, width }: Box & { text: string }): HTMLElement {
  const node = h("span", {}, text);
  Object.assign(node.style, { left: `${left + width / 2}px`, top: `${top}px` });
  return node;
}
