/**
 * One space: its points, which can be dragged, and its neighbour graph.
 *   synced  nothing itself: it moves points of the arrangement   view  the frame, what is held, points on their way
 */
import type { Points } from "../../meters/neighbours";
import { h, svg } from "../../page/dom";
import { reducedMotion } from "../../page/theme";
import type { Arrangement } from "./arrangement";
import { drawEdges, type Edges, edgesFrom, edgesOf } from "./edges";
import { atRim, BASE, between, type Frame, fitted, inverse, natural, outside, place } from "./frame";
import { groupColour, type Mark, makeMark, placeMark, put, type Seen, SHAPES } from "./marks";

/** What the page around decides. */
export interface Shown {
  dark: boolean;
  kept: string;
  onlyX: string;
  onlyY: string;
  /** Whether it is told which edges are kept. */
  told: boolean;
  /** Rows that SPEC names. */
  ringed: ReadonlySet<number>;
}

const EDGE = 9;
const GLIDE_MS = 600;
const HELP = {
  0: "the items in one space",
  1: "the same items in the other",
};

export class Panel {
  readonly node: HTMLElement;
  readonly layer = svg("svg", { class: "embw-play-layer", role: "application" });
  private readonly canvas = h("canvas", { class: "embw-play-edges" });
  private readonly box = h("div", { class: "embw-play-box" }, this.canvas, this.layer);
  private readonly fit: HTMLButtonElement;
  private readonly across = h("span", { class: "embw-muted embw-number" });
  private readonly marks: Mark[];
  private frame: Frame;
  private stop: (() => void) | undefined;
  /** Where points are drawn, which on their way is not where they are. */
  private drawn: Points;
  /** Its side in pixels, asked for once a drawing: every question after a change makes the page lay itself out. */
  private size = 300;

  constructor(
    private readonly at: Arrangement,
    readonly space: 0 | 1,
    private readonly shown: () => Shown,
    signal: AbortSignal,
  ) {
    const name = "XY"[space];
    this.drawn = this.points;
    this.frame = natural(this.points);
    this.marks = [...at.groups].map((group, row) => makeMark(row, group));
    this.layer.append(...this.marks.map(({ node }) => node));
    this.layer.setAttribute("aria-label", `${name}: ${at.n} points. ${KEYS}`);
    this.fit = h("button", { type: "button", class: "embw-button embw-link", "aria-pressed": "false" }, "Fit all");
    this.fit.addEventListener("click", () => this.toggleFit(), { signal });
    const words = h("b", {}, name);
    const head = h(
      "figcaption",
      {},
      words,
      h("span", { class: "embw-muted embw-ellipsis embw-play-about" }, HELP[space]),
      h("span", { class: "embw-spring" }),
      this.across,
      this.fit,
    );
    this.node = h("figure", { class: "embw-play-panel", "data-space": name.toLowerCase() }, head, this.box);
    signal.addEventListener("abort", () => this.stop?.());
    this.roam(0);
  }

  get points(): Points {
    return this.at.side(this.space).points;
  }

  /** In the points' own units, of so many pixels. */
  units(pixels: number): number {
    return (pixels * 2 * this.frame.half) / this.size;
  }

  /** The nearest point that is near enough to be meant. */
  pick(left: number, top: number): number {
    let [best, nearest] = [-1, 18 ** 2];
    for (let row = 0; row < this.at.n; row++) {
      const [x, y] = this.seen(row).at;
      const far = (x - left) ** 2 + (y - top) ** 2;
      if (far < nearest) [best, nearest] = [row, far];
    }
    return best;
  }

