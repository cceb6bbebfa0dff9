/**
 * Thumbnails, asked for when something shows them. View state: the sheets of tiles kept in the page.
 * The page asks {type: "tiles", rows}; Python answers the same message with one image of those rows as its buffer.
 */
import { h } from "../page/dom";
import { sendMessage } from "../page/tell_python";
import type { Model, TileLayout } from "./scene";

const KEEP_TILES = 6144;
const MOST_WAITING = 2000;

interface Sheet {
  bitmap: ImageBitmap;
  rows: readonly number[];
}

export class Tiles {
  private readonly layout: TileLayout | undefined;
  /** Oldest use first. */
  private readonly sheets = new Set<Sheet>();
  private readonly places = new Map<number, { sheet: Sheet; at: number }>();
  private readonly waiting = new Map<number, HTMLCanvasElement[]>();
  private wanted: number[] = [];
  private kept = 0;

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
      for (const sheet of this.sheets) sheet.bitmap.close();
      this.sheets.clear();
      this.places.clear();
      this.waiting.clear();
    });
  }

  get available(): boolean {
    return this.layout !== undefined;
  }

  /** A canvas that shows the item's picture as soon as it is here. */
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
    if (this.layout) this.show(canvas, row);
    return canvas;
  }

  private show(canvas: HTMLCanvasElement, row: number): void {
    const place = this.places.get(row);
    if (place) {
      this.sheets.delete(place.sheet);
      this.sheets.add(place.sheet);
      this.paint(canvas, place.sheet.bitmap, place.at);
      return;
    }
    const others = this.waiting.get(row);
    if (others) {
      others.push(canvas);
      return;
    }
    this.waiting.set(row, [canvas]);
    this.wanted.push(row);
    // All that one redraw shows goes into one message.
    if (this.wanted.length === 1) queueMicrotask(() => this.ask());
  }

  private ask(): void {
    const rows = this.wanted.splice(0);
    const { per_sheet } = this.layout as TileLayout;
    if (this.waiting.size > MOST_WAITING) {
      for (const [row, canvases] of this.waiting) {
        if (!canvases.some((canvas) => canvas.isConnected)) this.waiting.delete(row);
      }
    }
    for (let i = 0; i < rows.length; i += per_sheet) {
      sendMessage(this.model, { type: "tiles", rows: rows.slice(i, i + per_sheet) });
    }
  }

  private paint(canvas: HTMLCanvasElement, bitmap: ImageBitmap, at: number): void {
    const { size, columns } = this.layout as TileLayout;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    const x = (at % columns) * size;
    const y = Math.floor(at / columns) * size;
    context.drawImage(bitmap, x, y, size, size, 0, 0, canvas.width, canvas.height);
    canvas.dataset.loaded = "true";
  }

  private async receive(message: unknown, buffers: DataView[], signal: AbortSignal): Promise<void> {
    const { type, rows, mime } = (message ?? {}) as { type?: string; rows?: number[]; mime?: string };
    if (type !== "tiles" || !rows || !buffers?.length) return;
    const bitmap = await createImageBitmap(new Blob([buffers[0] as BlobPart], { type: mime ?? "image/png" }));
    if (signal.aborted) return bitmap.close();
    const sheet = { bitmap, rows };
    this.sheets.add(sheet);
    this.kept += rows.length;
    rows.forEach((row, at) => {
      this.places.set(row, { sheet, at });
      for (const canvas of this.waiting.get(row) ?? []) this.paint(canvas, bitmap, at);
      this.waiting.delete(row);
    });
    for (const old of this.sheets) {
      if (this.kept <= KEEP_TILES) break;
      this.drop(old);
    }
  }

  private drop(sheet: Sheet): void {
    this.sheets.delete(sheet);
    this.kept -= sheet.rows.length;
    for (const row of sheet.rows) if (this.places.get(row)?.sheet === sheet) this.places.delete(row);
    sheet.bitmap.close();
  }
}
