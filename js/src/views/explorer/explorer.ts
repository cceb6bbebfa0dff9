/**
 * Explorer: what was found, the maps and the k-sweep beside each other, and beneath them what is asked for.
 *   synced  reads k, selected and cluster through the views it mounts, and how a comparison goes that is under way
 *   view    which panels are folded
 */

import { ComparingLine } from "../../controls/comparing_line";
import { finding, provenance } from "../../controls/finding";
import { fold } from "../../controls/fold";
import { makeFrame } from "../../controls/frame";
import { NotesLine } from "../../controls/notes_line";
import { openInTab } from "../../controls/open_in_tab";
import { csvButton } from "../../controls/save_buttons";
import { skipLinks } from "../../controls/skip_links";
import { questionMark } from "../../controls/term";
import { h, perFrame } from "../../page/dom";
import { TERMS } from "../../page/terms";
import type { Context, View } from "../../state/context";
import { ScoreTable, scoresAsTable } from "./score_table";
import "./explorer.css";

/** How the sentence counts. */
const COUNTED = `${TERMS.kept.line} No more than chance: ${TERMS.no_more_than_chance.line.toLowerCase()}`;

export const mountExplorer: View = (el, context, options, signal) => {
  const { data } = context;
  const frame = makeFrame(el, "explorer", "Comparison of two embedding spaces", context, options, signal);
  const box = (name: string) => h("div", { class: `embw-explorer-${name}` });
  const [sweep, maps, clusters] = [box("sweep"), box("maps"), box("clusters")];
  const main = h("div", { class: "embw-explorer-main" }, maps);
  const [words, scores] = [box("words"), new ScoreTable(saveScores(context, signal), signal)];
  const notes = new NotesLine(signal);
  const beside = box("beside");
  frame.body.append(h("div", { class: "embw-explorer-head" }, words, beside));
  if (data.compared) beside.append(questionMark("kept", COUNTED, signal));
  if (!options.embedded) beside.append(openInTab(frame.root, signal));
  if (data.compared) {
    follow(words, notes, scores, context, signal);
    const line = new ComparingLine(data.comparing, signal);
    main.append(sweep);
    frame.body.append(line.node, notes.node, main, tables(scores, context, signal));
  } else frame.body.append(main);
  frame.body.append(clusters);
  context.mount("map_pair", maps, { options: { ...options, embedded: true }, signal });
  if (data.compared) context.mount("k_sweep", sweep, { options: { embedded: true }, signal });
  const skip = skipLinks(frame.root, signal);
  skip("the maps", maps, ".embw-map");
  if (data.compared) skip("the curves", sweep, ".embw-handle");
  mountClusters(clusters, context, signal, () => skip("the groups", clusters, ".embw-cluster-head"));
};

function saveScores({ data, linked }: Context, signal: AbortSignal): HTMLElement {
  const table = () => scoresAsTable(data.scores);
  return csvButton({ name: "scores", what: "the scores", table, say: (text) => linked.say(text) }, signal);
}

/** What is found and its scores: of a comparison that is under way, measure by measure. */
function follow(words: HTMLElement, notes: NotesLine, scores: ScoreTable, context: Context, signal: AbortSignal): void {
  const { data } = context;
  const { comparing } = data;
  const show = () => {
    words.replaceChildren(...finding(data.sentence, []));
    notes.show(data.notes);
    scores.show(data.scores, comparing.pending);
  };
  const changes = ["change:scores", "change:pending", "change:sentence", "change:notes"] as const;
  comparing.on(changes, perFrame(show, signal), signal);
  show();
}

/** What is read after the maps and the curves: it folds. */
function tables(scores: ScoreTable, context: Context, signal: AbortSignal): HTMLElement {
  const items = h("div", { class: "embw-changed" });
  const how = provenance(context.data.provenance);
  context.mount("rows", items, { options: { embedded: true }, signal });
  return h(
    "div",
    { class: "embw-explorer-tables" },
    fold({ name: "explorer.scores", title: "Scores" }, scores.node, signal),
    fold({ name: "explorer.items", title: "Items" }, items, signal),
    fold({ name: "explorer.how", title: "How it was computed", open: false }, how, signal),
  );
}

/** The clusters, as soon as there are any: Python may add them while the page is open. */
function mountClusters(el: HTMLElement, context: Context, signal: AbortSignal, mounted: () => void): void {
  const inner = h("div");
  const mount = () => {
    if (!context.data.spectral.info || inner.childElementCount > 0) return;
    const title = "Groups that one space has and the other has not";
    el.append(fold({ name: "explorer.groups", title }, inner, signal));
    context.mount("gallery", inner, { options: { embedded: true }, signal });
    mounted();
  };
  context.linked.on("clusters", mount, signal);
  mount();
}
