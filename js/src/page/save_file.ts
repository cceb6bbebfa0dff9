/** Getting things out of the page: clipboard and files. Owns no state. */
import { h } from "./dom";

export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Copies text; where the page may not write to the clipboard, saves a file instead. Says which. */
export async function copyText(text: string, fileName: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied to the clipboard.";
  } catch {
    saveFile(fileName, new Blob([text], { type: "text/csv" }));
    return `The clipboard is not open to this page: saved as ${fileName}.`;
  }
}

function svgText(node: SVGSVGElement): string {
  return new XMLSerializer().serializeToString(node);
}

export function saveSvg(node: SVGSVGElement, name: string): void {
  saveFile(name, new Blob([svgText(node)], { type: "image/svg+xml" }));
}

export async function savePng(node: SVGSVGElement, name: string, scale = 2): Promise<void> {
  const [width, height] = [Number(node.getAttribute("width")), Number(node.getAttribute("height"))];
  const url = URL.createObjectURL(new Blob([svgText(node)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = h("canvas", { width: width * scale, height: height * scale });
    canvas.getContext("2d")?.drawImage(image, 0, 0, width * scale, height * scale);
    await saveCanvas(canvas, name);
  } finally {
    URL.revokeObjectURL(url);
  }
}

export async function saveCanvas(canvas: HTMLCanvasElement, name: string): Promise<void> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob) saveFile(name, blob);
}

type Cell = string | number | null;

/** Numbers and words in columns, each number with all its digits. */
export interface Table {
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** What a spreadsheet takes for a formula, or for the beginning of a cell, in letters of either width. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A cell of comma-separated text, quoted where needed; a leading formula sign is defused. */
function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csv = (rows: readonly (readonly Cell[])[]): string =>
  `${rows.map((row) => row.map(csvCell).join(",")).join("\n")}\n`;

export const tableCsv = ({ head, rows }: Table): string => csv([head, ...rows]);

/** Spreadsheets know by the mark at its beginning that the file is UTF-8. */
export function saveTable(name: string, table: Table): void {
  saveFile(name, new Blob(["\ufeff", tableCsv(table)], { type: "text/csv;charset=utf-8" }));
}
