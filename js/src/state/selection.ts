/** Sets of rows and their history. The selection itself is synced (linked.ts); the history is view state. */
export function union(a: Uint32Array, b: Uint32Array): Uint32Array {
  return Uint32Array.from(new Set([...a, ...b])).sort();
}

export function toggle(rows: Uint32Array, row: number): Uint32Array {
  return rows.includes(row) ? rows.filter((r) => r !== row) : union(rows, Uint32Array.of(row));
}

export function sameRows(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((row, i) => row === b[i]);
}

export class History {
  private past: Uint32Array[] = [];

  constructor(private readonly limit = 100) {}

  remember(rows: Uint32Array): void {
    this.past.push(rows);
    if (this.past.length > this.limit) this.past.shift();
  }

  undo(): Uint32Array | undefined {
    return this.past.pop();
  }

  get length(): number {
    return this.past.length;
  }
}
