/**
 * MapPair: the two spaces side by side, same items, same colours.
 *   synced  reads k, hovered, selected, cluster; writes hovered and selected (and k from its slider)
 *   view    zoom, tool, colouring, which maps, names, class pointed at, pinned item, the outline being drawn
 */

import { type Frame, makeFrame } from "../../controls/frame";
import { rowsFold } from "../../controls/rows_fold";
import { saveButtons } from "../../controls/save_buttons";
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
import { MapTools } from "../../map/tools";
import { h, perFrame, whenRested } from "../../page/dom";
import { value } from "../../page/format";
import { shorten } from "../../page/graphemes";
import type { Context, View, ViewOptions } from "../../state/context";
import { ColourChoice } from "./colour_choice";
import { Detail } from "./detail";
import { mapsFigure } from "./figure";
import { KSlider } from "./k_slider";
import { MapChoice } from "./map_choice";
import { NamesSwitch } from "./names_switch";
import { Summary } from "./summary";
import "./map_pair.css";

class MapPair {
  private readonly maps: PointMap[];
  private readonly writings: MapWriting[];
  private readonly captions = [0, 1].map(() => h("span", { class: "embw-muted" }));
  private readonly chosen: MapChoice;
  private groups: readonly Group[] = [];
  private readonly naming: NamesSwitch;
  /** The neighbour that the detail points at, -1 for none. */
  private ringed = -1;
  private readonly outlines: (Outline | undefined)[] = [undefined, undefined];
  private readonly colouring: Colouring;
  private readonly detail: Detail;
  private readonly legend: Legend;
  private readonly summary: Summary;
  private readonly slider: KSlider;
  private readonly colours: ColourChoice;
  private readonly tools: MapTools;
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
    this.slider = new KSlider(context, signal);
    const ring = (row: number) => {
      this.ringed = row;
      this.overlaySoon();
    };
    this.detail = new Detail(context, ring, signal);
    this.chosen = new MapChoice(context, () => this.moved(), signal);
    this.legend = new Legend(context, signal, (code) => context.linked.setPointed(code));
    this.paintSoon = perFrame(() => this.paint(), signal);
    this.overlaySoon = perFrame(() => this.overlay(), signal);
    this.detailSoon = perFrame(() => this.detail.show(this.item, this.score), signal);
    this.maps = data.maps
      .of(this.chosen.kind)
      .map((xy, space) => new PointMap(xy, data.names[space], () => this.paintSoon(), signal));
    this.writings = this.maps.map((map) => new MapWriting(map));
    this.tools = new MapTools(this.maps, signal);
    this.naming = new NamesSwitch(() => this.paintSoon(), signal);
    this.summary = new Summary(context, signal);
    frame.body.append(this.toolbar(), this.body(), this.under());
    for (const [space, map] of this.maps.entries()) this.wire(map, space);
    this.follow();
    this.told();
    this.regroup();
    this.legend.show(this.colours.mode, frame.theme);
    this.detail.show(this.item, this.score);
    this.summary.show();
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
    linked.on("selected", () => this.summary.show(), signal);
    linked.on("hovered", this.overlaySoon, signal);
    // What a pointer only passes over is not looked at up close: its frames are for the maps.
    linked.on("hovered", whenRested(this.detailSoon, signal), signal);
    linked.on("lists", this.overlaySoon, signal);
    linked.on("lists", this.detailSoon, signal);
    linked.on("pinned", () => this.pinMoved(), signal);
    linked.on("pointed", this.paintSoon, signal);
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
    this.naming.node.hidden = this.groups.length === 0;
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

  private recolour(): void {
    // The legend is made anew, and what was pointed at is no more.
    this.context.linked.setPointed(-1);
    this.paintSoon();
    this.legend.show(this.colours.mode, this.frame.theme);
  }

  private clusterOpened(): void {
    if (this.colours.mode === "loading") this.recolour();
    this.detailSoon();
  }

  private kMoved(): void {
    const { k } = this.context.linked;
    this.slider.show(k);
    if (this.colours.mode === "agreement" || this.colours.mode === "adjusted") this.recolour();
    else this.overlaySoon();
    this.detailSoon();
    this.summary.show();
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
    const pointed = linked.pointed >= 0 ? classMask(data, linked.pointed) : undefined;
    for (const [space, map] of this.maps.entries()) {
      const radius = map.pointRadius * map.ratio;
      const by = { mode: this.colours.mode, k: linked.k, cluster: linked.cluster };
      const { look, dimmed, ring } = this.colouring.look(by, selected, theme, radius);
      const marked = pointed ? { mask: pointed, dimmed } : selected && { mask: selected, dimmed, ring };
      map.paint(look, theme, marked);
      this.writings[space].show(this.naming.on ? this.groups : []);
      map.node.dataset.pointed = String(linked.pointed);
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
      const focused = map.node.matches(":focus");
      const caption = item >= 0 ? shorten(data.describe(item), Math.min(40, Math.floor(map.width / 7))) : "";
      const { hovered, pinned } = linked;
      const { ringed } = this;
      const what = { hovered, pinned, ringed, change, space: space as 0 | 1, caption, keyboardFocus: focused };
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
    const k = this.options.embedded || !this.context.data.compared ? [] : [this.slider.node];
    const space = h("span", { class: "embw-spring" });
    return h(
      "div",
      { class: "embw-toolbar" },
      this.colours.node,
      this.chosen.node,
      ...k,
      ...this.tools.nodes,
      this.naming.node,
      space,
      makeSearch(this.context, signal),
    );
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

  private under(): HTMLElement {
    const say = (text: string) => this.context.linked.say(text);
    const saving = { name: "maps", what: "the maps", figure: () => this.figure(), say };
    return h("div", { class: "embw-under" }, this.legend.node, this.summary.node, saveButtons(saving, this.signal));
  }

  private figure(): SVGSVGElement {
    const { data, linked } = this.context;
    const maps = this.maps.map((map, space) => {
      const axes = data.maps.axes(this.chosen.kind, space as 0 | 1);
      return { map, name: data.names[space], axes, written: this.writings[space].written };
    });
    const { colouring } = this;
    return mapsFigure(this.context, maps, {
      colouring,
      mode: this.colours.mode,
      mask: maskOf(linked.selected, data.n),
    });
  }
}

export const mountMapPair: View = (el, context, options, signal) => {
  const frame = makeFrame(el, "map-pair", "Maps of the two spaces", context, options, signal);
  new MapPair(frame, context, options, signal);
  if (!options.embedded) frame.body.append(rowsFold(context, signal));
};
