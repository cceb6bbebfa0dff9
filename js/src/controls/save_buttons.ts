/** Buttons that save what is shown: its numbers as CSV, its figure as SVG and PNG. Owns no state. */
import { button, h } from "../page/dom";
import { rove } from "../page/roving";
import { savePng, saveSvg, saveTable, type Table } from "../page/save_file";

type SavableTable = Required<Pick<Savable, "name" | "what" | "table" | "say">>;

/** What can be saved; what is not given has no button. */
interface Savable {
  /** Of the files, without what a dot would begin. */
  name: string;
  /** What is in them, as in "Save the maps as SVG". */
  what: string;
  table?(): Table;
  figure?(): SVGSVGElement;
  say(text: string): void;
}

/** A button that saves a table, to stand beside it. */
export function csvButton({ name, what, table, say }: SavableTable, signal: AbortSignal): HTMLButtonElement {
  const save = () => {
    saveTable(`${name}.csv`, table());
    say(`Saved ${name}.csv.`);
  };
  return button("CSV", `Save ${what} as CSV, each number with all its digits`, save, signal, "embw-link");
}

export function saveButtons(savable: Savable, signal: AbortSignal): HTMLElement {
  const { name, what, table, figure, say } = savable;
  const node = h("div", { role: "group", "aria-label": `Save ${what}`, class: "embw-choice" });
  if (table) {
    const csv = csvButton({ name, what, table, say }, signal);
    csv.classList.remove("embw-link");
    node.append(csv);
  }
  rove(node, "button", signal);
  if (!figure) return node;
  const save = (kind: "svg" | "png") => () => {
    const file = `${name}.${kind}`;
    if (kind === "svg") saveSvg(figure(), file);
    else void savePng(figure(), file);
    say(`Saved ${file}.`);
  };
  for (const kind of ["svg", "png"] as const) {
    const label = kind.toUpperCase();
    node.append(button(label, `Save ${what} as ${label}`, save(kind), signal));
  }
  return node;
}
