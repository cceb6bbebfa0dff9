/**
 * The numbers behind a chart: as a table in its place, as copied text, and the chart as a file.
 *   synced  nothing   view  table or chart
 */
import { button, h } from "../page/dom";
import { rove } from "../page/roving";
import { copyText, savePng, saveSvg } from "../page/save_file";

/** What is taken out, and what it is called. */
export interface Exported {
  /** Of the files, without what a dot would begin. */
  name: string;
  numbers: string;
  figure: string;
  /** What the table takes the place of. */
  chart: HTMLElement;
  csv(): string;
  /** None where nothing has been drawn yet. */
  draw(): SVGSVGElement | undefined;
  say(text: string): void;
  /** After table and chart have changed places. */
  turned(): void;
}

/** It scrolls, so the keyboard can reach it, and it has a name. */
const TABLE = { class: "embw-table-box", tabindex: 0, role: "region", "aria-label": "The numbers as a table" };

export class ExportButtons {
  readonly node = h("div", { role: "group", "aria-label": "The numbers", class: "embw-choice" });
  /** Empty: whoever draws the chart fills it. */
  readonly table = h("div", { ...TABLE, hidden: true });

  constructor(
    private readonly exported: Exported,
    signal: AbortSignal,
  ) {
    const { numbers, figure } = exported;
    const turn: HTMLButtonElement = button("Table", "Show the numbers as a table", () => this.turn(turn), signal);
    turn.setAttribute("aria-pressed", "false");
    this.node.append(
      turn,
      button("Copy CSV", `Copy ${numbers} as comma-separated text`, () => void this.copy(), signal),
      button("SVG", `Save ${figure} as SVG`, () => this.save("svg"), signal),
      button("PNG", `Save ${figure} as PNG`, () => this.save("png"), signal),
    );
    rove(this.node, "button", signal);
  }

  private turn(pressed: HTMLElement): void {
    const { table } = this;
    const { chart, turned } = this.exported;
    table.hidden = !table.hidden;
    chart.hidden = !table.hidden;
    pressed.setAttribute("aria-pressed", String(chart.hidden));
    turned();
  }

  private async copy(): Promise<void> {
    const { csv, name, say } = this.exported;
    say(await copyText(csv(), `${name}.csv`));
  }

  private save(kind: "svg" | "png"): void {
    const { draw, say } = this.exported;
    const figure = draw();
    if (!figure) return;
    const name = `${this.exported.name}.${kind}`;
    if (kind === "svg") saveSvg(figure, name);
    else void savePng(figure, name);
    say(`Saved ${name}.`);
  }
}
