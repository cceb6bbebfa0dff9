/** The groups as files: their members as a table, their spectrum as a figure. Pure; owns no state. */
import { svg } from "../../page/dom";
import { toCss } from "../../page/palette";
import type { Table } from "../../page/save_file";
import { FONT, PAPER, tone } from "../../page/theme";
import type { SceneData } from "../../state/data";
import { drawSpectrum, spectrumRoom } from "./spectrum";
import { spectrumSamples } from "./spectrum_key";

const HEIGHT = 300;
const MARGIN = 16;
const LINE = 18;
/** Width of a bar's place that has room for its name. */
const NAMED = 64;

/** A line for each member that is here, group after group, strongest first; row counts from 0, as in Python. */
export function groupsAsTable(data: Pick<SceneData, "spectral" | "texts" | "label">): Table {
  const { spectral, texts } = data;
  const rows = spectral.clusters.flatMap((c) => {
    const loading = spectral.loading(c.index);
    const group = [c.index, c.title, c.kind, spectral.names[spectral.side(c.index)], c.eigenvalue, c.members];
    return Array.from(spectral.members(c.index), (row, place) => {
      const item = [place + 1, row, texts[row] ?? "", data.label(row), loading[row] ?? null];
      return [...group, ...item];
    });
  });
  const head = [
    "group",
    "title",
    "kind",
    "more_by",
    "eigenvalue",
    "members",
    "rank",
    "row",
    "text",
    "label",
    "loading",
  ];
  return { head, rows };
}

/** The spectrum on white, what its parts mean beneath. */
export function spectrumFigure({ spectral }: Pick<SceneData, "spectral">): SVGSVGElement {
  const groups = spectral.clusters.length;
  const room = Math.max(420, Math.min(spectrumRoom(groups), 66 + NAMED * groups));
  const chart = svg("svg", { x: MARGIN, y: MARGIN });
  drawSpectrum(chart, { id: "saved", width: room, height: HEIGHT, spectral, open: -1, theme: PAPER });
  // What answers the pointer in the page has its looks from there.
  for (const back of chart.querySelectorAll(".embw-bar-back")) back.remove();
  const key = spectrumSamples(spectral, PAPER).map(([drawn, text], i) => {
    const y = 2 * MARGIN + HEIGHT + LINE * i;
    const said = svg("text", { x: 24, y: 10, "font-size": 12, fill: toCss(tone(PAPER, 0.9)) }, text);
    return svg("g", { transform: `translate(${MARGIN} ${y})` }, ...drawn, said);
  });
  const [width, height] = [room + 2 * MARGIN, 3 * MARGIN + HEIGHT + LINE * key.length];
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT };
  return svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", ...size },
    svg("rect", { x: 0, y: 0, width, height, fill: toCss(PAPER.background) }),
    chart,
    ...key,
  );
}
