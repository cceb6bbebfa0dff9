/**
 * Pictures out of the sheets that a report holds.
 *   synced  nothing   view  nothing: whoever shows a picture keeps it
 */
import type { TileLayout } from "../state/scene";
import type { Packed, PackedSheet } from "./packed";

type Reply = (content: object, buffers: DataView[]) => void;

interface Asked {
  type?: string;
  rows?: number[];
  row?: number;
  size?: number;
}

/** The sheets of that size that the rows are on, each once. */
export function sheetsOf(sheets: readonly PackedSheet[], rows: readonly number[], size: number): PackedSheet[] {
  const wanted = new Set(rows);
  return sheets.filter((sheet) => sheet.size === size && sheet.rows.some((row) => wanted.has(row)));
}

/** The largest tile that there is of a row: its sheet, and its place on it. */
export function largest(sheets: readonly PackedSheet[], row: number): [PackedSheet, number] | undefined {
  const having = sheets.filter((sheet) => sheet.rows.includes(row)).sort((a, b) => b.size - a.size);
  return having.length > 0 ? [having[0], having[0].rows.indexOf(row)] : undefined;
}

/** Answers as Python does, as far as the report holds the pictures; whether it was asked for any. */
export function answerPictures(sheets: readonly PackedSheet[], layout: Partial<TileLayout>, packed: Packed) {
  return (message: Asked, reply: Reply): boolean => {
    const { type, rows = [], row = -1, size = layout.size ?? 0 } = message;
    if (type === "tiles") {
      for (const sheet of sheetsOf(sheets, rows, size)) {
        const how = sheet.size === layout.size ? {} : { size: sheet.size };
        reply({ type, rows: sheet.rows, mime: sheet.mime, ...how }, [view(packed.bytes(sheet.bytes))]);
      }
      return true;
    }
    const found = type === "picture" ? largest(sheets, row) : undefined;
    if (found) {
      void cut(packed, layout.columns ?? 1, ...found).then((file) =>
        reply({ type, row, mime: file.type }, [file.data]),
      );
    }
    return type === "picture";
  };
}

async function cut(packed: Packed, columns: number, sheet: PackedSheet, at: number) {
  const { size, mime } = sheet;
  const bitmap = await createImageBitmap(new Blob([packed.bytes(sheet.bytes)], { type: mime }));
  const canvas = new OffscreenCanvas(size, size);
  canvas.getContext("2d")?.drawImage(bitmap, -(at % columns) * size, -Math.floor(at / columns) * size);
  bitmap.close();
  const file = await canvas.convertToBlob();
  return { type: file.type, data: new DataView(await file.arrayBuffer()) };
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
