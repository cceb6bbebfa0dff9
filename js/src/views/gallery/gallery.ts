/**
 * Gallery: the groups that one space has and the other has not, their spectrum above, a line for each.
 *   synced  reads cluster, hovered; writes cluster, hovered, selected (a group's button)
 *   view    items of a group, size of pictures, maps shown or not, pinned (written on a click)
 */

import { finding, provenance } from "../../controls/finding";
import { type Frame, makeFrame } from "../../controls/frame";
import { rowsFold } from "../../controls/rows_fold";
import { saveButtons } from "../../controls/save_buttons";
import { skipLinks } from "../../controls/skip_links";
import { button, h, onResize, perFrame, svg } from "../../page/dom";
import { onKeys } from "../../page/keyboard";
import type { Context, View, ViewOptions } from "../../state/context";
import { saveContactSheet } from "./contact_sheet";
import { groupsAsTable, spectrumFigure } from "./export";
import { FullPicture } from "./full_picture";
import { GroupList } from "./group_list";
import { listHandle } from "./list_handle";
import type { Look } from "./look";
import { drawSpectrum, optionId, spectrumRoom } from "./spectrum";
import { galleryKey } from "./spectrum_key";
import { galleryToolbar } from "./toolbar";
import { spectrumText } from "./words";
import "./gallery.css";

let galleries = 0;

class Gallery {
  private readonly id = `embw-spectrum-${++galleries}`;
  private readonly chart = svg("svg", { class: "embw-spectrum", role: "listbox", tabindex: 0 });
  private readonly plot = h("div", { class: "embw-spectrum-plot" }, this.chart);
  private readonly key = h("div", { class: "embw-spectrum-key" });
  private readonly words = h("div", { class: "embw-gallery-words" });
  private readonly maps = h("div", { class: "embw-gallery-maps", hidden: true });
  private readonly foot = provenance("");
  private readonly grid: HTMLElement;
  private readonly list: GroupList;
  private readonly drawSoon: () => void;

  constructor(
    private readonly frame: Frame,
    private readonly context: Context,
    options: ViewOptions,
    private readonly signal: AbortSignal,
  ) {
    this.drawSoon = perFrame(() => this.draw(), signal);
    const look: Look = { count: context.tiles.available ? 24 : 12, size: 32 };
    this.list = new GroupList(context, frame, look, new FullPicture(context, frame, signal), signal);
    const rest = [this.saving(), ...(options.embedded ? [] : [this.mapsButton()])];
    const toolbar = galleryToolbar(context, look, () => this.list.refresh(), rest, signal);
    const spectrum = h("div", { class: "embw-gallery-spectrum" }, this.plot, this.key);
    const handle = listHandle(this.list.node, signal);
    const groups = h("div", { class: "embw-gallery-rows" }, toolbar, this.list.node, handle);
    this.grid = h("div", { class: "embw-gallery-grid" }, spectrum, groups, this.maps);
    frame.body.append(this.words, this.grid, this.foot);
    if (!options.embedded) skipLinks(frame.root, signal)("the groups", this.list.node);
    this.listen();
    this.renew();
  }

  private listen(): void {
    const { linked } = this.context;
    const { signal } = this;
    onResize(this.plot, this.drawSoon, signal);
    onResize(this.list.node, () => this.list.resized(), signal);
    linked.on("clusters", () => this.renew(), signal);
    linked.on("renamed", () => this.say(), signal);
    linked.on("renamed", this.drawSoon, signal);
    linked.on("cluster", this.drawSoon, signal);
    this.frame.onTheme(() => this.retheme());
    const chosen = (e: Event) => {
      const at = (e.target as Element).closest<HTMLElement>("[data-cluster]")?.dataset.cluster;
      if (at !== undefined) this.list.open(Number(at));
    };
    this.chart.addEventListener("click", chosen, { signal });
    this.keys();
  }

