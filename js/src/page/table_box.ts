/** Where a view shows its numbers as a table: it scrolls, so the keyboard can reach it, and it has a name. Owns no state. */
import { h } from "./dom";

export const tableBox = (): HTMLElement =>
  h("div", {
    class: "embw-table-box",
    hidden: true,
    tabindex: 0,
    role: "region",
    "aria-label": "The numbers as a table",
  });
