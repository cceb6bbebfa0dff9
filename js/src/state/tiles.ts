/** The items' pictures, small, large and whole, as they come from Python. View state: what is kept of them in the page. */
import { h } from "../page/dom";
import { FullPictures } from "./full_pictures";
import type { Model, TileLayout } from "./scene";
import { TileSheets } from "./tile_sheets";

const KEEP_TILES = 6144;
/** Each takes as much memory as six small ones. */
const KEEP_LARGE = 768;

interface Answer {
  type?: string;
  rows?: number[];
  row?: number;
  size?: number;
  mime?: string;
}

export class Tiles {
  private readonly small: TileSheets | undefined;
  private readonly large: TileSheets | undefined;
  private readonly full: FullPictures;

  constructor(model: Model, signal: AbortSignal) {
    const layout = model.get("tiles");
    this.full = new FullPictures(model);
    if (layout && "per_sheet" in layout) {
      const { size, large } = layout as TileLayout;
      this.small = new TileSheets(model, layout as TileLayout, size, KEEP_TILES);
      if (large) this.large = new TileSheets(model, layout as TileLayout, large, KEEP_LARGE);
    }
    const heard = (message: unknown, buffers: DataView[]) => this.receive((message ?? {}) as Answer, buffers, signal);
    model.on("msg:custom", heard);
    signal.addEventListener("abort", () => {
      model.off("msg:custom", heard);
      for (const one of [this.small, this.large, this.full]) one?.close();
    });
  }

  get available(): boolean {
    return this.small !== undefined;
  }

  /** A canvas that shows the item's picture as soon as it is here; one without a label stands beside its words. */
  thumbnail(row: number, size: number, label: string): HTMLCanvasElement {
    const scale = Math.min(2, window.devicePixelRatio || 1);
    const named = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
    const canvas = h("canvas", {
      class: "embw-thumbnail",
      ...named,
      width: Math.round(size * scale),
      height: Math.round(size * scale),
      style: `width:${size}px;height:${size}px`,
      "data-row": row,
    });
    this.small?.show(canvas, row);
    // The small one stands in its place until then, or for good where no kernel answers.
    if (this.small && size > this.small.size) this.large?.show(canvas, row);
    return canvas;
  }

  /** A canvas of the small tile's own pixels. */
  coarse(row: number, label: string): HTMLCanvasElement {
    const side = this.small?.size ?? 1;
    const shape = { width: side, height: side };
    const canvas = h("canvas", { class: "embw-coarse", role: "img", "aria-label": label, ...shape });
    this.small?.show(canvas, row);
    return canvas;
  }

  /** Calls back with the whole picture, which is then the caller's to close; where no kernel answers, never. */
  whole(row: number, got: (picture: ImageBitmap) => void): void {
    this.full.ask(row, got);
  }

  private receive({ type, rows, row, size, mime }: Answer, buffers: DataView[], signal: AbortSignal): void {
    if (!buffers?.length) return;
    const file = new Blob([buffers[0] as BlobPart], { type: mime ?? "image/png" });
    const sheets = size !== undefined && size === this.large?.size ? this.large : this.small;
    if (type === "tiles" && rows) void sheets?.receive(rows, file, signal);
    if (type === "picture" && row !== undefined) void this.full.receive(row, file, signal);
  }
}
