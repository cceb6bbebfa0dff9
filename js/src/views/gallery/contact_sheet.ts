/** The leading pictures of every group on one sheet, as a file. Owns no state. */
import { shorten } from "../../page/graphemes";
import { toCss } from "../../page/palette";
import { saveCanvas } from "../../page/save_file";
import { FONT, PAPER, tone } from "../../page/theme";
import type { Context } from "../../state/context";
import { membersText } from "./words";

const MOST_GROUPS = 24;
const MOST_PICTURES = 16;
const SIDE = 64;
const GAP = 6;
const MARGIN = 20;
const HEAD = 24;
/** Pictures that no kernel sends are left out. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 100;

/** Saves it when the pictures are here; says what it did. */
export async function saveContactSheet({ data, tiles, linked }: Context, name: string, signal: AbortSignal) {
  const clusters = data.spectral.clusters.slice(0, MOST_GROUPS);
  const groups = clusters.map((cluster) => {
    const rows = Array.from(data.spectral.members(cluster.index).subarray(0, MOST_PICTURES));
    return { cluster, faces: rows.map((row) => tiles.thumbnail(row, SIDE, "")) };
  });
  linked.say("Waiting for the pictures …");
  const faces = groups.flatMap((group) => group.faces);
  const here = () => faces.filter((face) => face.dataset.loaded !== undefined).length;
  for (let waited = 0; here() < faces.length && waited < PATIENCE_MS && !signal.aborted; waited += LOOK_MS)
    await new Promise((done) => setTimeout(done, LOOK_MS));
  if (signal.aborted) return;
  const line = HEAD + SIDE + GAP;
  const wide = 2 * MARGIN + MOST_PICTURES * (SIDE + GAP) - GAP;
  const [sheet, context] = blank(wide, 2 * MARGIN + groups.length * line);
  groups.forEach(({ cluster, faces: own }, place) => {
    const top = MARGIN + place * line;
    const title = `${shorten(cluster.title, 80)} · ${membersText(cluster)}`;
    context?.fillText(title, MARGIN, top + 15);
    own.forEach((face, at) => {
      context?.drawImage(face, MARGIN + at * (SIDE + GAP), top + HEAD, SIDE, SIDE);
    });
  });
  await saveCanvas(sheet, name);
  const missing = faces.length - here();
  linked.say(`Saved ${name}${missing ? `; ${missing} of ${faces.length} pictures did not come` : ""}.`);
}

/** White, twice as fine as it is large, ready to be written on. */
function blank(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D | null] {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  const context = canvas.getContext("2d");
  if (context) {
    context.fillStyle = toCss(PAPER.background);
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(2, 2);
    context.fillStyle = toCss(tone(PAPER, 1));
    context.font = `600 13px ${FONT}`;
  }
  return [canvas, context];
}
