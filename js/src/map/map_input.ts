/**
 * What pointer and keys do on a map of items: hover, keep, select, walk, zoom. Owns no state.
 *   synced  writes hovered and selected   view  pinned item; the outline being drawn is handed on
 */
import { count } from "../page/format";
import { type KeyMap, onKeys } from "../page/keyboard";
import type { Linked } from "../state/linked";
import { toggle, union } from "../state/selection";
import { Gestures, type Tool } from "./gestures";
import type { Outline } from "./lasso";
import type { PointMap } from "./point_map";

interface MapInput {
  tool(): Tool;
  outline(outline: Outline | undefined): void;
  /** What is said of an item that the keys come to. */
  tell(row: number): string;
  /** Keys of this view beside those of every map. */
  more?: KeyMap;
}

export function wireMap(map: PointMap, linked: Linked, input: MapInput, signal: AbortSignal): void {
  const events = {
    tool: () => input.tool(),
    hover: (row: number) => linked.setHovered(row),
    click: (row: number, event: PointerEvent) => {
      if (event.shiftKey && row >= 0) linked.select(toggle(linked.selected, row));
      else linked.setPinned(row === linked.pinned ? -1 : row);
    },
    outline: (outline: Outline | undefined) => input.outline(outline),
    select: (rows: Uint32Array, add: boolean) => {
      linked.select(add ? union(linked.selected, rows) : rows);
      linked.say(`${count(linked.selected.length)} selected.`);
    },
    hint: (text: string) => linked.say(text),
  };
  const gestures = new Gestures(map, events, signal);
  onKeys(map.node, { ...keysOf(map, linked, input), ...input.more }, signal);
  map.node.addEventListener("keydown", (e) => e.key === "Escape" && gestures.cancel(), { signal });
  map.node.addEventListener("blur", () => linked.setHovered(-1), { signal });
}

function keysOf(map: PointMap, linked: Linked, input: MapInput): KeyMap {
  const walk = (dx: number, dy: number) => () => {
    const next = map.step(linked.item, dx, dy);
    if (next < 0) return;
    map.reveal(next);
    linked.setHovered(next);
    linked.say(input.tell(next));
  };
  return {
    ArrowLeft: walk(-1, 0),
    ArrowRight: walk(1, 0),
    ArrowUp: walk(0, -1),
    ArrowDown: walk(0, 1),
    Enter: () => {
      linked.setPinned(linked.item === linked.pinned ? -1 : linked.item);
      linked.say(linked.pinned >= 0 ? `Pinned: ${input.tell(linked.pinned)}` : "Nothing is pinned.");
    },
    " ": () => linked.item >= 0 && linked.select(toggle(linked.selected, linked.item)),
    "+": () => map.zoomBy(1.4),
    "=": () => map.zoomBy(1.4),
    "-": () => map.zoomBy(1 / 1.4),
    "0": () => map.fit(),
  };
}
