/**
 * What the maps are coloured by: only what the scene has is offered.
 *   synced  nothing   view  the mode
 */
import type { ColourMode } from "../../map/colouring";
import { h } from "../../page/dom";
import type { Context, ViewOptions } from "../../state/context";
import type { SceneData } from "../../state/data";

export function colourModes(data: SceneData): [ColourMode, string][] {
  const modes: [ColourMode, string, boolean][] = [
    ["label", "label", data.classes.length > 0],
    ["agreement", "agreement", data.compared],
    ["adjusted", "agreement, adjusted", data.compared],
    ["loading", "SPEC loading", data.spectral.clusters.length > 0],
    ["selection", "selection", true],
    ...data.itemScores.rows.map(({ name }, i): [ColourMode, string, boolean] => [`score ${i}`, name, true]),
  ];
  return modes.filter(([, , able]) => able).map(([mode, text]) => [mode, text]);
}

/** Agreement where there is a comparison, loading where clusters alone; labels only where most items have one. */
export function firstMode(data: SceneData): ColourMode {
  if (data.compared) return "agreement";
  if (data.spectral.clusters.length > 0) return "loading";
  const labelled = data.classes.reduce((sum, c) => sum + c.size, 0);
  return labelled > data.n / 2 ? "label" : "selection";
}

export class ColourChoice {
  readonly node: HTMLElement;
  mode: ColourMode;
  /** The score that is chosen: others may come to stand before it. */
  private scored: string | undefined;
  private readonly select = h("select", { "aria-label": "Colour by" });

  constructor(
    private readonly context: Context,
    changed: () => void,
    options: ViewOptions,
    signal: AbortSignal,
  ) {
    const asked = context.data.itemScores.rows.findIndex(({ name }) => name === options.colour_by);
    this.mode = asked >= 0 ? `score ${asked}` : firstMode(context.data);
    this.scored = asked >= 0 ? options.colour_by : undefined;
    this.node = h("label", { class: "embw-field" }, "Colour by", this.select);
    const chosen = () => {
      this.mode = this.select.value as ColourMode;
      const at = this.mode.startsWith("score ") ? Number(this.mode.slice(6)) : -1;
      this.scored = context.data.itemScores.rows[at]?.name;
      changed();
    };
    this.select.addEventListener("change", chosen, { signal });
    // Clusters and scores may be put on the scene while it is shown.
    const renew = () => {
      this.offer();
      changed();
    };
    context.linked.on("clusters", renew, signal);
    context.linked.on("scores", renew, signal);
    this.offer();
  }

  /** What is chosen, in words. */
  get words(): string {
    return this.select.selectedOptions[0]?.textContent ?? "";
  }

  private offer(): void {
    const at = this.context.data.itemScores.rows.findIndex(({ name }) => name === this.scored);
    if (at >= 0) this.mode = `score ${at}`;
    const modes = colourModes(this.context.data);
    if (!modes.some(([mode]) => mode === this.mode)) this.mode = firstMode(this.context.data);
    this.select.replaceChildren(...modes.map(([mode, text]) => h("option", { value: mode }, text)));
    this.select.value = this.mode;
  }
}