  /** Pixels from the left and from the top of the panel. */
  where(event: MouseEvent): [number, number] {
    const box = this.layer.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** In the points' own units. */
  placeAt(left: number, top: number): [number, number] {
    return inverse(this.frame, this.size, left, top);
  }

  /** Which point Tab comes to. */
  roam(row: number, focus = false): void {
    for (const [i, { node }] of this.marks.entries()) node.setAttribute("tabindex", String(i === row ? 0 : -1));
    if (focus) this.marks[row].node.focus({ preventScroll: true });
  }

  rowOf(target: EventTarget | null): number {
    const node = target instanceof Element ? target.closest("[data-row]") : null;
    return node ? Number(node.getAttribute("data-row")) : -1;
  }

  /** A drag is over: the frame grows where it has to. */
  rest(): void {
    const wanted = this.fit.getAttribute("aria-pressed") === "true" ? fitted(this.points) : natural(this.points);
    if (wanted.half !== this.frame.half || wanted.x !== this.frame.x || wanted.y !== this.frame.y) this.glide(wanted);
    else this.draw();
  }

  /** Points glide to where they are now, so that one sees what is done to them. */
  arrive(): void {
    this.fit.setAttribute("aria-pressed", "false");
    this.glide(natural(this.points));
  }

  draw(): void {
    const told = this.shown();
    if (!this.stop) this.drawn = this.points;
    this.size = this.box.clientWidth || this.size;
    this.layer.setAttribute("viewBox", `0 0 ${this.size} ${this.size}`);
    for (const [row, mark] of this.marks.entries()) this.drawMark(row, mark, told);
    this.drawGraph(told);
    const out = outside(this.frame, this.drawn).length > 0;
    const apart = this.frame !== BASE;
    this.across.textContent = apart ? `${Math.round(2 * this.frame.half)} across` : "";
    this.fit.hidden = !out && this.fit.getAttribute("aria-pressed") !== "true";
  }

  private toggleFit(): void {
    this.fit.setAttribute("aria-pressed", String(this.fit.getAttribute("aria-pressed") !== "true"));
    this.rest();
  }

  private seen(row: number): Seen {
    const { size } = this;
    const [left, top] = place(this.frame, size, this.drawn[2 * row], this.drawn[2 * row + 1]);
    if (left >= 0 && left <= size && top >= 0 && top <= size) return { at: [left, top] };
    return { at: atRim(size, left, top, EDGE), beyond: Math.atan2(top - size / 2, left - size / 2) };
  }

  private drawMark(row: number, mark: Mark, told: Shown): void {
    const group = this.at.groups[row];
    const seen = this.seen(row);
    placeMark(mark, group, seen, Math.max(0.8, Math.min(1.35, this.size / 380)));
    put(mark.shape, "fill", groupColour(group, told.dark));
    const [x, y] = [this.points[2 * row], this.points[2 * row + 1]];
    const away = seen.beyond === undefined ? "" : ", beyond the rim";
    const kind = SHAPES[group % 3].slice(0, -1);
    put(mark.node, "aria-label", `Point ${row + 1}, ${kind}, at ${x.toFixed(1)}, ${y.toFixed(1)}${away}`);
    put(mark.node, "aria-pressed", String(row === this.at.pinned));
    mark.node.classList.toggle("embw-play-item", row === this.at.item);
    mark.node.classList.toggle("embw-play-named", told.ringed.has(row));
  }

  private drawGraph(told: Shown): void {
    const context = this.sizedContext();
    if (!context) return;
    const { n, k, item } = this.at;
    const sides = [this.at.side(this.space), this.at.side(this.space === 0 ? 1 : 0)] as const;
    const at = this.marks.map((_, row) => this.seen(row).at);
    const looks = { kept: told.kept, own: this.space === 0 ? told.onlyX : told.onlyY };
    const draw = (edges: Edges, width: number, alpha: number) =>
      drawEdges(context, edges, at, looks, { width, alpha, told: told.told });
    const faint = Math.min(0.75, 0.16 + 2.2 / k);
    draw(edgesOf(...sides, n, k), 1.1, item < 0 ? faint : faint * 0.35);
    if (item >= 0) draw(edgesFrom(...sides, n, k, item), 2.2, 1);
  }

  private sizedContext(): CanvasRenderingContext2D | null {
    const [size, fine] = [this.size, Math.min(3, window.devicePixelRatio || 1)];
    const pixels = Math.round(size * fine);
    if (this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
    const context = this.canvas.getContext("2d");
    context?.setTransform(fine, 0, 0, fine, 0, 0);
    context?.clearRect(0, 0, size, size);
    return context;
  }

  private glide(to: Frame): void {
    this.stop?.();
    const [from, start, began] = [this.frame, this.drawn, performance.now()];
    const end = this.points;
    if (reducedMotion() || start === end) {
      this.frame = to;
      this.stop = undefined;
      this.draw();
      return;
    }
    let id = 0;
    const step = (now: number) => {
      const share = Math.min(1, Math.max(0, now - began) / GLIDE_MS);
      const eased = share * share * (3 - 2 * share);
      this.frame = share < 1 ? between(from, to, eased) : to;
      this.drawn = share < 1 ? end.map((value, i) => start[i] + (value - start[i]) * eased) : end;
      if (share < 1) id = requestAnimationFrame(step);
      else this.stop = undefined;
      this.draw();
    };
    this.stop = () => cancelAnimationFrame(id);
    id = requestAnimationFrame(step);
  }

  /** What is on its way is there at once: it is taken hold of. */
  settle(): void {
    this.stop?.();
    this.stop = undefined;
    this.draw();
  }
}

const KEYS =
  "Arrow keys move the point, with Shift its whole cluster, with Ctrl in large steps; Page Down goes to the next point; Enter pins it; Ctrl Z undoes.";
