/**
 * What other frames say of the linked state: whatever is sound is taken, and held in this frame's model as if Python had
 * said it, for that frame tells Python. Owns no state.
 */
import { Frames } from "../page/frames";
import { encodeRows } from "./arrays";
import type { Model } from "./scene";
import { encodeNamed, MOST_NAME_LETTERS, MOST_NAMED, type Named } from "./selection";

export type Shared = "k" | "hovered" | "selected" | "cluster";

interface Takes {
  value(name: Shared, value: number | Uint32Array): void;
  pinned(row: number): void;
  named(named: readonly Named[]): void;
}

export function acrossFrames(model: Model, takes: Takes, signal: AbortSignal): Frames {
  const frames = new Frames(model.get("channel"), signal);
  const number = (name: Exclude<Shared, "selected">, least: number, below: () => number) =>
    frames.share(name, (value) => {
      if (!isWhole(value, least, below())) return;
      model.set(name, value);
      takes.value(name, value);
    });
  const rows = () => model.get("n");
  number("k", 1, () => model.get("k_max") + 1);
  number("hovered", -1, rows);
  number("cluster", -1, () => groupsOf(model));
  frames.share("pinned", (row) => isWhole(row, -1, rows()) && takes.pinned(row));
  frames.share("selected", (value) => {
    if (!isRows(value, rows())) return;
    model.set("selected", encodeRows(value));
    takes.value("selected", value);
  });
  frames.share("named", (value) => {
    if (model.get("selections") === undefined || !areNamed(value, rows())) return;
    model.set("selections", encodeNamed(value));
    takes.named(value);
  });
  return frames;
}

const isWhole = (value: unknown, least: number, below: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) < below;

const isRows = (value: unknown, n: number): value is Uint32Array =>
  value instanceof Uint32Array && value.length <= n && value.every((row) => row < n);

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