  /** Everything that comes from the result: at the start, and when Python puts another on the scene. */
  private renew(): void {
    const { spectral } = this.context.data;
    this.say();
    this.grid.classList.toggle("embw-no-clusters", spectral.clusters.length === 0);
    this.plot.style.maxWidth = `${spectrumRoom(spectral.clusters.length)}px`;
    this.list.renew();
    this.retheme();
  }

  private say(): void {
    const { info } = this.context.data.spectral;
    this.words.replaceChildren(...finding(info?.sentence ?? EMPTY, info?.notes ?? []));
    this.foot.textContent = info?.provenance ?? "";
  }

  private retheme(): void {
    this.list.retheme();
    this.key.replaceChildren(...galleryKey(this.context.data.spectral, this.frame.theme));
    this.drawSoon();
  }

  private draw(): void {
    const { spectral } = this.context.data;
    const open = this.context.linked.cluster;
    const [width, height] = [this.plot.clientWidth, this.plot.clientHeight];
    const size = { width: Math.max(240, width), height: Math.max(120, height) };
    drawSpectrum(this.chart, { id: this.id, ...size, spectral, open, theme: this.frame.theme });
    this.chart.setAttribute("aria-label", `${spectrumText(spectral)}. Arrow keys open a group, Enter selects it.`);
    if (open >= 0) this.chart.setAttribute("aria-activedescendant", optionId(this.id, open));
    else this.chart.removeAttribute("aria-activedescendant");
  }

  private keys(): void {
    const { linked, data } = this.context;
    const last = () => data.spectral.clusters.length - 1;
    const by = (step: number) => () => this.list.open(Math.max(0, Math.min(last(), linked.cluster + step)));
    const keys = {
      ArrowLeft: by(-1),
      ArrowUp: by(-1),
      ArrowRight: by(1),
      ArrowDown: by(1),
      Home: () => this.list.open(0),
      End: () => this.list.open(last()),
    };
    const select = () => this.list.select(linked.cluster);
    onKeys(this.chart as unknown as HTMLElement, { ...keys, Enter: select, " ": select }, this.signal);
  }

  private saving(): HTMLElement {
    const { data, linked, tiles } = this.context;
    const name = "groups";
    const say = (text: string) => linked.say(text);
    const table = () => groupsAsTable(data);
    const node = saveButtons({ name, what: "the groups", table, figure: () => spectrumFigure(data), say }, this.signal);
    const sheet = () => void saveContactSheet(this.context, "group_pictures.png", this.signal);
    const title = "Save the leading pictures of every group as one PNG";
    if (tiles.available) node.append(button("Pictures", title, sheet, this.signal));
    return node;
  }

  private mapsButton(): HTMLElement {
    const toggle: HTMLButtonElement = button(
      "Maps",
      "Show the two spaces as maps beside the groups",
      () => this.showMaps(this.maps.hidden),
      this.signal,
    );
    toggle.classList.add("embw-maps-toggle");
    toggle.setAttribute("aria-pressed", "false");
    return h("div", { class: "embw-choice" }, toggle);
  }

  private showMaps(shown: boolean): void {
    this.maps.hidden = !shown;
    this.grid.classList.toggle("embw-with-maps", shown);
    this.frame.root.querySelector(".embw-maps-toggle")?.setAttribute("aria-pressed", String(shown));
    if (shown && this.maps.childElementCount === 0)
      this.context.mount("map_pair", this.maps, { options: { embedded: true }, signal: this.signal });
  }
}

const EMPTY =
  "No spectral comparison is on this scene yet: show(spec(X, Y), scene=w.scene) puts its clusters here, w being this view.";

export const mountGallery: View = (el, context, options: ViewOptions, signal) => {
  const frame = makeFrame(el, "gallery", "Groups that one space has and the other has not", context, options, signal);
  new Gallery(frame, context, options, signal);
  if (!options.embedded) frame.body.append(rowsFold(context, signal));
};
