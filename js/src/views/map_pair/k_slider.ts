/**
 * The neighbourhood size, as a slider.
 *   synced  reads and writes k   view  nothing
 */
import { h } from "../../page/dom";
import type { Context } from "../../state/context";

export class KSlider {
  readonly node: HTMLElement;
  private readonly slider = h("input", { type: "range", min: 1, "aria-label": "k" });
  private readonly told = h("output", { class: "embw-number" });

  constructor({ linked, data }: Context, signal: AbortSignal) {
    const { slider } = this;
    slider.max = String(data.kMax);
    slider.addEventListener("input", () => linked.setK(slider.valueAsNumber, "not yet"), { signal });
    slider.addEventListener("change", () => linked.setK(slider.valueAsNumber, "now"), { signal });
    this.node = h("label", { class: "embw-k" }, this.told, slider);
  }

  show(k: number): void {
    this.slider.value = String(k);
    this.told.textContent = `k = ${k}`;
  }
}
