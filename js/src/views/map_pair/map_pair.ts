/**
 * MapPair: the two spaces side by side, same items, same colours.
 *   synced  reads k, hovered, selected, cluster; writes hovered and selected (and k from its slider)
 *   view    zoom, tool, colouring, which maps, names, the class pointed at, pinned item, the outline being drawn
 */

import { type Frame, makeFrame } from "../../controls/frame";
import { makeSearch } from "../../controls/search";
import { Colouring, classMask, maskOf, scoreOf } from "../../map/colouring";
import type { Outline } from "../../map/lasso";
import { Legend } from "../../map/legend";
import { wireMap } from "../../map/map_input";
import { MapWriting } from "../../map/map_writing";
import { namedGroups } from "../../map/named_groups";
import { drawOverlay } from "../../map/overlay";
import type { Group } from "../../map/places";
import { PointMap } from "../../map/point_map";
import { MapTools, selectionTools } from "../../map/tools";
import { button, h, perFrame } from "../../page/dom";
import { count, value } from "../../page/format";
import { shorten } from "../../page/graphemes";
import type { Context, View, ViewOptions } from "../../state/context";
import { rowMeans } from "../../state/curves";
import { ColourChoice } from "./colour_choice";
import { Detail } from "./detail";
import { MapChoice } from "./map_choice";
import "./map_pair.css";

class MapPair {
  private readonly maps: PointMap[];
  private readonly writings: MapWriting[];
  private readonly captions = [0, 1].map(() => h("span", { class: "embw-muted" }));
  private readonly chosen: MapChoice;
  private groups: readonly Group[] = [];
  private named = true;
  private readonly naming = h("div", { class: "embw-choice" });
  /** The class that the legend points at, -1 for none. */
  private pointed = -1;
  private readonly outlines: (Outline | undefined)[] = [undefined, undefined];
  private readonly colouring: Colouring;
  private readonly detail: Detail;
  private readonly legend: Legend;
  private readonly summary = h("span", { class: "embw-summary" });
  private readonly slider = h("input", { type: "range", min: 1, "aria-label": "k" });
  private readonly kText = h("output", { class: "embw-number" });
  private readonly colours: ColourChoice;
  private readonly tools: MapTools;
  private readonly clearing: HTMLElement[];
  private readonly paintSoon: () => void;
  private readonly overlaySoon: () => void;
  private readonly detailSoon: () => void;

  constructor(
    private readonly frame: Frame,
    private readonly context: Context,
    private readonly options: ViewOptions,
    private readonly signal: AbortSignal,
  ) {
    const { data } = context;
    this.colours = new ColourChoice(context, () => this.recoloured(), options, signal);
    this.colouring = new Colouring(data);
    this.detail = new Detail(context, signal);
    this.chosen = new MapChoice(context, () => this.moved(), signal);
    this.legend = new Legend(context, signal, (code) => this.pointAt(code));
    this.paintSoon = perFrame(() => this.paint(), signal);
    this.overlaySoon = perFrame(() => this.overlay(), signal);
    this.detailSoon = perFrame(() => this.detail.show(this.item, this.score), signal);
    this.maps = data.maps
      .of(this.chosen.kind)
      .map((xy, space) => new PointMap(xy, data.names[space], () => this.paintSoon(), signal));
    this.writings = this.maps.map((map) => new MapWriting(map));
    this.tools = new MapTools(this.maps, signal);
    this.clearing = selectionTools(context.linked, signal);
    frame.body.append(this.toolbar(), this.body(), h("div", { class: "embw-under" }, this.legend.node, this.summary));
    for (const [space, map] of this.maps.entries()) this.wire(map, space);
    this.follow();
    this.makeNaming();
    this.told();
    this.regroup();
    this.legend.show(this.colours.mode, frame.theme);
    this.detail.show(this.item, this.score);
    this.summarise();
  }

  private get item(): number {
    return this.context.linked.item;
  }

