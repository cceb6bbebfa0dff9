/** A small matrix of comparisons as Python would give it. */
import type { MatrixModel, MatrixState } from "../../src/state/matrix";
import type { State } from "../../src/state/scene";
import { FakeModel, wire } from "./model";

export const NAMES = ["photo", "<b>text</b>", "sound", "noise"];
/** Photo and sound are most alike; noise is like none. */
const CALIBRATED = [
  [1, 0.3, 0.6, 0.001],
  [0.3, 1, 0.2, -0.002],
  [0.6, 0.2, 1, 0.003],
  [0.001, -0.002, 0.003, 1],
];
const CHANCE = 0.1;
const M = NAMES.length;

export function matrixState(change: Partial<MatrixState> = {}): MatrixState {
  const square = (cell: (v: number, i: number, j: number) => number) =>
    wire(
      "<f8",
      [M, M],
      CALIBRATED.flatMap((row, i) => row.map((v, j) => cell(v, i, j))),
    );
  const off = (v: number) => (_: number, i: number, j: number) => (i === j ? Number.NaN : v);
  return {
    names: [...NAMES],
    measure: "nngs",
    title: "NNGS (Jaccard)",
    k: 10,
    larger_is_more_similar: true,
    symmetric: true,
    networks: [],
    layers: [],
    measures: [],
    values: square((v) => CHANCE + v * (1 - CHANCE)),
    calibrated: square((v) => v),
    null_mean: square(off(CHANCE)),
    null_sd: square(off(0.01)),
    z: square((v, i, j) => (i === j ? Number.NaN : v * 90)),
    p: square((v, i, j) => (i === j ? Number.NaN : v > 0.1 ? 1e-9 : 0.4)),
    ties: wire("|u1", [0, 0], []),
    order: wire("<u4", [M], [3, 1, 2, 0]),
    map: wire("<f4", [M, 2], [0, 0, 0.5, 0.4, 0.2, 0.1, -0.7, 0.6]),
    sentence: "They differ.",
    provenance: "n 200.",
    notes: ["A note."],
    comparing: [],
    pair: [],
    opened: null,
    error: "",
    ...change,
  };
}

/** A distance: less is more alike, chance 0.5, the same 0. */
export function distanceState(): MatrixState {
  const values = wire(
    "<f8",
    [M, M],
    CALIBRATED.flatMap((row) => row.map((v) => 0.5 * (1 - v))),
  );
  const chance = wire(
    "<f8",
    [M, M],
    CALIBRATED.flatMap((row, i) => row.map((_, j) => (i === j ? Number.NaN : 0.5))),
  );
  return matrixState({ larger_is_more_similar: false, values, null_mean: chance, title: "SPEC-diff", k: null });
}

/** Three layers of one network beside three of another, by a similarity and by a distance without chance. */
export function layersState(change: Partial<MatrixState> = {}): MatrixState {
  // The first row's best is of another index, the last row has two.
  const similarity = [0.2, 0.9, 0.1, 0.3, 0.8, 0.5, 0.1, 0.6, 0.6];
  const distance = [0.1, 0.7, 0.9, 0.6, 0.2, 0.8, 0.9, 0.8, 0.3];
  const none = Array(9).fill(Number.NaN);
  const both = (first: number[], second: number[]) => wire("<f8", [6, 3], [...first, ...second]);
  return matrixState({
    names: ["one · a", "one · <b>b</b>", "one · c", "two · a", "two · <b>b</b>", "two · c"],
    networks: ["one", "two"],
    layers: [
      ["a", "<b>b</b>", "c"],
      ["a", "<b>b</b>", "c"],
    ],
    measures: [
      { title: "CKA", k: null, larger_is_more_similar: true, same: 1 },
      { title: "Distance", k: 5, larger_is_more_similar: false, same: 0 },
    ],
    title: "CKA",
    k: null,
    symmetric: false,
    values: both(similarity, distance),
    calibrated: both(
      similarity.map((v) => (v - 0.1) / 0.9),
      none,
    ),
    null_mean: both(Array(9).fill(0.1), none),
    null_sd: both(Array(9).fill(0.01), none),
    z: both(Array(9).fill(9), none),
    p: both(Array(9).fill(0.01), none),
    order: wire("<u4", [6], [0, 1, 2, 3, 4, 5]),
    map: wire(
      "<f4",
      [12, 2],
      Array.from({ length: 24 }, (_, i) => i % 7),
    ),
    ...change,
  });
}

export class FakeMatrix {
  private readonly fake: FakeModel;

  constructor(readonly state: MatrixState = matrixState()) {
    this.fake = new FakeModel(state as unknown as State);
  }
  get model(): MatrixModel {
    return this.fake as unknown as MatrixModel;
  }
  get sent(): unknown[] {
    return this.fake.sent;
  }
  get listenerCount(): number {
    return this.fake.listenerCount;
  }
  /** As if Python had written these traits in one message. */
  fromPython(change: Partial<MatrixState>): void {
    Object.assign(this.state, change);
    for (const name of Object.keys(change)) this.fake.emit(`change:${name}`);
  }
  answer(): void {
    this.fake.emit("msg:custom", { type: "answered" });
  }
}
