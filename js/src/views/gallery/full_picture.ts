/**
 * One picture as large as there is room for, over the page; arrow keys step through those of its list.
 *   synced  nothing   view  which list, which of its items (it is the pinned one)
 */

import type { Frame } from "../../controls/frame";
import { button, h } from "../../page/dom";
import { count } from "../../page/format";
import { onKeys } from "../../page/keyboard";
import type { Context } from "../../state/context";
import "./full_picture.css";

/** Pictures up to this side are drawn pixel by pixel. */
const COARSE = 100;

export class FullPicture {
  private readonly stage = h("div", { class: "embw-stage" });
  private readonly words = h("p", { class: "embw-full-words", "aria-live": "polite" });
  private readonly place = h("span", { class: "embw-number embw-muted" });
  private readonly dialog: HTMLDialogElement;
  private rows: readonly number[] = [];
  private at = -1;

  constructor(
    private readonly context: Context,
    frame: Frame,
    signal: AbortSignal,
  ) {
    const step = (by: number) => () => this.show(this.at + by);
    const close = () => this.dialog.close();
    const buttons = h(
      "div",
      { class: "embw-full-buttons" },
      button("‹", "The one before (←)", step(-1), signal),
      this.place,
      button("›", "The next one (→)", step(1), signal),
      h("span", { class: "embw-spring" }),
      button("✕", "Close (Esc)", close, signal),
    );
    this.dialog = h("dialog", { class: "embw-full", "aria-label": "Picture" }, buttons, this.stage, this.words);
    const keys = { ArrowLeft: step(-1), ArrowRight: step(1), Home: () => this.show(0), Escape: close };
    onKeys(this.dialog, { ...keys, End: () => this.show(this.rows.length - 1) }, signal);
    // A click beside it closes it.
    this.dialog.addEventListener("click", (e) => e.target === this.dialog && close(), { signal });
    signal.addEventListener("abort", () => this.dialog.remove());
    frame.root.append(this.dialog);
  }

  open(rows: readonly number[], at: number): void {
    this.rows = rows;
    this.at = -1;
    if (!this.dialog.open) this.dialog.showModal();
    this.show(at);
  }

  private show(to: number): void {
    const at = Math.max(0, Math.min(this.rows.length - 1, to));
    if (at === this.at) return;
    this.at = at;
    const { data, tiles, linked } = this.context;
    const row = this.rows[at];
    const said = data.describe(row);
    const label = data.label(row);
    linked.setPinned(row);
    this.place.textContent = `${count(at + 1)} of ${count(this.rows.length)}`;
    this.words.textContent = [said, label && label !== said ? label : "", `#${row}`].filter(Boolean).join(" · ");
    this.stage.dataset.row = String(row);
    this.stage.replaceChildren(tiles.coarse(row, said));
    tiles.whole(row, (picture) => {
      if (this.rows[this.at] === row) this.stage.replaceChildren(painted(picture, said));
      picture.close();
    });
  }
}

function painted(picture: ImageBitmap, label: string): HTMLCanvasElement {
  const { width, height } = picture;
  const name = Math.max(width, height) < COARSE ? "embw-coarse" : "embw-fine";
  const canvas = h("canvas", { class: name, role: "img", "aria-label": label, width, height, "data-loaded": "whole" });
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  return canvas;
}