  private follow(): void {
    const { linked } = this.context;
    const { signal } = this;
    linked.on("k", () => this.kMoved(), signal);
    linked.on("cluster", () => this.clusterOpened(), signal);
    linked.on("renamed", () => this.clusterOpened(), signal);
    linked.on("selected", () => this.recolour(), signal);
    linked.on("selected", () => this.summarise(), signal);
    linked.on("hovered", this.overlaySoon, signal);
    linked.on("hovered", this.detailSoon, signal);
    linked.on("lists", this.overlaySoon, signal);
    linked.on("lists", this.detailSoon, signal);
    linked.on("pinned", () => this.pinMoved(), signal);
    this.frame.onTheme(() => this.recolour());
    this.kMoved();
  }

  /** The score of single items that is shown, -1 for none. */
  private get score(): number {
    return scoreOf(this.colours.mode);
  }

  private recoloured(): void {
    this.regroup();
    this.recolour();
    this.detailSoon();
  }

  private regroup(): void {
    this.groups = namedGroups(this.context.data, this.colours.mode);
    this.naming.hidden = this.groups.length === 0;
  }

  /** Other maps of the same items. */
  private moved(): void {
    for (const [space, xy] of this.context.data.maps.of(this.chosen.kind).entries()) this.maps[space].move(xy);
    this.told();
  }

  /** What the maps' axes are. */
  private told(): void {
    const { kind } = this.chosen;
    this.maps.forEach((map, space) => {
      this.writings[space].axes(...this.context.data.maps.axes(kind, space as 0 | 1));
      this.captions[space].textContent = kind === "neighbors" ? "near: neighbours; far: no units" : "no units";
      map.node.dataset.map = kind;
    });
  }

  private pointAt(code: number): void {
    if (code === this.pointed) return;
    this.pointed = code;
    this.paintSoon();
  }

  private recolour(): void {
    // The legend is made anew, and what was pointed at is no more.
    this.pointed = -1;
    this.paintSoon();
    this.legend.show(this.colours.mode, this.frame.theme);
  }

  private clusterOpened(): void {
    if (this.colours.mode === "loading") this.recolour();
    this.detailSoon();
  }

  private kMoved(): void {
    const { k } = this.context.linked;
    this.slider.value = String(k);
    this.kText.textContent = `k = ${k}`;
    if (this.colours.mode === "agreement" || this.colours.mode === "adjusted") this.recolour();
    else this.overlaySoon();
    this.detailSoon();
    this.summarise();
    for (const map of this.maps) map.node.dataset.k = String(k);
  }

  private pinMoved(): void {
    const { pinned } = this.context.linked;
    if (pinned >= 0) for (const map of this.maps) map.reveal(pinned);
    this.overlaySoon();
    this.detailSoon();
  }

  private paint(): void {
    const { linked, data } = this.context;
    const { theme } = this.frame;
    const selected = maskOf(linked.selected, data.n);
    const pointed = this.pointed >= 0 ? classMask(data, this.pointed) : undefined;
    for (const [space, map] of this.maps.entries()) {
      const radius = map.pointRadius * map.ratio;
      const by = { mode: this.colours.mode, k: linked.k, cluster: linked.cluster };
      const { look, dimmed, ring } = this.colouring.look(by, selected, theme, radius);
      const marked = pointed ? { mask: pointed, dimmed } : selected && { mask: selected, dimmed, ring };
      map.paint(look, theme, marked);
      this.writings[space].show(this.named ? this.groups : []);
      map.node.dataset.pointed = String(this.pointed);
      map.node.dataset.painted = String(Number(map.node.dataset.painted ?? 0) + 1);
      map.node.dataset.selected = String(linked.selected.length);
      map.node.setAttribute(
        "aria-description",
        `Coloured by ${this.colours.words}. ${linked.selected.length} selected.`,
      );
    }
    this.overlay();
  }

