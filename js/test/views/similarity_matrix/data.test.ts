// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { textWidth } from "../../../src/chart/text_names";
import { share } from "../../../src/page/ends";
import { MatrixData } from "../../../src/views/similarity_matrix/data";
import { matrixCsv, matrixFigure, matrixTable, wrap } from "../../../src/views/similarity_matrix/export";
import { layGrid, spotAt } from "../../../src/views/similarity_matrix/grid";
import { cellFormat } from "../../../src/views/similarity_matrix/heatmap";
import { keyLines, scaleTicks } from "../../../src/views/similarity_matrix/key";
import { fitMap, nearest, placeLabels } from "../../../src/views/similarity_matrix/model_map";
import { cellFacts } from "../../../src/views/similarity_matrix/words";
import { distanceState, FakeMatrix, matrixState, NAMES } from "../../support/matrix_model";
import { wire } from "../../support/model";

const theme = { dark: false, background: [255, 255, 255], text: [0, 0, 0] } as const;
const of = (state = matrixState()) => new MatrixData(new FakeMatrix(state).model);
const axesOf = (names: readonly string[], order: readonly number[]) => ({ names, rows: order, columns: order });
const closeTo = (v: number) => expect.closeTo(v, 5);

test("the colours span the pairs, never the diagonal, or everything from chance to sameness", () => {
  expect(of().ends("calibrated", "these")).toEqual({ less: closeTo(-0.002), more: closeTo(0.6) });
  expect(of().ends("calibrated", "whole")).toEqual({ less: 0, more: 1 });
  expect(of().ends("value", "whole")).toEqual({ less: closeTo(0.1), more: closeTo(1) });
});

test("of a distance the less similar end is the larger number, and the nearest pair is the best", () => {
  const data = of(distanceState());
  const ends = data.ends("value", "these");
  expect(ends).toEqual({ less: closeTo(0.501), more: closeTo(0.2) });
  expect(share(0.2, ends)).toBe(1);
  expect(data.ends("value", "whole")).toEqual({ less: closeTo(0.5), more: closeTo(0) });
  expect(data.best("value")).toEqual([0, 2]);
  expect(data.measure).toBe("SPEC-diff");
  expect(keyLines(data, "value")[0]).toBe(
    "Smaller: more alike. Random pairing: 0.500 on average. A space with itself: 0.000.",
  );
});

test("one value alone is shown between chance and sameness", () => {
  const two = (v: number, chance: number) =>
    of(
      matrixState({
        names: ["a", "b"],
        ...Object.fromEntries(["calibrated", "values"].map((name) => [name, wire("<f8", [2, 2], [1, v, v, 1])])),
        null_mean: wire("<f8", [2, 2], [Number.NaN, chance, chance, Number.NaN]),
        order: wire("<u4", [2], [0, 1]),
      }),
    );
  expect(two(0.4, 0.1).ends("calibrated", "these")).toEqual({ less: 0, more: 1 });
  const unknown = two(0.4, Number.NaN).ends("value", "these");
  expect(share(0.4, unknown)).toBeCloseTo(0.5, 5);
});

test("without calibrated values only the raw ones are offered, and cells without a score have none", () => {
  const nothing = wire("<f8", [4, 4], Array(16).fill(Number.NaN));
  const data = of(matrixState({ calibrated: nothing, null_mean: nothing, null_sd: nothing, z: nothing, p: nothing }));
  expect(data.quantities).toEqual(["value"]);
  expect(data.mapsCalibrated).toBe(false);
  expect(cellFacts(data, 0, 1)[1]).toEqual(["chance", "–"]);
  const empty = of(matrixState({ calibrated: nothing, values: nothing }));
  expect(empty.best("value")).toBeUndefined();
  expect(empty.ends("value", "these")).toEqual({ less: 0, more: 1 });
  expect(keyLines(empty, "value")).toContain("Hatched without colour: no score.");
});

test("an asymmetric matrix is searched on both sides of the diagonal", () => {
  const values = wire("<f8", [2, 2], [1, 0.2, 0.5, 1]);
  const data = of(matrixState({ names: ["a", "b"], symmetric: false, values, calibrated: values }));
  expect(data.pairs()).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(data.best("value")).toEqual([1, 0]);
});

test("chance is told cell by cell", () => {
  const data = of();
  expect([data.byChance(0, 3), data.byChance(0, 2), data.byChance(3, 3)]).toEqual([true, false, false]);
  expect(keyLines(data, "calibrated")[1]).toBe("★ most alike: photo and sound (0.600).");
  expect(keyLines(data, "calibrated")[2]).toContain("no more alike than chance (p ≥ 0.05");
});

test("numbers in cells are as short as they can be", () => {
  expect(cellFormat([0.31, 0.5])(0.312)).toBe(".31");
  expect(cellFormat([0.02])(-0.0214)).toBe("−.021");
  expect(cellFormat([0.3])(-0.001)).toBe(".00");
  expect(cellFormat([12.34])(12.34)).toBe("12.3");
  expect(cellFormat([1.2])(1)).toBe("1.00");
});

test("ends that are passed are marked as such", () => {
  const texts = scaleTicks(of(), "calibrated", { less: 0, more: 1 }, 300).map((tick) => tick.text);
  expect(texts[0]).toBe("≤ 0.000");
  expect(texts.at(-1)).toBe("1.000");
  const distance = of(distanceState());
  expect(scaleTicks(distance, "value", distance.ends("value", "whole"), 300)[0].text).toBe("≥ 0.500");
});

