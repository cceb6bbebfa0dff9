/** What the lines between points mean. Owns no state. */
import { h, svg } from "../../page/dom";

/** Drawn anew only when it says something else. */
export function drawKey(key: HTMLElement, told: boolean, k: number, ringed: boolean): void {
  const state = `${told} ${k} ${ringed}`;
  if (key.dataset.state === state) return;
  key.dataset.state = state;
  const line = (kind: string, words: string) =>
    h("span", { class: `embw-play-key embw-play-key-${kind}` }, svgLine(kind !== "kept"), words);
  const lines = told
    ? [line("kept", "neighbours in both"), line("x", "only in X"), line("y", "only in Y")]
    : [line("kept", `among the ${k} nearest`)];
  const ring = ringed ? [h("span", { class: "embw-play-key" }, "◯ named by SPEC")] : [];
  key.replaceChildren(...lines, ...ring);
}

function svgLine(dashed: boolean): SVGElement {
  const line = svg("line", { x1: 1, x2: 23, y1: 4, y2: 4, "stroke-dasharray": dashed ? "5 3.5" : undefined });
  return svg("svg", { width: 24, height: 8, "aria-hidden": "true" }, line);
}
