/** Sets of rows and their history. The selections themselves are synced (linked.ts); the history is view state. */
import { decode } from "./arrays";
import type { NamedRows } from "./scene";

export function union(a: Uint32Array, b: Uint32Array): Uint32Array {
  return Uint32Array.from(new Set([...a, ...b])).sort();
}

export function minus(a: Uint32Array, b: Uint32Array): Uint32Array {
  const gone = new Set(b);
  return a.filter((row) => !gone.has(row));
}

export function intersection(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Set(b);
  return a.filter((row) => both.has(row));
}

export function toggle(rows: Uint32Array, row: number): Uint32Array {
  return rows.includes(row) ? rows.filter((r) => r !== row) : union(rows, Uint32Array.of(row));
}

export function sameRows(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((row, i) => row === b[i]);
}

/** What can be undone: the selection, and those that have a name. */
interface Past {
  selected: Uint32Array;
  named: readonly Named[];
}

export class History {
  private past: Past[] = [];

  constructor(private readonly limit = 100) {}

  remember(past: Past): void {
    this.past.push(past);
    if (this.past.length > this.limit) this.past.shift();
  }

  undo(): Past | undefined {
    return this.past.pop();
  }

  get length(): number {
    return this.past.length;
  }
}

export interface Named {
  name: string;
  rows: Uint32Array;
}

/** As Python has them. */
export const MOST_NAMED = 20;
export const MOST_NAME_LETTERS = 80;

export function readNamed(wire: NamedRows | undefined): Named[] {
  if (!wire?.names) return [];
  const rows = Uint32Array.from(decode(wire));
  let from = 0;
  return wire.names.map((name, i) => {
    const own = rows.subarray(from, from + wire.sizes[i]);
    from += wire.sizes[i];
    return { name, rows: own };
  });
}

export function encodeNamed(named: readonly Named[]): NamedRows {
  const rows = Uint32Array.from(named.flatMap((one) => [...one.rows]));
  return {
    dtype: "<u4",
    shape: [rows.length],
    data: new DataView(rows.buffer),
    names: named.map((one) => one.name),
    sizes: named.map((one) => one.rows.length),
  };
}

export function sameNamed(a: readonly Named[], b: readonly Named[]): boolean {
  const alike = (one: Named, other: Named) =>
    one.name === other.name && one.rows.length === other.rows.length && one.rows.every((r, i) => r === other.rows[i]);
  return a.length === b.length && a.every((one, i) => alike(one, b[i]));
}

/** A name in one line; empty where nothing of it can be read. */
export const cleanName = (text: string): string => text.split(/\s+/).filter(Boolean).join(" ");

/** With the rows under this name: in the place of what had it, else last. */
export function withNamed(named: readonly Named[], name: string, rows: Uint32Array): Named[] {
  const own = { name, rows: rows.slice().sort() };
  return named.some((one) => one.name === name) ? named.map((one) => (one.name === name ? own : one)) : [...named, own];
}

/** The first "selection 1", "selection 2" … that is free. */
export function freeName(named: readonly Named[]): string {
  const taken = new Set(named.map((one) => one.name));
  let number = 1;
  while (taken.has(`selection ${number}`)) number++;
  return `selection ${number}`;
}
