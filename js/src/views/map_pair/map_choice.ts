/**
 * Which maps are shown: the plain ones, or those where neighbours lie together, which Python draws when asked.
 *   synced  nothing; asks Python to draw   view  the kind of map that is shown
 */
import { h } from "../../page/dom";
import type { Context } from "../../state/context";
import type { MapKind } from "../../state/maps";
import type { DrawnState } from "../../state/scene";

/** What the menu calls the maps of neighbours. */
export function neighborsText({ status, told }: DrawnState): string {
  const more: Record<DrawnState["status"], string> = {
    ready: "",
    offered: " (draw them)",
    drawing: " (being drawn …)",
    missing: ` (needs ${told})`,
    none: ` (${told})`,
    failed: " (failed: try again)",
  };
  return `neighbours${more[status]}`;
}

/** What is said when that changes. */
export function neighborsNews({ status, told }: DrawnState): string {
  if (status === "drawing") return "Drawing maps of neighbours; the first time takes some seconds more.";
  if (status === "ready") return "Maps of neighbours are ready: choose them under Map.";
  if (status === "missing") return `Maps of neighbours need umap-learn: ${told}`;
  return status === "failed" ? `Maps of neighbours could not be drawn: ${told}` : "";
}

export class MapChoice {
  readonly node: HTMLElement;
  kind: MapKind;
  private readonly select = h("select", { "aria-label": "Map" });

  constructor(
    private readonly context: Context,
    private readonly changed: () => void,
    signal: AbortSignal,
  ) {
    const { maps } = context.data;
    this.kind = maps.first;
    this.node = h("label", { class: "embw-field" }, "Map", this.select);
    this.select.addEventListener("change", () => this.choose(this.select.value as MapKind), { signal });
    // What comes while the page is open is offered: a map never changes by itself.
    const renewed = () => {
      this.offer();
      context.linked.say(neighborsNews(maps.told));
    };
    context.linked.on("drawn", renewed, signal);
    this.offer();
  }

  private choose(kind: MapKind): void {
    const { data, linked } = this.context;
    if (kind === "plain" || data.maps.ready) {
      this.kind = kind;
      this.offer();
      this.changed();
      return;
    }
    this.offer();
    const asked = data.maps.ask();
    if (!asked) linked.say("Maps of neighbours are drawn by Python, which is not running.");
  }

  private offer(): void {
    const { maps } = this.context.data;
    const { told } = maps;
    const able = told.status !== "none" && told.status !== "drawing";
    this.node.hidden = told.status === "none" && told.told === "";
    this.node.classList.toggle("embw-by-python", !maps.ready);
    this.select.replaceChildren(
      h("option", { value: "plain" }, maps.name),
      h("option", { value: "neighbors", disabled: !able }, neighborsText(told)),
    );
    this.select.title = told.told || "What the places of the items show";
    this.select.value = this.kind;
  }
}
