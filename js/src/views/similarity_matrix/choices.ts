/**
 * Which measure is looked at, what the cells show, how the spaces are ordered and what the colours span.
 *   synced  nothing   view  the four choices
 */
import { choice, h } from "../../page/dom";
import type { Axes, MatrixData, Quantity, Span } from "./data";

type Order = "clustered" | "given";
type Entry<T> = readonly [T, string, string];

const QUANTITIES: readonly Entry<Quantity>[] = [
  ["calibrated", "Calibrated", "0 = what random pairing gives, 1 = the same"],
  ["value", "Raw", "The measure as it is"],
];
const ORDERS: readonly Entry<Order>[] = [
  ["clustered", "Clustered", "Spaces that are alike stand beside each other"],
  ["given", "As given", "In the order in which they were given"],
];
const SPANS: readonly Entry<Span>[] = [
  ["these", "These values", "Colours from the least to the most alike of these pairs"],
  ["whole", "Chance to same", "Colours from what random pairing gives to what a space has with itself"],
];

export class MatrixChoices {
  wanted: Quantity = "calibrated";
  order: Order = "clustered";
  span: Span = "these";
  readonly nodes: HTMLElement[];
  private readonly quantityNode: HTMLElement;

  constructor(
    private readonly data: MatrixData,
    private readonly changed: () => void,
    private readonly signal: AbortSignal,
  ) {
    this.quantityNode = this.pick("What the cells show", "wanted", QUANTITIES);
    const field = (text: string, node: HTMLElement) => h("span", { class: "embw-field" }, text, node);
    this.nodes = [
      ...(data.measures.length > 1 ? [field("Measure", this.measures())] : []),
      this.quantityNode,
      ...(data.layered ? [] : [field("Order", this.pick("Order of the spaces", "order", ORDERS))]),
      field("Colours", this.pick("What the colours span", "span", SPANS)),
    ];
    this.offer();
  }

  get quantity(): Quantity {
    return this.data.quantities.includes(this.wanted) ? this.wanted : "value";
  }

  /** The spaces as they are to be shown. */
  get axes(): Axes {
    const { axes, order } = this.data;
    return this.data.layered || this.order === "given" ? axes : { ...axes, rows: order, columns: order };
  }

  private measures(): HTMLElement {
    const titles = this.data.measures.map((_, i) => h("option", { value: i }, this.data.measureTitle(i)));
    const select = h("select", { "aria-label": "Measure" }, ...titles);
    const chosen = () => {
      this.data.choose(Number(select.value));
      this.offer();
      this.changed();
    };
    select.addEventListener("change", chosen, { signal: this.signal });
    return select;
  }

  /** Not every measure has a chance level to be calibrated by: then there is nothing to choose. */
  private offer(): void {
    this.quantityNode.hidden = this.data.quantities.length < 2;
  }

  private pick<K extends "wanted" | "order" | "span">(
    name: string,
    key: K,
    entries: readonly Entry<MatrixChoices[K]>[],
  ): HTMLElement {
    const chosen = (one: MatrixChoices[K]) => {
      (this as MatrixChoices)[key] = one;
      this.changed();
    };
    const { node, set } = choice<MatrixChoices[K]>(name, entries, chosen, this.signal);
    set(this[key]);
    return node;
  }
}
