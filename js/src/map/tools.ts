/**
 * The tools of a map, or of two that are moved together: lasso or pan, zoom, and the way back from a selection.
 *   synced  writes selected (Clear and Undo)   view  the tool
 */
import { button, choice, h } from "../page/dom";
import { rove } from "../page/roving";
import type { Linked } from "../state/linked";
import type { Tool } from "./gestures";
import type { PointMap } from "./point_map";

const STEP = 1.5;
const TOOLS = [
  ["lasso", "Lasso", "Drag draws a lasso; Alt a box, Shift adds"],
  ["pan", "Pan", "Drag moves the map"],
] as const;

export class MapTools {
  readonly nodes: readonly HTMLElement[];
  private chosen: Tool = "lasso";

  constructor(maps: readonly PointMap[], signal: AbortSignal) {
    const choose = (tool: Tool) => {
      this.chosen = tool;
      for (const map of maps) map.node.dataset.tool = tool;
    };
    const tools = choice<Tool>("Tool", TOOLS, choose, signal);
    tools.set(this.chosen);
    this.nodes = [tools.node, zooms(maps, signal)];
  }

  get tool(): Tool {
    return this.chosen;
  }
}

function zooms(maps: readonly PointMap[], signal: AbortSignal): HTMLElement {
  const all = (move: (map: PointMap) => void) => () => maps.forEach(move);
  const node = h(
    "div",
    { role: "group", "aria-label": "Zoom", class: "embw-choice" },
    button(
      "−",
      "Zoom out",
      all((map) => map.zoomBy(1 / STEP)),
      signal,
    ),
    button(
      "+",
      "Zoom in",
      all((map) => map.zoomBy(STEP)),
      signal,
    ),
    button(
      "Fit",
      "Show all items",
      all((map) => map.fit()),
      signal,
    ),
  );
  rove(node, "button", signal);
  return node;
}

/** For beside how many are selected. */
export function selectionTools(linked: Linked, signal: AbortSignal): HTMLElement[] {
  const none = () => linked.select(new Uint32Array(0));
  return [
    button("Clear", "Clear the selection (Esc)", none, signal, "embw-link"),
    button("Undo", "Undo the last selection (Ctrl+Z)", () => linked.undo(), signal, "embw-link"),
  ];
}
