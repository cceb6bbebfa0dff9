/** A small alignment as Python would give it: 20 items, of which 12 are held out, in two groups. */
import type { AlignmentModel, AlignmentState, Progress } from "../../src/state/alignment";
import type { State } from "../../src/state/scene";
import { FakeModel, random, wire } from "./model";

export const N = 20;
export const HELD = Array.from({ length: 12 }, (_, i) => i + 8);
export const MEMBERS = [
  [9, 8, 12],
  [15, 16, 17, 18],
];
const K_MAX = 6;
const M = 5;

export function alignmentState(change: Partial<AlignmentState> = {}): AlignmentState {
  const next = random(5);
  const numbers = (length: number) => Array.from({ length }, next);
  const spectrum = (scale: number) => ({
    eigenvalues: [0.3 * scale, -0.2 * scale, 0.1 * scale, -0.05 * scale],
    unrelated: [0.12, -0.1, 0.05],
    spec_diff: 0.3 * scale,
  });
  const group = { within_x: [0.1, 0.6], within_y: 0.7, between_x: [0, 0.1], survives: true, appeared: false };
  const nothing = wire("<f4", [4, 0], []);
  return {
    n: N,
    k_max: K_MAX,
    names: ["photo", "text"],
    sentence: "Partly: it comes nearer. Of 10 it has 3. Gained: a group: cats. Given up: little.",
    answer: {
      verdict: "partly",
      before: "",
      lead: "Partly: it comes nearer.",
      numbers: "Of 10 it has 3.",
      gained: "Gained: a group: cats.",
      given_up: "Given up: little.",
      more: "",
    },
    provenance: "spec, seed 0.",
    notes: ["A note."],
    label_names: ["cats", "dogs"],
    label_codes: wire(
      "<u2",
      [N],
      Array.from({ length: N }, (_, i) => i % 2),
    ),
    texts: Array.from({ length: N }, (_, i) => (i === 9 ? "<img src=x onerror=alert(1)>" : `item number ${i}`)),
    tiles: {},
    status: "done",
    progress: {},
    failure: "",
    steps: nothing,
    checks: wire("<f4", [2, 0], []),
    best_step: 0,
    fit: { method: "spec", stopped: "finished", seconds: 3 },
    table: [
      {
        measure: "spec_diff",
        title: "SPEC-diff",
        before: 0.3,
        after: 0.1,
        chance: 0.2,
        chance_after: 0.15,
        better: "smaller",
        verdict: "better",
      },
      {
        measure: "nngs",
        title: "neighbourhoods",
        before: 0.2,
        after: 0.15,
        chance: 0.01,
        chance_after: 0.01,
        better: "larger",
        verdict: "worse",
      },
      {
        measure: "cka",
        title: "CKA",
        before: 0.2,
        after: 0.201,
        chance: null,
        chance_after: null,
        better: "larger",
        verdict: "",
      },
    ],
    maps: wire("<f4", [3, N, 2], numbers(6 * N)),
    parts: wire(
      "|u1",
      [N],
      Array.from({ length: N }, (_, i) => (i < 6 ? 1 : i < 8 ? 0 : 2)),
    ),
    held_out: wire("<u4", [HELD.length], HELD),
    residuals: wire("<f4", [2, HELD.length], [...HELD.map((_, i) => 0.5 + i / 100), ...HELD.map(() => 0.25)]),
    curves: wire("<f4", [2, K_MAX], [0.1, 0.2, 0.2, 0.3, 0.3, 0.4, 0.2, 0.3, 0.3, 0.4, 0.5, 0.6]),
    chance: wire("<f4", [2, K_MAX], [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, ...Array<number>(K_MAX).fill(0.004)]),
    intervals: wire("<f4", [0, 0], []),
    spectra: { before: spectrum(1), after: spectrum(0.4) },
    changes: [
      { ...group, index: 0, side: "Y", before: -0.3, after: -0.05, members: 3, share: 0.25, title: "<b>flags</b>" },
      { ...group, index: 1, side: "X", before: 0.01, after: 0.2, members: 4, share: 0.3, appeared: true, title: "new" },
    ],
    member_rows: wire("<u4", [7], MEMBERS.flat()),
    members_listed: [],
    heat_rows: wire("<u4", [M], [9, 8, 12, 15, 10]),
    heat_groups: wire("<u2", [M], [0, 0, 0, 1, 65535]),
    heat: wire("<f4", [3, M, M], numbers(3 * M * M)),
    error: "",
    channel: "",
    shares: [],
    k: 2,
    hovered: -1,
    selected: wire("<u4", [0], []),
    position: 1,
    cluster: -1,
    ...change,
  };
}

/** Where a fit stands. */
export const standing = (change: Partial<Progress>): Progress => ({
  step: 0,
  steps: 0,
  share: 0,
  seconds: 0,
  seconds_left: null,
  what: "",
  stopped: false,
  ...change,
});

/** What there is before there is a result. */
export function fittingState(change: Partial<AlignmentState> = {}): AlignmentState {
  const empty = wire("<f4", [0, 0], []);
  const rows = wire("<u4", [0], []);
  return alignmentState({
    n: 0,
    k_max: 1,
    k: 1,
    sentence: "",
    answer: {},
    provenance: "",
    notes: [],
    texts: [],
    label_names: [],
    label_codes: wire("<u2", [0], []),
    status: "fitting",
    progress: standing({ steps: 40, what: "preparing the held-out rows" }),
    fit: {},
    table: [],
    maps: wire("<f4", [0, 0, 0], []),
    parts: wire("|u1", [0], []),
    held_out: rows,
    residuals: empty,
    curves: empty,
    chance: empty,
    spectra: {},
    changes: [],
    member_rows: rows,
    heat_rows: rows,
    heat_groups: wire("<u2", [0], []),
    heat: wire("<f4", [0, 0, 0], []),
    ...change,
  });
}

export class FakeAlignment {
  private readonly fake: FakeModel;

  constructor(readonly state: AlignmentState = alignmentState()) {
    this.fake = new FakeModel(state as unknown as State);
  }
  get model(): AlignmentModel {
    return this.fake as unknown as AlignmentModel;
  }
  get sent(): unknown[] {
    return this.fake.sent;
  }
  get saved(): Partial<AlignmentState>[] {
    return this.fake.saved as unknown as Partial<AlignmentState>[];
  }
  get listenerCount(): number {
    return this.fake.listenerCount;
  }
  /** As if Python had written these traits, in this order. */
  fromPython(change: Partial<AlignmentState>): void {
    for (const [name, value] of Object.entries(change)) {
      Object.assign(this.state, { [name]: value });
      this.fake.emit(`change:${name}`);
    }
  }
}
