import { expect, test } from "vitest";
import { textWidth } from "../../src/chart/text_names";
import { diverging, parseHex } from "../../src/page/palette";
import { luminance } from "../../src/page/theme";
import { topRows } from "../../src/state/clusters";
import { SceneData } from "../../src/state/data";
import { steps } from "../../src/views/gallery/densities";
import { labelLines, spectrumRange, unrelatedBeyond, unrelatedOf } from "../../src/views/gallery/spectrum";
import {
  enrichmentTitle,
  failureText,
  heldOutText,
  kindText,
  nameText,
  oddsText,
  sideText,
  unrelatedText,
} from "../../src/views/gallery/words";
import { colourModes, firstMode } from "../../src/views/map_pair/colour_choice";
import { aloneState, FakeModel, MEMBERS, N, random, sampleState, spectralState, wire } from "../support/model";

const dataOf = (state = aloneState()) => new SceneData(new FakeModel(state).model);

test("the largest values are found as a full sort finds them, ties by their row", () => {
  const next = random(11);
  const values = Float32Array.from({ length: 500 }, () => Math.round(next() * 60) - 30);
  const sorted = Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
  for (const count of [0, 1, 7, 120, 500, 900]) expect(topRows(values, count)).toEqual(sorted.slice(0, count));
});

test("members come as Python ordered them, then the next by loading, never twice", () => {
  const { spectral } = dataOf();
  expect([0, 1, 2].map((c) => [...spectral.members(c)])).toEqual(MEMBERS.map((m) => [...m]));
  expect(spectral.strongest(0, 2)).toEqual([3, 17]);
  expect(spectral.strongest(0, 6)).toEqual([3, 17, 5, 38, 36, 34]);
  expect(spectral.opposite(0, 3)).toEqual([39, 37, 35]);
  expect(new Set(spectral.strongest(1, N)).size).toBe(N);
});

test("what is padded out of the lists of nearest items does not come back as a row", () => {
  const { spectral } = dataOf();
  expect([0, 1, 2].map((c) => spectral.nearest(c))).toEqual([[30, 31, 32, 33], [1, 2], [4]]);
});

test("the scale holds bars, intervals and both sides; unrelated spaces only where they are not far beyond", () => {
  const { spectral } = dataOf();
  const { clusters } = spectral;
  const [low, high] = spectrumRange(clusters, [0.24, -0.2]);
  expect(low).toBeLessThanOrEqual(-0.2);
  expect(high).toBeGreaterThanOrEqual(0.24);
  expect(spectrumRange(clusters, [9])[1]).toBeCloseTo(0.21 * 1.08);
  const [floor] = spectrumRange(clusters.slice(0, 1), []);
  expect(floor).toBeLessThan(0);
  expect(unrelatedBeyond(spectral)).toBeUndefined();
  expect(spectrumRange([], [])).toEqual([-0.22 * 1.08, 0.22 * 1.08]);
});

test("a cluster is held against the unrelated eigenvalue of its own rank on its own side", () => {
  const { clusters } = dataOf().spectral;
  expect(unrelatedOf(clusters, [0.05, -0.2, 0.24])).toEqual([0.24, -0.2, 0.05]);
  const tied = [{ ...clusters[0], tied: 2 }, clusters[1], clusters[2]];
  expect(unrelatedOf(tied, [0.05, -0.2, 0.24, 0.01])).toEqual([0.24, -0.2, 0.01]);
});

test("clusters that Python puts on the scene later are read anew", () => {
  const fake = new FakeModel(sampleState());
  const data = new SceneData(fake.model);
  expect([data.spectral.info, data.spectral.clusters]).toEqual([undefined, []]);
  Object.assign(fake.state, spectralState());
  expect(data.spectral.clusters.length).toBe(3);
  expect(data.spectral).toBe(data.spectral);
});

test("maps offer what the scene has", () => {
  const modes = (data: SceneData) => colourModes(data).map(([mode]) => mode);
  expect(modes(dataOf(sampleState()))).toEqual(["label", "agreement", "adjusted", "selection"]);
  expect(modes(dataOf())).toEqual(["label", "loading", "selection"]);
  expect(firstMode(dataOf())).toBe("loading");
  const both = dataOf(sampleState(spectralState()));
  expect(modes(both)).toEqual(["label", "agreement", "adjusted", "loading", "selection"]);
  expect(firstMode(both)).toBe("agreement");
});

test("of very many items loadings come in steps, of the first clusters, and only the strongest members", () => {
  const few = spectralState();
  const exact = new SceneData(new FakeModel(sampleState(few)).model).spectral;
  const steps = [0, 1].flatMap((c) => Array.from(exact.loading(c), (u) => 128 + Math.round(127 * u)));
  const large = sampleState({
    ...few,
    loadings: wire("|u1", [2, N], steps),
    member_rows: wire("<u4", [5], [3, 17, 20, 21, 9]),
    members_listed: [2, 2, 1],
  });
  const { spectral } = new SceneData(new FakeModel(large).model);
  for (const c of [0, 1, 0]) {
    const found = spectral.loading(c);
    exact.loading(c).forEach((u, row) => {
      expect(Math.abs(found[row] - u)).toBeLessThanOrEqual(0.5 / 127 + 1e-6);
    });
    expect(spectral.loading(c)).toBe(found);
  }
  expect(spectral.loading(2)).toHaveLength(0);
  expect([0, 1, 2].map((c) => [...spectral.members(c)])).toEqual([[3, 17], [20, 21], [9]]);
  expect(spectral.strongest(0, 3).slice(0, 2)).toEqual([3, 17]);
});

