// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { chanceBand } from "../../../src/state/curves";
import { SceneData } from "../../../src/state/data";
import { sweepCsv, sweepFigure } from "../../../src/views/k_sweep/export";
import { sweepBands, sweepLines, yRange } from "../../../src/views/k_sweep/lines";
import { FakeModel, K_MAX, N } from "../../support/model";

const data = new SceneData(new FakeModel().model);
const theme = { dark: false, background: [255, 255, 255], text: [0, 0, 0] } as const;
const shown = { measure: "nngs", selected: new Uint32Array(0), hovered: -1, pinned: -1 } as const;
const lines = sweepLines(data, shown, theme);

test("the copied numbers are those of the curves, one row a k", () => {
  const rows = sweepCsv(lines, chanceBand("nngs", N, data.chance), N)
    .trim()
    .split("\n");
  expect(rows[0]).toBe("k,share_of_others,all items,chance,cats,dogs,<b>birds</b>,chance_low,chance_high");
  expect(rows.length).toBe(K_MAX + 1);
  expect(Number(rows[5].split(",")[2])).toBe(data.overall.jaccard[4]);
});

test("the saved figure names every line beside the plot and keeps names as text", () => {
  const [from, to] = yRange(lines);
  const bands = sweepBands(data, "nngs", theme);
  const size = { width: 760, height: 420, share: false, n: N, kMax: K_MAX, from, to, marks: [] };
  const figure = sweepFigure({ ...size, lines, bands, yTitle: "NNGS", theme });
  const texts = [...figure.querySelectorAll("text")];
  const birds = texts.find((text) => text.textContent === "<b>birds</b>");
  expect(Number(birds?.getAttribute("x"))).toBeGreaterThan(746);
  expect(figure.getAttribute("viewBox")).toBe("0 0 960 420");
  expect(figure.querySelectorAll("path[data-line]").length).toBe(lines.length);
  expect(figure.querySelector("b")).toBeNull();
});
