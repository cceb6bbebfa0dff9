/** What a reader of this browser chose before. View state: kept in the browser's own store, where there is one. */

const PREFIX = "embwidget:";

/** Undefined where nothing was kept, or nothing can be: a sandboxed page has no store. */
export function remembered(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // It lasts as long as the page.
  }
}
