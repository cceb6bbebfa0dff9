/**
 * The picture of the item up close, and the same as large as its panel.
 *   synced  nothing   view  whether it is large
 */
import { h } from "../../page/dom";
import { focusedIn, onKeys } from "../../page/keyboard";
import type { Context } from "../../state/context";

const SIDE = 92;
/** Side of the tile that stands in the large picture's place until that is here. */
const COARSE = 224;

export class ItemPicture {
  readonly node = h("button", { type: "button", class: "embw-item-picture" });
  private readonly stage = h("button", {
    type: "button",
    class: "embw-item-stage",
    title: "Make it small again (Esc)",
  });
  private row = -1;
  private fetched = -1;

  constructor(
    private readonly context: Context,
    private readonly panel: HTMLElement,
    signal: AbortSignal,
  ) {
    this.node.hidden = !context.tiles.available;
    this.node.addEventListener("click", () => this.open(), { signal });
    this.stage.addEventListener("click", () => this.close(), { signal });
    onKeys(this.stage, { Escape: () => this.close() }, signal);
  }

  show(row: number): void {
    if (!this.context.tiles.available) return;
    if (row !== this.row) {
      this.row = row;
      const text = this.context.data.describe(row);
      this.node.title = "Show the picture as large as this panel";
      this.node.replaceChildren(this.context.tiles.thumbnail(row, SIDE, text));
      if (this.large) this.fill();
    }
    // What is only passed over is not asked for whole.
    if (this.large && row === this.context.linked.pinned) this.fetch();
  }

  close(): void {
    if (!this.large) return;
    const held = this.stage.contains(focusedIn(this.node));
    this.stage.remove();
    if (held) this.node.focus({ preventScroll: true });
  }

  private get large(): boolean {
    return this.stage.parentElement !== null;
  }

  private open(): void {
    this.panel.append(this.stage);
    this.fill();
    this.fetch();
    this.stage.focus({ preventScroll: true });
  }

  private fill(): void {
    this.fetched = -1;
    const canvas = this.context.tiles.thumbnail(this.row, COARSE, this.context.data.describe(this.row));
    canvas.removeAttribute("style");
    this.stage.replaceChildren(canvas);
  }

  private fetch(): void {
    const { row } = this;
    if (this.fetched === row) return;
    this.fetched = row;
    this.context.tiles.whole(row, (picture) => {
      if (this.row === row && this.large) this.stage.replaceChildren(painted(picture, this.context.data.describe(row)));
      picture.close();
    });
  }
}

function painted(picture: ImageBitmap, label: string): HTMLCanvasElement {
  const { width, height } = picture;
  const canvas = h("canvas", { role: "img", "aria-label": label, width, height, "data-loaded": "whole" });
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  return canvas;
}
