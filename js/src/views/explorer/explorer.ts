/**
 * Explorer: the finding and its scores, the k-sweep, the maps, the most changed items and the clusters on one page.
 *   synced  reads k, selected and cluster through the views it mounts, and how a comparison goes that is under way
 *   view    tab
 */

import { ComparingLine } from "../../controls/comparing_line";
import { finding, provenance } from "../../controls/finding";
import { makeFrame } from "../../controls/frame";
import { csvButton } from "../../controls/save_buttons";
import { skipLinks } from "../../controls/skip_links";
import { choice, h, perFrame } from "../../page/dom";
import { scrollRegion } from "../../page/scroll_region";
import type { Context, View } from "../../state/context";
import { scoresAsTable, scoreTable } from "./score_table";
import "./explorer.css";

type Side = "scores" | "changed";

/** Scores and items: beside each other where there is room, else one at a time; above, what is under way. */
function sidePanel(scores: HTMLElement, changed: HTMLElement, line: HTMLElement, signal: AbortSignal): HTMLElement {
  const node = h("div", { class: "embw-side" });
  const tabs = choice<Side>(
    "Beside the curves",
    [
      ["scores", "Scores", "Every measure with its chance level"],
      ["changed", "Items", "The most changed items, the classes, and what is selected"],
    ],
    (side) => {
      node.dataset.side = side;
    },
    signal,
  );
  tabs.set("scores");
  tabs.node.classList.add("embw-tabs");
  node.dataset.side = "scores";
  node.append(h("div", { class: "embw-side-head" }, tabs.node, line), scores, changed);
  return node;
}

export const mountExplorer: View = (el, context, options, signal) => {
  const { data } = context;
  const frame = makeFrame(el, "explorer", "Comparison of two embedding spaces", context, options, signal);
  const changed = h("div", { class: "embw-changed" });
  const box = (name: string) => h("div", { class: `embw-explorer-${name}` });
  const [sweep, maps, clusters] = [box("sweep"), box("maps"), box("clusters")];
  const [words, scores] = [h("div"), h("div", { class: "embw-scores" })];
  const line = new ComparingLine(data.comparing, signal);
  const side = sidePanel(scores, changed, line.node, signal);
  const compared = data.compared ? [words, h("div", { class: "embw-explorer-top" }, side, sweep)] : [];
  fillIn(words, scores, context, signal);
  const foot = data.compared ? [provenance(data.provenance)] : [];
  frame.body.append(...compared, maps, ...foot, clusters);
  if (data.compared) context.mount("k_sweep", sweep, { options: { embedded: true }, signal });
  if (data.compared) context.mount("rows", changed, { options: { embedded: true }, signal });
  context.mount("map_pair", maps, { options: { ...options, embedded: true }, signal });
  scrollRegion(scores, "Scores", signal);
  const skip = skipLinks(frame.root, signal);
  skip("the maps", maps, ".embw-map");
  if (data.compared) skip("the curves", sweep, ".embw-handle");
  mountClusters(clusters, context, signal, () => skip("the groups", clusters, ".embw-cluster-head"));
};

/** What is found and its scores: of a comparison that is under way, measure by measure. */
function fillIn(words: HTMLElement, scores: HTMLElement, context: Context, signal: AbortSignal): void {
  const { data } = context;
  const { comparing } = data;
  const table = () => scoresAsTable(data.scores);
  const say = (text: string) => context.linked.say(text);
  const save = csvButton({ name: "scores", what: "the scores", table, say }, signal);
  const show = () => {
    words.replaceChildren(...finding(data.sentence, data.notes));
    scores.replaceChildren(scoreTable(data.scores, comparing.pending, save));
  };
  const changes = ["change:scores", "change:pending", "change:sentence", "change:notes"] as const;
  comparing.on(changes, perFrame(show, signal), signal);
  show();
}

/** The clusters, as soon as there are any: Python may add them while the page is open. */
function mountClusters(el: HTMLElement, context: Context, signal: AbortSignal, mounted: () => void): void {
  const mount = () => {
    if (!context.data.spectral.info || el.childElementCount > 0) return;
    context.mount("gallery", el, { options: { embedded: true }, signal });
    mounted();
  };
  context.linked.on("clusters", mount, signal);
  mount();
}
