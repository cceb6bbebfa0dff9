// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { chanceBand } from "../../../src/state/curves";
import { SceneData } from "../../../src/state/data";
import { firstClasses } from "../../../src/views/k_sweep/class_choice";
import { sweepCsv, sweepFigure } from "../../../src/views/k_sweep/export";
import { runsBands, sweepBands, sweepLines, yRange } from "../../../src/views/k_sweep/lines";
import { FakeModel, K_MAX, N, sampleState, wire } from "../../support/model";

const data = new SceneData(new FakeModel().model);
const theme = { dark: false, background: [255, 255, 255], text: [0, 0, 0] } as const;
const shown = {
  measure: "nngs",
  classes: firstClasses(data, 5),
  selected: new Uint32Array(0),
  hovered: -1,
  pinned: -1,
} as const;
const lines = sweepLines(data, shown, theme);

test("the copied numbers are those of the curves, one row a k", () => {
  const rows = sweepCsv(lines, { chance: chanceBand("nngs", N, data.chance) }, N)
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

test("re-runs are a line of their mean in a band of all, in the units of the measure, and two columns of the file", () => {
  const ks = Array.from({ length: K_MAX }, (_, j) => j + 1);
  const rows = [0.5, 0.6, 0.75, 0.25, 0.5, 0.625].flatMap((value) => ks.map(() => value));
  const ran = new SceneData(new FakeModel(sampleState({ runs: wire("<f4", [6, K_MAX], rows) })).model);
  expect(runsBands(data, "nngs", theme)).toEqual([]);
  const [band] = runsBands(ran, "mutual_knn", theme);
  expect([band.low[3], band.high[3]]).toEqual([0.25, 0.625]);
  const [adjusted] = runsBands(ran, "r_nx", theme);
  // (mQ - k) / (m - k) at k = 4
  expect(adjusted.high[3]).toBeCloseTo(((N - 1) * 0.625 - 4) / (N - 5), 6);
  const drawn = sweepLines(ran, shown, theme);
  expect(drawn.find((line) => line.id === "runs")?.values[2]).toBeCloseTo(0.6, 6);
  expect(yRange(drawn, runsBands(ran, "nngs", theme))[1]).toBeCloseTo(0.75 * 1.06, 6);
  const [runs] = runsBands(ran, "nngs", theme);
  const [head, first] = sweepCsv(drawn, { chance: chanceBand("nngs", N, ran.chance), runs }, N).split("\n");
  expect(head.split(",").slice(2, 5)).toEqual(["all items", "chance", "re-runs"]);
  expect(head.split(",").slice(-2)).toEqual(["runs_low", "runs_high"]);
  expect(first.trim().split(",").slice(-2).map(Number)).toEqual([0.5, 0.75]);
});
