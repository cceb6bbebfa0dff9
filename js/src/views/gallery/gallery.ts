/**
 * Gallery: the clusters that one space has and the other has not, their spectrum above, a row for each.
 *   synced  reads cluster, hovered; writes cluster, hovered, selected (a row's button)
 *   view    items per cluster, size of pictures, maps shown or not, pinned (written on a click)
 */

import { finding, provenance } from "../../controls/finding";
import { type Frame, makeFrame } from "../../controls/frame";
import { button, choice, h, onResize, perFrame, svg } from "../../page/dom";
import { onKeys } from "../../page/keyboard";
import type { Context, View, ViewOptions } from "../../state/context";
import { type CardLook, ClusterCard } from "./cluster_card";
import { drawSpectrum, optionId } from "./spectrum";
import { galleryKey } from "./spectrum_key";
import { clusterTitle, spectrumText } from "./words";
import "./gallery.css";

const COUNTS = [6, 12, 24, 48, 96];
const SIZES: readonly (readonly [string, string, string])[] = [
  ["32", "S", "Small pictures"],
  ["44", "M", "Middle-sized pictures"],
  ["64", "L", "Large pictures"],
];
let galleries = 0;

class Gallery {
  private readonly id = `embw-spectrum-${++galleries}`;
  private readonly chart = svg("svg", { class: "embw-spectrum", role: "listbox", tabindex: 0 });
  private readonly plot = h("div", { class: "embw-spectrum-plot" }, this.chart);
  private readonly key = h("div", { class: "embw-spectrum-key" });
  private readonly words = h("div", { class: "embw-gallery-words" });
  private readonly list = h("div", { class: "embw-clusters", role: "group", "aria-label": "Clusters" });
  private readonly maps = h("div", { class: "embw-gallery-maps", hidden: true });
  private readonly foot = provenance("");
  private readonly grid: HTMLElement;
  private readonly look: CardLook;
  private readonly drawSoon: () => void;
  private cards: ClusterCard[] = [];
  private seen: IntersectionObserver | undefined;
  private build = new AbortController();

  constructor(
    private readonly frame: Frame,
    private readonly context: Context,
    private readonly options: ViewOptions,
    private readonly signal: AbortSignal,
  ) {
    this.drawSoon = perFrame(() => this.draw(), signal);
    // Texts take a line each.
    this.look = { count: !context.tiles.available && context.data.texts.length ? 6 : 12, size: 44 };
    const spectrum = h("div", { class: "embw-gallery-spectrum" }, this.plot, this.key);
    const rows = h("div", { class: "embw-gallery-rows" }, this.toolbar(), this.list);
    this.grid = h("div", { class: "embw-gallery-grid" }, spectrum, rows, this.maps);
    frame.body.append(this.words, this.grid, this.foot);
    this.listen();
    this.renew();
    if (!options.embedded && !context.data.compared) this.showMaps(true);
  }

  private listen(): void {
    const { linked } = this.context;
    const { signal } = this;
    onResize(this.plot, () => this.resized(), signal);
    linked.on("clusters", () => this.renew(), signal);
    linked.on("cluster", () => this.opened(), signal);
    linked.on("hovered", () => this.mark(), signal);
    linked.on("pinned", () => this.mark(), signal);
    this.frame.onTheme(() => this.retheme());
    signal.addEventListener("abort", () => this.seen?.disconnect());
    this.pointer();
    this.keys();
  }

  private resized(): void {
    for (const card of this.cards) card.room();
    this.drawSoon();
  }

  /** Everything that comes from the result: at the start, and when Python puts another on the scene. */
  private renew(): void {
    const { spectral } = this.context.data;
    this.build.abort();
    this.build = new AbortController();
    this.seen?.disconnect();
    const whole = spectral.info;
    this.words.replaceChildren(...finding(whole?.sentence ?? EMPTY, whole?.notes ?? []));
    this.foot.textContent = whole?.provenance ?? "";
    this.grid.classList.toggle("embw-no-clusters", spectral.clusters.length === 0);
    const alive = AbortSignal.any([this.signal, this.build.signal]);
    this.cards = spectral.clusters.map((cluster) => new ClusterCard(this.context, cluster, this.look, alive));
    this.list.replaceChildren(...this.cards.map((card) => card.node));
    for (const card of this.cards) card.room();
    this.watch();
    this.retheme();
    this.opened();
  }

