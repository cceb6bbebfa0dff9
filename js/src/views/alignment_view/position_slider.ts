/**
 * The slider from before to after, and play.
 *   synced  reads and writes position (views/alignment_view/position.ts)   view  nothing
 */
import { button, h } from "../../page/dom";
import type { Position } from "./position";

const STEPS = 100;

export function positionSlider(position: Position, names: readonly [string, string], signal: AbortSignal): HTMLElement {
  const slider = h("input", { type: "range", min: 0, max: STEPS, step: 1, "aria-label": "Position, before to after" });
  const play = button("▶ Play", "", () => position.toggle(), signal, "embw-play");
  const reading = h("output", { class: "embw-number embw-position-reading" });
  slider.addEventListener("input", () => position.set(slider.valueAsNumber / STEPS), { signal });
  const end = (text: string, title: string, value: number) =>
    button(text, title, () => position.set(value), signal, "embw-end-button");
  const show = () => {
    const { value, playing } = position;
    slider.value = String(Math.round(STEPS * value));
    slider.setAttribute("aria-valuetext", positionText(value));
    slider.style.setProperty("--embw-share", `${100 * value}%`);
    reading.textContent = `${Math.round(STEPS * value)}%`;
    play.textContent = playing ? "❚❚ Pause" : "▶ Play";
    play.title = playing ? "Stay here" : `Move the items of ${names[0]} to where the alignment puts them`;
    play.setAttribute("aria-pressed", String(playing));
  };
  position.on(show, signal);
  show();
  const before = end("before", `${names[0]} as it was`, 0);
  const after = end("after", `${names[0]} as the alignment maps it`, 1);
  const group = { class: "embw-position", role: "group", "aria-label": "From before to after" };
  return h("div", group, h("div", { class: "embw-choice" }, play), before, slider, after, reading);
}

function positionText(value: number): string {
  if (value <= 0) return "before";
  if (value >= 1) return "after";
  return `${Math.round(100 * value)}% of the way`;
}
