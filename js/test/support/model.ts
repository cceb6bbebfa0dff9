/** A model as the notebook would give it, and a small comparison to put in it. Long: every trait has a value here. */
import type { ClusterRow, Model, State, WireArray } from "../../src/state/scene";

const DTYPES = { "<f8": Float64Array, "<f4": Float32Array, "<u4": Uint32Array, "<u2": Uint16Array, "|u1": Uint8Array };

export function wire(dtype: WireArray["dtype"], shape: number[], values: ArrayLike<number>): WireArray {
  const array = DTYPES[dtype].from(values);
  return { dtype, shape, data: new DataView(array.buffer) };
}

/** A generator with a fixed seed, 0..1. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const N = 40;
export const K_MAX = 12;

function neighborLists(seed: number): number[][] {
  const next = random(seed);
  return Array.from({ length: N }, (_, i) =>
    Array.from({ length: N }, (_, j) => j)
      .filter((j) => j !== i)
      .map((j) => ({ j, at: next() + Math.abs(i - j) / 20 }))
      .sort((a, b) => a.at - b.at)
      .slice(0, K_MAX)
      .map(({ j }) => j),
  );
}

export const LISTS = [neighborLists(1), neighborLists(2)] as const;

/** The plain definition: size of the intersection of the two sets of k nearest. */
export function sharedCount(i: number, k: number): number {
  const ys = new Set(LISTS[1][i].slice(0, k));
  return LISTS[0][i].slice(0, k).filter((j) => ys.has(j)).length;
}

const ks = Array.from({ length: K_MAX }, (_, j) => j + 1);
const rows = Array.from({ length: N }, (_, i) => i);

export const NULL = {
  nngs: ks.map((k) => (0.3 * k) / N),
  nngsSd: ks.map(() => 0.01),
  mutual: ks.map((k) => k / (N - 1)),
  mutualSd: ks.map(() => 0.02),
};

export function sampleState(change: Partial<State> = {}): State {
  const next = random(3);
  const position = () => rows.flatMap(() => [next(), next()]);
  return {
    n: N,
    k_max: K_MAX,
    sample: {},
    count_sizes: [],
    names: ["photo", "text"],
    sentence: "They agree.",
    provenance: "cosine, exact",
    notes: ["A note."],
    scores: [
      {
        measure: "nngs",
        title: "NNGS (Jaccard)",
        k: 5,
        value: 0.4,
        chance: 0.1,
        calibrated: 0.33,
        z: 12,
        p: 1e-9,
        low: 0.3,
        high: 0.5,
        leading: true,
      },
    ],
    counts: wire(
      "|u1",
      [N, K_MAX],
      rows.flatMap((i) => ks.map((k) => sharedCount(i, k))),
    ),
    similarities: wire("<f4", [0, 0], []),
    curve: wire(
      "<f4",
      [2, K_MAX],
      [
        ...ks.map((k) => rows.reduce((sum, i) => sum + sharedCount(i, k) / (2 * k - sharedCount(i, k)), 0) / N),
        ...ks.map((k) => rows.reduce((sum, i) => sum + sharedCount(i, k), 0) / N / k),
      ],
    ),
    null: wire("<f4", [4, K_MAX], Object.values(NULL).flat()),
    runs: wire("<f4", [0, 0], []),
    interval: wire(
      "<f4",
      [4, K_MAX],
      [0.2, 0.5, 0.3, 0.6].flatMap((end) => ks.map(() => end)),
    ),
    map_x: wire("<f4", [N, 2], position()),
    map_y: wire("<f4", [N, 2], position()),
    map_x_neighbors: wire("<f4", [0, 0], []),
    map_y_neighbors: wire("<f4", [0, 0], []),
    drawn: {
      method: "pca",
      axes: [
        ["PCA 1 (30 % of variance)", "PCA 2 (10 % of variance)"],
        ["PCA 1 (25 % of variance)", "PCA 2 (8 % of variance)"],
      ],
      neighbor_axes: [],
      first: "plain",
      status: "offered",
      told: "",
    },
    neighbors_x: wire("<u2", [N, K_MAX], LISTS[0].flat()),
    neighbors_y: wire("<u2", [N, K_MAX], LISTS[1].flat()),
    label_names: ["cats", "dogs", "<b>birds</b>"],
    label_codes: wire(
      "<u2",
      [N],
      rows.map((i) => (i === 0 ? 65535 : i % 7 ? i % 2 : 2)),
    ),
    texts: rows.map((i) => (i === 17 ? "<img src=x onerror=alert(1)>" : `item number ${i}`)),
    tiles: {},
    changed: wire("<u4", [3], [17, 4, 30]),
    changed_value: wire("<f4", [3], [0, 0.125, 0.25]),
    changed_p: wire("<f4", [3], [1, 0.5, 0.25]),
    class_interval: wire("<f4", [4, 0, 0], []),
    p_by_count: true,
    item_scores: [],
    item_values: wire("<f4", [0, N], []),
    clusters: [],
    spectral: {},
    loadings: wire("<f4", [0, 0], []),
    member_rows: wire("<u4", [0], []),
    members_listed: [],
    histograms: wire("<f4", [0, 0, 0], []),
    edges: wire("<f4", [0, 0, 0], []),
    nearest: wire("<u4", [0, 0], []),
    directions: {},
    error: "",
    channel: "",
    shares: [],
    k: 5,
    cluster: -1,
    hovered: -1,
    selected: wire("<u4", [0], []),
    selections: { ...wire("<u4", [0], []), names: [], sizes: [] },
    ...change,
  };
}

