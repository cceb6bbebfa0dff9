/**
 * What the cells show, how the spaces are ordered and what the colours span.
 *   synced  nothing   view  the three choices
 */
import { choice, h } from "./dom";
import type { Quantity, Span } from "./matrixdata";

export type Order = "clustered" | "given";
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
  quantity: Quantity;
  order: Order = "clustered";
  span: Span = "these";
  readonly nodes: HTMLElement[];

  constructor(
    quantities: readonly Quantity[],
    private readonly changed: () => void,
    private readonly signal: AbortSignal,
  ) {
    this.quantity = quantities[0];
    const quantity = this.pick("What the cells show", "quantity", QUANTITIES);
    const field = (text: string, node: HTMLElement) => h("span", { class: "embw-field" }, text, node);
    this.nodes = [
      ...(quantities.length > 1 ? [quantity] : []),
      field("Order", this.pick("Order of the spaces", "order", ORDERS)),
      field("Colours", this.pick("What the colours span", "span", SPANS)),
    ];
  }

  private pick<K extends "quantity" | "order" | "span">(
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