  /** Pictures are fetched when their row comes near. */
  private watch(): void {
    if (!("IntersectionObserver" in window)) {
      for (const card of this.cards) card.fill();
      return;
    }
    const near = { rootMargin: "150px", scrollMargin: "150px" } as IntersectionObserverInit;
    this.seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        this.seen?.unobserve(target);
        this.cards.find((card) => card.node === target)?.fill();
      }
    }, near);
    for (const card of this.cards) this.seen.observe(card.node);
  }

  private retheme(): void {
    for (const card of this.cards) card.retheme(this.frame.theme);
    this.key.replaceChildren(...galleryKey(this.context.data.spectral, this.id, this.frame.theme));
    this.drawSoon();
  }

  private draw(): void {
    const { spectral } = this.context.data;
    const open = this.context.linked.cluster;
    const [width, height] = [this.plot.clientWidth, this.plot.clientHeight];
    const size = { width: Math.max(240, width), height: Math.max(120, height) };
    drawSpectrum(this.chart, { id: this.id, ...size, spectral, open, theme: this.frame.theme });
    this.chart.setAttribute("aria-label", `${spectrumText(spectral)}. Arrow keys open a cluster, Enter selects it.`);
    if (open >= 0) this.chart.setAttribute("aria-activedescendant", optionId(this.id, open));
    else this.chart.removeAttribute("aria-activedescendant");
  }

  private opened(): void {
    const { cluster } = this.context.linked;
    this.frame.root.dataset.cluster = String(cluster);
    for (const card of this.cards) card.open(card.cluster.index === cluster);
    const card = this.cards[cluster];
    if (card && this.list.clientHeight > 0) this.reveal(card);
    this.mark();
    this.drawSoon();
  }

  /** Moves the list alone, never the page. */
  private reveal(card: ClusterCard): void {
    const { list } = this;
    const [top, bottom] = [card.node.offsetTop, card.node.offsetTop + card.node.offsetHeight];
    const inside = top >= list.scrollTop && bottom <= list.scrollTop + list.clientHeight;
    if (!inside) list.scrollTop = top;
    card.fill();
  }

  private mark(): void {
    const { hovered, pinned } = this.context.linked;
    for (const node of this.list.querySelectorAll<HTMLElement>(".embw-member")) {
      const row = Number(node.dataset.row);
      node.classList.toggle("embw-hovered", row === hovered);
      node.classList.toggle("embw-pinned", row === pinned);
    }
  }

  private open(cluster: number): void {
    const { linked, data } = this.context;
    const { clusters } = data.spectral;
    if (!clusters[cluster]) return;
    linked.setCluster(cluster);
    linked.say(clusterTitle(data.spectral, clusters[cluster]));
  }

  private pointer(): void {
    const { linked } = this.context;
    const { signal, list } = this;
    const numbered = (e: Event, name: "row" | "cluster") => {
      const value = (e.target as Element).closest<HTMLElement>(`[data-${name}]`)?.dataset[name];
      return value === undefined ? -1 : Number(value);
    };
    const chosen = (e: Event) => {
      const chip = (e.target as Element).closest<HTMLElement>(".embw-chip");
      if (chip) linked.say(chip.title);
      const row = numbered(e, "row");
      if (row >= 0) linked.setPinned(row === linked.pinned ? -1 : row);
      else if ((e.target as Element).closest("button") === null || (e.target as Element).closest(".embw-cluster-head"))
        this.open(numbered(e, "cluster"));
    };
    list.addEventListener("click", chosen, { signal });
    list.addEventListener("pointerover", (e) => linked.setHovered(numbered(e, "row")), { signal });
    list.addEventListener("pointerleave", () => linked.setHovered(-1), { signal });
    list.addEventListener("focusin", (e) => linked.setHovered(numbered(e, "row")), { signal });
    list.addEventListener("focusout", () => linked.setHovered(-1), { signal });
    this.chart.addEventListener("click", (e) => this.open(numbered(e, "cluster")), { signal });
  }

  private keys(): void {
    const { linked, data } = this.context;
    const last = () => data.spectral.clusters.length - 1;
    const by = (step: number) => () => this.open(Math.max(0, Math.min(last(), linked.cluster + step)));
    const keys = {
      ArrowLeft: by(-1),
      ArrowUp: by(-1),
      ArrowRight: by(1),
      ArrowDown: by(1),
      Home: () => this.open(0),
      End: () => this.open(last()),
    };
    const select = () => this.cards[linked.cluster]?.select();
    onKeys(this.chart as unknown as HTMLElement, { ...keys, Enter: select, " ": select }, this.signal);
  }

  private toolbar(): HTMLElement {
    const { signal, look } = this;
    const shown = h("output", { class: "embw-number" }, `${look.count} items per cluster`);
    const change = (step: number) => () => {
      const at = Math.max(0, Math.min(COUNTS.length - 1, COUNTS.indexOf(look.count) + step));
      look.count = COUNTS[at];
      shown.textContent = `${look.count} items per cluster`;
      this.refresh();
    };
    const counts = h(
      "div",
      { role: "group", "aria-label": "Items per cluster", class: "embw-choice" },
      button("−", "Fewer items per cluster", change(-1), signal),
      button("+", "More items per cluster", change(1), signal),
    );
    const size = choice<string>(
      "Size of the pictures",
      SIZES,
      (pixels) => {
        look.size = Number(pixels);
        this.refresh();
      },
      signal,
    );
    size.set(String(look.size));
    const pictures = this.context.tiles.available ? [size.node] : [];
    const maps = this.options.embedded ? [] : [this.mapsButton()];
    return h(
      "div",
      { class: "embw-toolbar" },
      counts,
      shown,
      ...pictures,
      h("span", { class: "embw-spring" }),
      ...maps,
    );
  }

  private refresh(): void {
    for (const card of this.cards) card.refresh();
    this.mark();
  }

  private mapsButton(): HTMLElement {
    const toggle: HTMLButtonElement = button(
      "Maps",
      "Show the two spaces as maps beside the clusters",
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
  const frame = makeFrame(el, "gallery", "Clusters that one space has and the other has not", context, options, signal);
  new Gallery(frame, context, options, signal);
};
