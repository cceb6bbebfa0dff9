/**
 * Tiles of one size, asked for when something shows them. View state: the sheets of tiles kept in the page.
 * The page asks {type: "tiles", rows, size}; Python answers the same message with one image of those rows as its buffer.
 */
import { sendMessage } from "../page/tell_python";
import type { Model, TileLayout } from "./scene";

const MOST_WAITING = 2000;

interface Sheet {
  bitmap: ImageBitmap;
  rows: readonly number[];
}

export class TileSheets {
  /** Oldest use first. */
  private readonly sheets = new Set<Sheet>();
  private readonly places = new Map<number, { sheet: Sheet; at: number }>();
  private readonly waiting = new Map<number, HTMLCanvasElement[]>();
  private wanted: number[] = [];
  private kept = 0;

  constructor(
    private readonly model: Model,
    private readonly layout: TileLayout,
    /** Side of a tile in pixels. */
    readonly size: number,
    private readonly keep: number,
  ) {}

  show(canvas: HTMLCanvasElement, row: number): void {
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

  async receive(rows: number[], file: Blob, signal: AbortSignal): Promise<void> {
    const bitmap = await createImageBitmap(file);
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
      if (this.kept <= this.keep) break;
      this.drop(old);
    }
  }

  close(): void {
    for (const sheet of this.sheets) sheet.bitmap.close();
    this.sheets.clear();
    this.places.clear();
    this.waiting.clear();
  }

  private ask(): void {
    const rows = this.wanted.splice(0);
    const { per_sheet, size } = this.layout;
    if (this.waiting.size > MOST_WAITING) {
      for (const [row, canvases] of this.waiting) {
        if (!canvases.some((canvas) => canvas.isConnected)) this.waiting.delete(row);
      }
    }
    const how = this.size === size ? {} : { size: this.size };
    for (let i = 0; i < rows.length; i += per_sheet) {
      sendMessage(this.model, { type: "tiles", rows: rows.slice(i, i + per_sheet), ...how });
    }
  }

  private paint(canvas: HTMLCanvasElement, bitmap: ImageBitmap, at: number): void {
    const { size } = this;
    // What is finer is there already.
    if (Number(canvas.dataset.tile ?? 0) > size) return;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    const x = (at % this.layout.columns) * size;
    const y = Math.floor(at / this.layout.columns) * size;
    context.drawImage(bitmap, x, y, size, size, 0, 0, canvas.width, canvas.height);
    canvas.dataset.loaded = "true";
    canvas.dataset.tile = String(size);
  }

  private drop(sheet: Sheet): void {
    this.sheets.delete(sheet);
    this.kept -= sheet.rows.length;
    for (const row of sheet.rows) if (this.places.get(row)?.sheet === sheet) this.places.delete(row);
    sheet.bitmap.close();
  }
}
