/**
 * What other frames, and linked scenes, say of the linked state: whatever is sound is taken. Owns no state.
 */
import { Frames, isRows } from "../page/frames";
import { encodeRows } from "./arrays";
import type { Model } from "./scene";
import { encodeNamed, MOST_NAME_LETTERS, MOST_NAMED, type Named } from "./selection";

export type Shared = "k" | "hovered" | "selected" | "cluster";

interface Takes {
  value(name: Shared, value: number | Uint32Array): void;
  /** Python is to hear of it. */
  tell(name: Shared): void;
  pinned(row: number): void;
  named(named: readonly Named[]): void;
}

/** What another frame of the scene says it has told Python; what another scene's says, this one has to tell. */
export function acrossFrames(model: Model, takes: Takes, signal: AbortSignal): Frames {
  const frames = new Frames(model.get("channel"), signal);
  const take = (name: Shared) => (value: number | Uint32Array, same: boolean) => {
    if (same) model.set(name, value instanceof Uint32Array ? encodeRows(value) : value);
    takes.value(name, value);
    if (!same) takes.tell(name);
  };
  const rows = () => model.get("n");
  frames.shareWhole("k", 1, () => model.get("k_max") + 1, take("k"));
  frames.shareWhole("hovered", -1, rows, take("hovered"));
  frames.shareWhole("pinned", -1, rows, (row) => takes.pinned(row));
  frames.shareWhole("cluster", -1, () => groupsOf(model), take("cluster"));
  frames.shareRows("selected", rows, take("selected"));
  frames.share("named", (value, same) => {
    if (!same || model.get("selections") === undefined || !areNamed(value, rows())) return;
    model.set("selections", encodeNamed(value));
    takes.named(value);
  });
  frames.link(model.get("shares") ?? []);
  return frames;
}

const isName = (name: unknown): boolean => typeof name === "string" && [...name].length <= MOST_NAME_LETTERS;

const isNamed = (value: Partial<Named> | null, n: number): boolean =>
  typeof value === "object" && value !== null && isName(value.name) && isRows(value.rows, n);

const areNamed = (value: unknown, n: number): value is readonly Named[] =>
  Array.isArray(value) && value.length <= MOST_NAMED && value.every((one) => isNamed(one, n));

/** An alignment lists its groups as what became of them. */
function groupsOf(model: Model): number {
  const alignment = model as unknown as { get(name: "changes"): unknown[] | undefined };
  return (model.get("clusters") ?? alignment.get("changes") ?? []).length;
}