test("both ends of the loadings stand out from the middle, equally, on light and on dark", () => {
  for (const dark of [false, true]) {
    const middle = parseHex(dark ? "#404040" : "#d0d0d0");
    const at = (t: number) => luminance(diverging(t, middle, dark));
    expect(diverging(0, middle, dark)).toEqual(middle);
    for (const end of [-1, 1]) expect(Math.abs(at(end) - at(0))).toBeGreaterThan(0.25);
  }
});

test("a histogram is drawn as steps from the base line and back", () => {
  const identity = (v: number) => v;
  expect(steps([0, 1, 2], [0.5, 0.25], identity, identity)).toBe("M0 0V0.5H1V0.3H2V0Z");
});

test("why a group is not found again is said", () => {
  const { spectral } = dataOf();
  const [x, y] = spectral.clusters;
  expect(failureText(spectral, y)).toBe("its held-out interval reaches 0");
  expect(failureText(spectral, { ...x, stability: 0.31 })).toBe("only 31% of its vector is found again on other rows");
  const small = { ...x, eigenvalue: 0.01, held_out: [-0.1, -0.2, 0.1] as [number, number, number] };
  expect(failureText(spectral, small)).toBe("its held-out interval reaches 0 and it lies within the noise floor");
});

test("odds, p and counts are said in words", () => {
  expect([null, 1234.4, 12.4, 3.14].map(oddsText)).toEqual(["×∞", "×1,234", "×12", "×3.1"]);
  const [bird] = dataOf().spectral.clusters[0].enrichment;
  expect(enrichmentTitle(bird)).toBe(
    "label “<b>birds</b>”: 3 of 3 members, 2 of 37 others; odds ratio infinite, p = 1e−6, q = 1e−5",
  );
  expect(heldOutText(dataOf().spectral.clusters[2])).toBe("not tried on held-out rows");
});

test("whose a group is, is said as it holds: by one and not by the other, or more by one", () => {
  const { spectral } = dataOf();
  const [x, y] = spectral.clusters;
  expect(sideText(spectral, x)).toBe("by photo, not by text");
  expect(sideText(spectral, { ...x, exclusive: false })).toBe("more by photo than by text");
  expect(sideText(spectral, y)).toBe("more by text than by photo");
});

test("the three kinds are said with the numbers that make them", () => {
  const { spectral } = dataOf();
  const [x, y] = spectral.clusters;
  const ranked = "photo ranks a fellow member before an outsider in 90% of pairs";
  expect(kindText(spectral, x)).toBe(`Tight: found again on other rows, and ${ranked} (at least 75%).`);
  expect(kindText(spectral, { ...x, kind: "broad", ranking: [0.6, 0.5], held_out: null })).toBe(
    "Broad direction: photo ranks a fellow member before an outsider in 60% of pairs (below 75%).",
  );
  expect(kindText(spectral, { ...x, kind: "broad", ranking: [null, null], held_out: null })).toBe(
    "Broad direction: too few items to rank.",
  );
  expect(kindText(spectral, y)).toBe("Not found again: its held-out interval reaches 0.");
});

test("an eigenvalue that unrelated spaces have too is told of, with what speaks for the group all the same", () => {
  const { spectral } = dataOf();
  const [x, y] = spectral.clusters;
  expect(unrelatedText(spectral, x)).toBe("");
  const within = "Its λ of +0.200 lies within what unrelated spaces reach (±0.240): its size alone tells of no group";
  expect(unrelatedText(spectral, { ...x, inside_unrelated: true })).toBe(
    `${within}, but that other rows have it again does.`,
  );
  expect(unrelatedText(spectral, { ...y, eigenvalue: 0.2, inside_unrelated: true })).toBe(`${within}.`);
});

test("where a name comes from is said", () => {
  const [x] = dataOf().spectral.clusters;
  const name_test = { auc: 0.93, p: 1e-4, q: 0.002, members: 12, others: 40 };
  const tested = "“birds” tells 12 members that it was not chosen on from 40 others (AUC 0.930, q = 0.0020).";
  expect(nameText(x)).toBe("");
  expect(nameText({ ...x, name_test })).toBe("No name holds for it: the best one has an AUC of 0.930, q = 0.0020.");
  expect(nameText({ ...x, name: "birds", name_test })).toBe(tested);
  expect(nameText({ ...x, name: "birds", name_test, given_name: "mine" })).toBe(
    `“mine” is your name for it. ${tested}`,
  );
});

test("a title is two lines of whole words where it fits, and never wider than its place", () => {
  const wide = (line: string) => textWidth(line, 10.5);
  expect(labelLines("grinning face with big eyes", 1000)).toEqual(["grinning face with big eyes"]);
  const [first, second, ...more] = labelLines("grinning face with big eyes and a very long tail", 100);
  expect([first, more]).toEqual(["grinning face with", []]);
  expect(second).toMatch(/^big eyes and.*…$/);
  for (const text of ["Donaudampfschifffahrtsgesellschaft", "grinning face with big eyes and a tail"])
    for (const line of labelLines(text, 60)) expect(wide(line)).toBeLessThanOrEqual(60);
});
