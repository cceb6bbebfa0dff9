/**
 * Thumbnails, sheet by sheet and only when something shows them. View state: the sheets kept in the page.
 * The page asks {type: "tiles", sheet}; Python answers the same message with one image as its buffer.
 */
import { h } from "./dom";
import type { Model, TileLayout } from "./state";

const KEEP_SHEETS = 48;
const MOST_WAITING = 2000;

interface Waiting {
  row: number;
  canvas: HTMLCanvasElement;
}

export class Tiles {
  private readonly layout: TileLayout | undefined;
  private readonly sheets = new Map<number, ImageBitmap>();
  private readonly asked = new Set<number>();
  private waiting: Waiting[] = [];

  constructor(
    private readonly model: Model,
    signal: AbortSignal,
  ) {
    const layout = model.get("tiles");
    if (layout && "per_sheet" in layout) this.layout = layout as TileLayout;
    const heard = (message: unknown, buffers: DataView[]) => void this.receive(message, buffers, signal);
    model.on("msg:custom", heard);
    signal.addEventListener("abort", () => {
      model.off("msg:custom", heard);
      for (const sheet of this.sheets.values()) sheet.close();
      this.sheets.clear();
      this.waiting = [];
    });
  }

  get available(): boolean {
    return this.layout !== undefined;
  }

  /** A canvas that shows the item's picture as soon as its sheet is here. */
  thumbnail(row: number, size: number, label: string): HTMLCanvasElement {
    const scale = Math.min(2, window.devicePixelRatio || 1);
    const canvas = h("canvas", {
      class: "embw-thumbnail",
      role: "img",
      "aria-label": label,
      width: Math.round(size * scale),
      height: Math.round(size * scale),
      style: `width:${size}px;height:${size}px`,
      "data-row": row,
    });
    this.show(canvas, row);
    return canvas;
  }

  private show(canvas: HTMLCanvasElement, row: number): void {
    if (!this.layout) return;
    const sheet = Math.floor(row / this.layout.per_sheet);
    const bitmap = this.sheets.get(sheet);
    if (bitmap) {
      this.sheets.delete(sheet);
      this.sheets.set(sheet, bitmap);
      this.paint(canvas, row, bitmap);
      return;
    }
    if (this.waiting.length > MOST_WAITING) this.waiting = this.waiting.filter((w) => w.canvas.isConnected);
    this.waiting.push({ row, canvas });
    if (this.asked.has(sheet)) return;
    this.asked.add(sheet);
    this.model.send({ type: "tiles", sheet });
  }

  private paint(canvas: HTMLCanvasElement, row: number, sheet: ImageBitmap): void {
    if (!this.layout) return;
    const { size, columns, per_sheet } = this.layout;
    const at = row % per_sheet;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    const x = (at % columns) * size;
    const y = Math.floor(at / columns) * size;
    context.drawImage(sheet, x, y, size, size, 0, 0, canvas.width, canvas.height);
    canvas.dataset.loaded = "true";
  }

  private async receive(message: unknown, buffers: DataView[], signal: AbortSignal): Promise<void> {
    const { type, sheet, mime } = (message ?? {}) as { type?: string; sheet?: number; mime?: string };
    if (type !== "tiles" || sheet === undefined || !buffers?.length) return;
    const bitmap = await createImageBitmap(new Blob([buffers[0] as BlobPart], { type: mime ?? "image/png" }));
    if (signal.aborted) return bitmap.close();
    this.sheets.set(sheet, bitmap);
    this.asked.delete(sheet);
    for (const [old, first] of this.sheets) {
      if (this.sheets.size <= KEEP_SHEETS) break;
      first.close();
      this.sheets.delete(old);
    }
    const perSheet = this.layout?.per_sheet ?? 1;
    const here = this.waiting.filter((w) => Math.floor(w.row / perSheet) === sheet);
    this.waiting = this.waiting.filter((w) => Math.floor(w.row / perSheet) !== sheet);
    for (const { row, canvas } of here) this.paint(canvas, row, bitmap);
  }
}
