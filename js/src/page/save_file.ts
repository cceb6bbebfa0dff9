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

export function svgText(node: SVGSVGElement): string {
  return new XMLSerializer().serializeToString(node);
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
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (blob) saveFile(name, blob);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A cell of comma-separated text, quoted where needed; a leading formula sign is defused. */
function csvCell(cell: string | number): string {
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csv = (rows: readonly (readonly (string | number)[])[]): string =>
  `${rows.map((row) => row.map(csvCell).join(",")).join("\n")}\n`;
