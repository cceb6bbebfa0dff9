/** What the view works out by itself: kept, lost and gained; what passes at a threshold; the order of lists. */
import { expect, test } from "vitest";
import { changeOf } from "../../../src/views/audit_view/change";
import { spread } from "../../../src/views/audit_view/curves";
import { groupWords, orderOf, placeOn, spanOf, tally } from "../../../src/views/audit_view/groups";
import { mergedStarts } from "../../../src/views/audit_view/joint_chart";
import { crossing, PairCounts, partAbove } from "../../../src/views/audit_view/pair_counts";
import { sortPlaces } from "../../../src/views/audit_view/queries";
import { ranks } from "../../../src/views/audit_view/results";
import { plain } from "../../../src/views/audit_view/spaces";
import { markOf, signedShort, threshold, verdictOf } from "../../../src/views/audit_view/words";
import { auditState, FakeAudit } from "../../support/audit_model";

const listed = (rows: number[], grades: number[] = []) => ({
  rows: Uint32Array.from(rows),
  grades: Float32Array.from(grades),
});

test("results are kept, lost or gained, with their rank in both and their grade", () => {
  const change = changeOf(listed([7, 3, 9], [1, 0, Number.NaN]), listed([3, 8, 7], [0, 2, 1]));
  expect(change.kept.map((one) => [one.row, ranks(one), one.grade])).toEqual([
    [7, "1 → 3", 1],
    [3, "2 → 1", 0],
  ]);
  expect(change.lost.map((one) => [one.row, ranks(one)])).toEqual([[9, "3 → –"]]);
  expect(change.lost[0].grade).toBeNaN();
  expect(change.gained.map((one) => [one.row, ranks(one), one.grade])).toEqual([[8, "– → 2", 2]]);
});

test("a place at which a list has ended is no document", () => {
  const end = 2 ** 32 - 1;
  expect(changeOf(listed([4, end]), listed([4, end]))).toEqual({
    kept: [{ row: 4, old: 1, fresh: 1, grade: Number.NaN }],
    lost: [],
    gained: [],
  });
});

test("queries of which nothing is known come last in every order", () => {
  const data = {
    change: Float32Array.from([0.5, Number.NaN, -1, 0]),
    kept: Float32Array.from([0.25, 0, 1, Number.NaN]),
  };
  expect(sortPlaces(data, [0, 1, 2, 3], "change")).toEqual([2, 3, 0, 1]);
  expect(sortPlaces(data, [0, 1, 2, 3], "gain")).toEqual([0, 3, 2, 1]);
  expect(sortPlaces(data, [0, 2, 3], "kept")).toEqual([0, 2, 3]);
});

test("groups that lose stand first, then those that gain, then the rest", () => {
  const { groups } = auditState();
  expect(orderOf(groups)).toEqual([1, 2, 0]);
  expect(tally(groups)).toBe("1 of 3 groups loses, 1 gains");
  const span = spanOf(groups, 0.02);
  expect(span.from).toBeCloseTo(-0.3);
  expect(span.to).toBeCloseTo(0.4);
  expect(placeOn(0, span)).toBeCloseTo((100 * 0.3) / 0.7);
  // Noise stays small beside the tolerance.
  expect(spanOf([], 0.02)).toEqual({ from: -0.04, to: 0.04 });
});

test("at the audited threshold Python's own counts are told", () => {
  const counts = new PairCounts(new FakeAudit().model);
  expect(counts.at(counts.nearest(0.49))).toEqual({
    old: 0.5,
    fresh: 0.7,
    both: 7,
    oldOnly: 3,
    newOnly: 3,
    exact: true,
  });
});

test("elsewhere as many pairs pass in both, and those in both are read off the cells", () => {
  const counts = new PairCounts(new FakeAudit().model);
  expect(counts.nearest(0.3)).toBe(1);
  const found = counts.at(1);
  expect(found.exact).toBe(false);
  expect(found.old).toBe(0.25);
  // 30 of 66 pass in old; in new that is between its edges 0 (66) and 0.5 (18), evenly over the logarithm.
  const share = Math.log(66.5 / 30.5) / Math.log(66.5 / 18.5);
  expect(found.fresh).toBeCloseTo(0.5 * share);
  // Half of the lower cells of old, and of the lower cells of new the part that is above.
  const part = (0.5 - found.fresh) / 0.5;
  expect(found.both).toBe(Math.round(0.5 * (40 * part + 6) + (8 * part + 12)));
  expect(found.both + found.oldOnly).toBe(30);
  expect(found.both + found.newOnly).toBe(30);
});

test("a threshold at which more pass than there are, or fewer, is at an end", () => {
  expect(crossing([0, 1, 2], [10, 4, 0], 12)).toBe(0);
  expect(crossing([0, 1, 2], [10, 4, 1], 0)).toBe(2);
  expect(crossing([0, 1, 2], [10, 4, 0], 4)).toBe(1);
  expect([partAbove(0, 2, 1.5), partAbove(0, 2, 3), partAbove(0, 2, -1)]).toEqual([0.25, 0, 1]);
});

test("cells are merged evenly, none left out", () => {
  expect(mergedStarts(5, 2)).toEqual([0, 3, 5]);
  expect(mergedStarts(4, 60)).toEqual([0, 1, 2, 3, 4]);
});

test("between the sizes that there are a curve is straight, and has gaps where nothing is known", () => {
  expect([...spread([1, 2, 5], [1, 2, 5])]).toEqual([1, 2, 3, 4, 5]);
  expect([...spread([1, 2, 4], [1, null, 3])]).toEqual([1, Number.NaN, Number.NaN, 3]);
});

test("no verdict and no reason is told by colour alone", () => {
  const names = ["mine", "yours"] as const;
  const told = (["switch", "bridge", "keep", "cannot tell"] as const).map((one) => verdictOf(one, names));
  expect(told.map(({ word }) => word)).toEqual(["Switch", "Bridge", "Keep mine", "Cannot tell"]);
  expect(new Set(told.map(({ mark }) => mark)).size).toBe(4);
  const marks = [true, false, null].map((favourable) => markOf({ about: "", says: "", favourable }));
  expect(new Set(marks.map(({ mark }) => mark)).size).toBe(3);
});

test("numbers have a sign that is one, and none is minus zero", () => {
  expect([-0.149, 0.2, -0.001, null].map(signedShort)).toEqual(["−0.15", "+0.20", "0.00", "–"]);
  expect([threshold(-0.25), plain(2915), plain(0), plain(0.25), plain(null)]).toEqual([
    "−0.250",
    "2,915",
    "0",
    "0.250",
    "–",
  ]);
});

test("a group in words has its interval and what it is of", () => {
  const { groups } = auditState();
  const data = { ofDocuments: false } as Parameters<typeof groupWords>[1];
  expect(groupWords(groups[2], data)).toBe("birds: +0.30 (95 % interval +0.20 to +0.40), 5 queries, gains");
});