const identity = (m: number) => Array.from({ length: m }, (_, i) => i);

test("two or a hundred spaces fit into their place, and each cell is found again", () => {
  for (const m of [2, 12, 40, 100]) {
    const names = identity(m).map((i) => `a rather long name of space number ${i}`);
    const order = identity(m).reverse();
    for (const width of [380, 700, 1040]) {
      const grid = layGrid(axesOf(names, order), width, 560);
      if (m < 100 || width > 380) expect(grid.width).toBeLessThanOrEqual(width);
      expect(grid.pitch).toBeGreaterThanOrEqual(3);
      const middle = (place: number) => (grid.place[place] + 0.5) * grid.pitch;
      const spot = spotAt(grid, grid.left + middle(1), grid.top + middle(0));
      expect(spot).toEqual({ row: 0, column: 1 });
      expect(new Set(grid.rows).size).toBe(m);
      expect(new Set(grid.columns).size).toBe(m);
    }
  }
});

test("names are pointed at too, and nothing beside the grid is", () => {
  const grid = layGrid(axesOf(NAMES, [3, 1, 2, 0]), 600, 560);
  expect(spotAt(grid, 4, grid.top + 2)).toEqual({ row: 3, column: -1 });
  expect(spotAt(grid, grid.left + 2, grid.top - 1)).toEqual({ row: -1, column: 3 });
  expect(spotAt(grid, grid.left + 4 * grid.pitch + 3, grid.top + 2)).toBeUndefined();
  expect(spotAt(grid, 2, 2)).toBeUndefined();
});

test("every hundredth name has its place at a readable size where there is room", () => {
  const names = identity(100).map((i) => `layer ${i}`);
  const grid = layGrid(axesOf(names, identity(100)), 1040, 560);
  expect(grid.step).toBe(1);
  expect(grid.font).toBeGreaterThanOrEqual(9);
  expect(layGrid(axesOf(names, identity(100)), 400, 560).step).toBeGreaterThan(1);
});

test("the map keeps proportions, and the nearest space is found", () => {
  const [points, scale] = fitMap(of().map, 300, 246);
  const far = (i: number, j: number) => Math.hypot(points[i][0] - points[j][0], points[i][1] - points[j][1]);
  expect(far(0, 2) / scale).toBeCloseTo(Math.hypot(0.2, 0.1), 5);
  expect(nearest(points, points[1][0] + 3, points[1][1])).toBe(1);
  expect(nearest(points, 0, 245)).toBe(-1);
  const [same] = fitMap(new Float32Array(4), 300, 246);
  expect(same.flat().every(Number.isFinite)).toBe(true);
});

test("names on the map never lie over one another; those asked for are there", () => {
  const points = identity(30).map((i) => [20 + 8 * i, 100 + (i % 3)] as const);
  const placed = placeLabels(
    points,
    points.map(() => 50),
    300,
    246,
    2,
  );
  expect(placed.slice(0, 2).map((label) => label.at)).toEqual([0, 1]);
  expect(placed.length).toBeLessThan(30);
  const rest = placed.slice(2);
  for (const a of rest) {
    for (const b of rest) {
      if (a === b || a.anchor !== b.anchor) continue;
      expect(Math.abs(a.x - b.x) >= 50 || Math.abs(a.y - b.y) >= 11).toBe(true);
    }
  }
});

test("the copied numbers are those shown, in the order shown", () => {
  const rows = matrixCsv(of(), "calibrated", axesOf(NAMES, [3, 0, 1, 2]))
    .trim()
    .split("\n");
  expect(rows[0]).toBe('"NNGS (Jaccard), k = 10, calibrated",noise,photo,<b>text</b>,sound');
  expect(rows[2]).toBe("photo,0.001,1,0.3,0.6");
});

test("the table and the saved figure keep names as text", () => {
  const data = of();
  const table = matrixTable(data, "value", data.axes);
  expect(table.querySelectorAll("tbody td").length).toBe(16);
  const grid = layGrid(axesOf(data.names, data.order), 600, 560);
  const ends = data.ends("calibrated", "these");
  const figure = matrixFigure({ id: "x", data, grid, quantity: "calibrated", ends, theme });
  expect(figure.querySelectorAll("[data-part=cells] rect").length).toBe(16);
  expect(figure.textContent).toContain("<b>text</b>");
  for (const node of [table, figure]) expect(node.querySelector("b")).toBeNull();
  expect(figure.textContent).toContain("NNGS (Jaccard), k = 10, calibrated");
});

test("long lines and long words are broken", () => {
  const lines = wrap(`short ${"x".repeat(80)} end`, 120, 11);
  for (const line of lines) expect(textWidth(line, 11)).toBeLessThanOrEqual(121);
  expect(lines.join("").replaceAll(" ", "")).toBe(`short${"x".repeat(80)}end`);
});

test("a cell says whether its space is the nearest alone or not told apart from others, where that was tested", () => {
  const rows = [0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0];
  const data = of(matrixState({ ties: wire("|u1", [4, 4], rows) }));
  expect(cellFacts(data, 0, 2).at(-1)).toEqual([`nearest to ${NAMES[0]}`, "☆ not separable"]);
  expect(cellFacts(data, 2, 3).at(-1)).toEqual([`nearest to ${NAMES[2]}`, "★"]);
  expect(cellFacts(data, 0, 3).length).toBe(5);
  expect(cellFacts(of(), 0, 2).length).toBe(5);
});