const NOBODY = 0xffffffff;

/** Members of the three clusters that follow, strongest first. */
export const MEMBERS = [[3, 17, 5], [20, 21], [9]] as const;

function clusterRow(index: number, change: Partial<ClusterRow>): ClusterRow {
  const eigenvalue = change.eigenvalue ?? 0.1;
  return {
    index,
    kind: "tight",
    title: `group ${index}`,
    name: null,
    name_test: null,
    given_name: null,
    exclusive: true,
    inside_unrelated: false,
    turned: false,
    lost: 0,
    eigenvalue,
    eigenvalues: [eigenvalue],
    side: eigenvalue > 0 ? "X" : "Y",
    share: MEMBERS[index].length / N,
    effective_size: MEMBERS[index].length,
    members: MEMBERS[index].length,
    largest_loading: 1,
    constant_share: 0,
    held_out: [eigenvalue, eigenvalue - 0.01, eigenvalue + 0.01],
    stability: 0.9,
    survives: true,
    within: [0.5, 0.1],
    between: [0.1, 0.1],
    ranking: [0.9, 0.5],
    tied: 1,
    enrichment: [],
    ...change,
  };
}

/** Three clusters: one of X with names, one of Y that is not found again, one of X that is nearly constant. */
export function spectralState(): Partial<State> {
  const loadings = MEMBERS.flatMap((members) =>
    rows.map((row) => {
      const rank = (members as readonly number[]).indexOf(row);
      return rank < 0 ? (row % 2 ? -0.001 : 0.001) * row : 1 - rank / 10;
    }),
  );
  const enrichment = [
    {
      kind: "label",
      term: "<b>birds</b>",
      inside: 3,
      members: 3,
      outside: 2,
      others: 37,
      odds: null,
      p: 1e-6,
      q: 1e-5,
    },
    { kind: "word", term: "number", inside: 2, members: 3, outside: 9, others: 37, odds: 6.2, p: 0.01, q: 0.04 },
  ];
  const halves = (count: number, low: number, high: number) =>
    Array.from({ length: count }, (_, i) => (i % 2 ? high : low));
  return {
    clusters: [
      clusterRow(0, { eigenvalue: 0.2, enrichment }),
      clusterRow(1, {
        eigenvalue: -0.15,
        kind: "not found again",
        exclusive: null,
        survives: false,
        held_out: [-0.01, -0.05, 0.03],
      }),
      clusterRow(2, { eigenvalue: 0.1, constant_share: 0.9, survives: null, held_out: null, stability: null }),
    ],
    spectral: {
      names: ["photo", "text"],
      eigenvalues: [0.2, -0.15, 0.1],
      noise_floor: 0.02,
      unrelated: [0.24, -0.2, 0.05],
      spec_diff: 0.2,
      sentence: "photo groups 1 set.",
      provenance: "cosine kernel",
      constant_remedy: "Centre it.",
      notes: ["A note on the spectrum."],
    },
    loadings: wire("<f4", [3, N], loadings),
    member_rows: wire("<u4", [6], MEMBERS.flat()),
    histograms: wire("<f4", [3, 4, 2], halves(24, 0.25, 0.75)),
    edges: wire("<f4", [3, 2, 3], [-1, 0, 1, 0, 0.5, 1, -1, 0, 1, 0, 0.5, 1, -1, 0, 1, 0, 0.5, 1]),
    nearest: wire("<u4", [3, 4], [30, 31, 32, 33, 1, 2, NOBODY, NOBODY, 4, NOBODY, NOBODY, NOBODY]),
    cluster: 0,
  };
}

/** A scene of a spectral comparison alone. */
export function aloneState(): State {
  const none = (dtype: WireArray["dtype"]) => wire(dtype, [0, 0], []);
  return sampleState({
    k_max: 1,
    k: 1,
    scores: [],
    counts: none("|u1"),
    similarities: none("<f4"),
    curve: none("<f4"),
    null: none("<f4"),
    interval: none("<f4"),
    neighbors_x: none("<u4"),
    neighbors_y: none("<u4"),
    changed: wire("<u4", [0], []),
    ...spectralState(),
  });
}

type Heard = (...args: unknown[]) => void;

export class FakeModel {
  readonly sent: unknown[] = [];
  readonly saved: Partial<State>[] = [];
  private pending: Partial<State> = {};
  private readonly listeners = new Map<string, Set<Heard>>();

  constructor(readonly state: State = sampleState()) {}

  get model(): Model {
    return this as unknown as Model;
  }

  get<K extends keyof State>(name: K): State[K] {
    return this.state[name];
  }

  set<K extends keyof State>(name: K, value: State[K]): void {
    this.state[name] = value;
    this.pending[name] = value;
    this.emit(`change:${name}`);
  }

  save_changes(): void {
    this.saved.push(this.pending);
    this.pending = {};
  }

  send(message: unknown): void {
    this.sent.push(message);
  }

  on(name: string, heard: Heard): void {
    this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(heard));
  }

  off(name: string, heard: Heard): void {
    this.listeners.get(name)?.delete(heard);
  }

  emit(name: string, ...args: unknown[]): void {
    for (const heard of [...(this.listeners.get(name) ?? [])]) heard(...args);
  }

  /** As if Python had written a trait. */
  fromPython<K extends keyof State>(name: K, value: State[K]): void {
    this.state[name] = value;
    this.emit(`change:${name}`);
  }

  get listenerCount(): number {
    return [...this.listeners.values()].reduce((sum, all) => sum + all.size, 0);
  }
}
