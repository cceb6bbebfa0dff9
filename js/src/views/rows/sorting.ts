/** The head of a table that can be sorted by each of its columns. View state: by which, and which way. */
import { h } from "../../page/dom";
import { Roving } from "./roving";

export interface Column<T extends string> {
  name: T;
  head: string;
  title: string;
  /** Larger first when it is chosen. */
  down?: boolean;
}

export class Sorting<T extends string> {
  readonly node = h("thead");
  down = false;
  private readonly heads: Map<T, HTMLElement>;

  constructor(
    columns: readonly Column<T>[],
    public by: T,
    changed: () => void,
    signal: AbortSignal,
  ) {
    this.heads = new Map(
      columns.map(({ name, head, title, down }) => {
        const button = h("button", { type: "button", title, "data-stop": name }, head);
        const pressed = () => {
          this.down = name === this.by ? !this.down : (down ?? false);
          this.by = name;
          this.mark();
          changed();
        };
        button.addEventListener("click", pressed, { signal });
        return [name, h("th", { scope: "col", class: `embw-of-${name}` }, button)];
      }),
    );
    this.node.append(h("tr", {}, ...this.heads.values()));
    new Roving(this.node, "button", signal).renew(by);
    this.mark();
  }

  /** In this order, what is equal as it was; what is no number comes last. */
  sort<R>(rows: readonly R[], key: (row: R) => number | string): R[] {
    const sign = this.down ? -1 : 1;
    const keyed = rows.map((row, i) => ({ row, i, key: key(row) }));
    const none = (k: number | string) => (typeof k === "number" && Number.isNaN(k) ? 1 : 0);
    keyed.sort((a, b) => none(a.key) - none(b.key) || sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) || a.i - b.i);
    return keyed.map(({ row }) => row);
  }

  private mark(): void {
    for (const [name, head] of this.heads)
      head.setAttribute("aria-sort", name === this.by ? (this.down ? "descending" : "ascending") : "none");
  }
}
