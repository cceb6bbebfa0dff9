// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { agreementScale, Colouring } from "../../src/map/colouring";
import { otherColour, parseHex } from "../../src/page/palette";
import { readTheme } from "../../src/page/theme";
import scene from "../../src/scenes/scene";
import { asMeasure, rNx, rowMeans } from "../../src/state/curves";
import { SceneData } from "../../src/state/data";
import type { State } from "../../src/state/scene";
import { firstClasses } from "../../src/views/k_sweep/class_choice";
import { sizeMarks, sweepLines } from "../../src/views/k_sweep/lines";
import { FakeModel, K_MAX, LISTS, N, sampleState, sharedCount, wire } from "../support/model";
import { giveSizes } from "../support/sizes";

const SEARCHED = 15;
const AMONG = 5000;
const LISTED = 6;

/** The first items of the usual state were searched for among 5,000; the others are their neighbours. */
function sampledState(change: Partial<State> = {}) {
  const rows = Array.from({ length: SEARCHED }, (_, i) => i);
  const ks = Array.from({ length: K_MAX }, (_, j) => j + 1);
  const lists = (of: readonly number[][]) => rows.flatMap((i) => of[i].slice(0, LISTED));
  return sampleState({
    sample: { searched: SEARCHED, among: AMONG },
    counts: wire(
      "|u1",
      [SEARCHED, K_MAX],
      rows.flatMap((i) => ks.map((k) => sharedCount(i, k))),
    ),
    neighbors_x: wire("<u2", [SEARCHED, LISTED], lists(LISTS[0])),
    neighbors_y: wire("<u2", [SEARCHED, LISTED], lists(LISTS[1])),
    ...change,
  });
}

const data = new SceneData(new FakeModel(sampledState()).model);
const theme = readTheme(document.createElement("div"));

test("items that are neighbours only have no score and no lists, and the page does not ask for any", () => {
  expect([data.searched(SEARCHED - 1), data.searched(SEARCHED)]).toEqual([true, false]);
  expect(data.shared(3, 5)).toBe(sharedCount(3, 5));
  expect([data.shared(SEARCHED, 5), data.agreement(N - 1, 5)]).toEqual([Number.NaN, Number.NaN]);
  expect(data.neighborChange(N - 1, 5)).toEqual({ kept: [], onlyX: [], onlyY: [] });
  expect(data.neighborChange(3, 5).kept).toHaveLength(sharedCount(3, 5));
});

test("means are over the items that were searched for, and chance is that among all", () => {
  const mixed = rowMeans(data.counts, [2, 4, SEARCHED, N - 1]);
  expect(mixed.shared[4]).toBeCloseTo((sharedCount(2, 5) + sharedCount(4, 5)) / 2, 12);
  expect(rowMeans(data.counts, [N - 1]).jaccard.every(Number.isNaN)).toBe(true);
  expect(data.classSums.sizes.reduce((a, b) => a + b)).toBe(SEARCHED);
  const shown = {
    measure: "r_nx" as const,
    classes: firstClasses(data, 5),
    selected: new Uint32Array(0),
    hovered: -1,
    pinned: 2,
  };
  const line = sweepLines(data, shown, theme).find((one) => one.id === "pinned");
  expect(line?.values[4]).toBeCloseTo(rNx(sharedCount(2, 5) / 5, 5, AMONG - 1), 12);
  expect(asMeasure(data.overall, "r_nx", AMONG, data.chance)[4]).not.toBeNaN();
  expect(sizeMarks(data, shown.classes, theme)).toEqual([]);
});

test("the maps show what was not sampled in grey, and count only what was", () => {
  expect(agreementScale(data, 5, "agreement").bins.reduce((a, b) => a + b)).toBe(SEARCHED);
  const { look } = new Colouring(data).look({ mode: "agreement", k: 5, cluster: -1 }, undefined, theme, 3);
  const grey = look.style[N - 1];
  expect([...look.style.subarray(SEARCHED)].every((style) => style === grey)).toBe(true);
  expect([...look.style.subarray(0, SEARCHED)]).not.toContain(grey);
  const [r, g, b] = parseHex(otherColour(theme.dark));
  expect(look.colours[grey] & 0xffffff).toBe((b << 16) | (g << 8) | r);
  expect(look.stamps[grey]).not.toBe(look.stamps[0]);
});

beforeEach(() => {
  vi.useFakeTimers();
  giveSizes();
});
afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("the item up close says that it was not sampled, and why lists end", () => {
  // Without labels maps begin with the agreement.
  const fake = new FakeModel(
    sampledState({ label_names: [], label_codes: wire("<u2", [N], new Array(N).fill(65535)) }),
  );
  const life = new AbortController();
  const exports = scene.initialize({ model: fake.model, signal: life.signal });
  const el = document.createElement("div");
  document.body.append(el);
  exports.mount("map_pair", el, { signal: life.signal });
  const look = (row: number, k: number) => {
    fake.model.set("hovered", row);
    fake.model.set("k", k);
    vi.advanceTimersByTime(300);
    return el.querySelector(".embw-detail")?.textContent ?? "";
  };
  expect(look(N - 1, 5)).toContain("a neighbour of sampled items, not sampled");
  expect(look(N - 1, 5)).not.toContain("Kept in both");
  expect(look(2, K_MAX)).toContain(`Of each list ${LISTED} are here, the others are not among the items.`);
  expect(fake.sent).toEqual([]);
  expect(el.textContent).toContain(`not sampled (${N - SEARCHED})`);
  life.abort();
});