  private overlay(): void {
    const { linked, data } = this.context;
    const item = this.item;
    const change = item >= 0 && data.compared ? data.neighborChange(item, linked.k) : undefined;
    this.maps.forEach((map, space) => {
      const focused = map.node === document.activeElement;
      const caption = item >= 0 ? shorten(data.describe(item), 40) : "";
      const { hovered, pinned } = linked;
      const what = { hovered, pinned, change, space: space as 0 | 1, caption, keyboardFocus: focused };
      map.node.classList.toggle("embw-faded", change !== undefined);
      drawOverlay(map, { ...what, outline: this.outlines[space] }, this.frame.theme);
      map.node.dataset.hovered = String(hovered);
      map.node.dataset.pinned = String(pinned);
    });
  }

  private wire(map: PointMap, space: number): void {
    const { data, linked } = this.context;
    Object.assign(map.node, { embw: { project: (row: number) => map.project(row), space } });
    const input = {
      tool: () => this.tools.tool,
      outline: (outline: Outline | undefined) => {
        this.outlines[space] = outline;
        this.overlaySoon();
      },
      tell: (row: number) => `${data.describe(row)}${this.standing(row)}.`,
    };
    wireMap(map, linked, input, this.signal);
  }

  private standing(row: number): string {
    const { linked, data } = this.context;
    const score = this.score >= 0 ? `: ${data.itemScores.text(this.score, row)}` : "";
    return data.compared && data.searched(row)
      ? `${score}: agreement ${value(data.agreement(row, linked.k))} at k = ${linked.k}`
      : score;
  }

  private toolbar(): HTMLElement {
    const { signal } = this;
    const k = this.options.embedded || !this.context.data.compared ? [] : [this.kSlider()];
    const space = h("span", { class: "embw-spring" });
    return h(
      "div",
      { class: "embw-toolbar" },
      this.colours.node,
      this.chosen.node,
      ...k,
      ...this.tools.nodes,
      this.naming,
      space,
      makeSearch(this.context, signal),
    );
  }

  private makeNaming(): void {
    const turned = () => {
      this.named = !this.named;
      node.setAttribute("aria-pressed", String(this.named));
      this.paintSoon();
    };
    const node = button("Names", "Write the names of large groups where they lie", turned, this.signal);
    node.setAttribute("aria-pressed", String(this.named));
    this.naming.append(node);
  }

  private kSlider(): HTMLElement {
    const { linked, data } = this.context;
    this.slider.max = String(data.kMax);
    const { signal } = this;
    this.slider.addEventListener("input", () => linked.setK(this.slider.valueAsNumber, "not yet"), { signal });
    this.slider.addEventListener("change", () => linked.setK(this.slider.valueAsNumber, "now"), { signal });
    return h("label", { class: "embw-k" }, this.kText, this.slider);
  }

  private body(): HTMLElement {
    const { names } = this.context.data;
    const panels = this.maps.map((map, space) => {
      map.node.dataset.space = space === 0 ? "x" : "y";
      const axes = h("figcaption", {}, h("b", {}, names[space]), this.captions[space]);
      return h("figure", { class: "embw-panel" }, axes, map.node);
    });
    return h("div", { class: "embw-maps" }, ...panels, this.detail.node);
  }

  private summarise(): void {
    const { data, linked } = this.context;
    const { selected, k } = linked;
    if (selected.length === 0) {
      this.summary.replaceChildren(h("span", { class: "embw-muted" }, `${count(data.n)} items`));
      return;
    }
    const mean = () => value(rowMeans(data.counts, selected).jaccard[k - 1]);
    const agreement = data.compared ? `: J ${mean()} (all ${value(data.overall.jaccard[k - 1])})` : "";
    this.summary.replaceChildren(`${count(selected.length)} selected${agreement}`, ...this.clearing);
  }
}

export const mountMapPair: View = (el, context, options, signal) => {
  const frame = makeFrame(el, "map-pair", "Maps of the two spaces", context, options, signal);
  new MapPair(frame, context, options, signal);
};
