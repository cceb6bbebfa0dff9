/**
 * The switch between groups that are close together and broad directions, and how the other ones get on.
 *   synced  reads directions; asks Python for the other ones, or to stop   view  nothing
 */

import { button, choice, h } from "../../page/dom";
import { percent } from "../../page/format";
import type { Context } from "../../state/context";
import type { Which } from "../../state/scene";

const ENTRIES: readonly (readonly [Which, string, string])[] = [
  ["close", "Close groups", "Groups of items that are close together (a Gaussian of their directions)"],
  ["broad", "Broad directions", "Directions along which many items differ (the cosine)"],
];
const SILENT = "No kernel is there to compute them.";

export function directionsSwitch(context: Context, signal: AbortSignal): HTMLElement {
  const { linked, data } = context;
  const put = (which: Which) => {
    if (data.directions?.shown !== which && !linked.ask({ type: "directions", which })) linked.say(SILENT);
    show();
  };
  const chosen = choice<Which>("Groups or directions", ENTRIES, put, signal);
  const buttons = [...chosen.node.querySelectorAll("button")];
  const bar = h("progress", { max: 1, "aria-label": "How far they are" });
  const what = h("span", { class: "embw-muted" });
  const stop = button("Stop", "Leave it", () => linked.ask({ type: "stop" }), signal);
  const work = h("span", { class: "embw-working" }, bar, what, stop);
  const node = h("div", { class: "embw-directions embw-by-python" }, chosen.node, work);
  const show = () => {
    const found = data.directions;
    node.hidden = found === undefined;
    if (!found) return;
    const working = found.wanted !== "";
    node.title = found.reason;
    chosen.set((found.wanted || found.shown) as Which);
    buttons.forEach((one, i) => {
      one.disabled = found.reason !== "" || working;
      one.title = found.reason || ENTRIES[i][2];
    });
    work.hidden = !working;
    bar.value = found.share;
    what.textContent = `${percent(found.share)} ${found.what}`;
  };
  linked.on("directions", show, signal);
  show();
  return node;
}
