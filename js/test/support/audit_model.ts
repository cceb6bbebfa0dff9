/** A small audit as Python would give it: 12 documents, 4 queries of 3 results each, two groups. */
import type { AuditModel, AuditState } from "../../src/state/audit";
import type { State } from "../../src/state/scene";
import { FakeModel, wire } from "./model";

export const N = 12;
export const EVIL = "<img src=x onerror=alert(1)>";
const NOBODY = 2 ** 32 - 1;
const NaNs = Number.NaN;
const nothing = wire("<f8", [0, 0], []);

export function auditState(change: Partial<AuditState> = {}): AuditState {
  return {
    n: N,
    k_max: 4,
    names: ["mine", "<b>yours</b>"],
    sentence: "Keep mine.",
    provenance: "seed 0.",
    notes: ["A note."],
    label_names: ["cats", "dogs"],
    label_codes: wire(
      "<u2",
      [N],
      Array.from({ length: N }, (_, i) => i % 2),
    ),
    texts: Array.from({ length: N }, (_, i) => (i === 5 ? EVIL : `document ${i}`)),
    tiles: {},
    decision: "keep",
    reasons: [
      { about: "quality", says: `New answers worse ${EVIL}.`, favourable: false },
      { about: "results", says: "Some are kept.", favourable: null },
      { about: "bridge", says: "A bridge holds.", favourable: true },
    ],
    tolerance: 0.02,
    measure: "ndcg",
    of_documents: false,
    queries: 40,
    query_rows: wire("<u4", [4], [3, 8, 20, 31]),
    query_texts: ["first question", "second question", EVIL, "last question"],
    change: wire("<f4", [4], [-0.5, 0.25, -0.75, NaNs]),
    kept: wire("<f4", [4], [2 / 3, 1, 0, 1 / 3]),
    quality: wire("<f4", [4, 2], [1, 0.5, 0.25, 0.5, 1, 0.25, NaNs, NaNs]),
    lists_old: wire("<u4", [4, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, NOBODY]),
    lists_new: wire("<u4", [4, 3], [1, 0, 5, 5, 4, 3, 0, 1, 2, 11, 10, NOBODY]),
    grades_old: wire("<f4", [4, 3], [2, 0, NaNs, 1, 1, 1, 0, 0, 0, NaNs, NaNs, NaNs]),
    grades_new: wire("<f4", [4, 3], [0, 2, NaNs, 1, 1, 1, 0, 0, 0, NaNs, NaNs, NaNs]),
    relevant_from: 1,
    groups: [
      { ...group(-0.2, "no difference seen"), name: "cats", queries: 20, members: 2 },
      { ...group(-0.1, "loses"), name: EVIL, queries: 20, members: 1, kind: "group" },
      { ...group(0.3, "gains"), name: "birds", queries: 5, members: 1 },
    ],
    group_rows: wire("<u4", [4], [8, 20, 3, 31]),
    curves: {
      sizes: [1, 2, 4],
      kept: { values: [0.2, 0.4, 0.6], low: [0.1, 0.3, 0.5], high: [0.3, 0.5, 0.7], chance: [0.1, 0.2, 0.3] },
      quality: {
        ndcg: {
          old: [0.5, 0.6, 0.7],
          new: [0.4, 0.5, 0.6],
          difference: [-0.1, -0.1, -0.1],
          low: [-0.2, -0.2, -0.2],
          high: [0, 0, 0],
        },
      },
    },
    thresholds: {
      at: 0.5,
      value: 0.7,
      low: 0.6,
      high: 0.8,
      keep: "rate",
      word: "cosine",
      n_pairs: 66,
      switched: { both: 7, old_only: 3, new_only: 3, neither: 53 },
      unchanged: 20,
      sentence: "",
    },
    joint: wire("<f8", [2, 2], [40, 6, 8, 12]),
    joint_edges: wire("<f8", [2, 3], [0, 0.5, 1, 0, 0.5, 1]),
    edges: wire("<f8", [2, 4], [0, 0.25, 0.5, 1, 0, 0.5, 1, NaNs]),
    passing: wire("<f8", [2, 4], [66, 30, 20, 0, 66, 18, 0, NaNs]),
    bridges: [{ method: "ridge", fitted: 6, asked: 6, kept: [0.5, 0.4, 0.6], against_old: null, against_new: null }],
    table: [{ aspect: "space", what: "width", old: 8, new: 16, change: null, low: null, high: null }],
    error: "",
    channel: "",
    shares: [],
    k: 3,
    hovered: -1,
    selected: wire("<u4", [0], []),
    query: -1,
    ...change,
  };
}

function group(change: number, word: string) {
  return { kind: "label", change, low: change - 0.1, high: change + 0.1, p: 0.01, q: 0.02, word };
}

/** Nobody judged, no queries of their own, nothing carried over, no groups. */
export function plainState(change: Partial<AuditState> = {}): AuditState {
  return auditState({
    decision: "cannot tell",
    of_documents: true,
    queries: N,
    query_rows: wire("<u4", [4], [0, 1, 2, 3]),
    query_texts: [],
    quality: wire("<f4", [0, 0], []),
    grades_old: wire("<f4", [0, 0], []),
    grades_new: wire("<f4", [0, 0], []),
    relevant_from: null,
    groups: [],
    group_rows: wire("<u4", [0], []),
    curves: { ...auditState().curves, quality: {} },
    thresholds: {},
    joint: nothing,
    joint_edges: nothing,
    edges: nothing,
    passing: nothing,
    bridges: [],
    ...change,
  });
}

export class FakeAudit {
  private readonly fake: FakeModel;

  constructor(readonly state: AuditState = auditState()) {
    this.fake = new FakeModel(state as unknown as State);
  }
  get model(): AuditModel {
    return this.fake as unknown as AuditModel;
  }
  get saved(): Partial<AuditState>[] {
    return this.fake.saved as unknown as Partial<AuditState>[];
  }
  get listenerCount(): number {
    return this.fake.listenerCount;
  }
  /** As if Python had written a trait. */
  fromPython(change: Partial<AuditState>): void {
    for (const [name, value] of Object.entries(change)) {
      Object.assign(this.state, { [name]: value });
      this.fake.emit(`change:${name}`);
    }
  }
}
