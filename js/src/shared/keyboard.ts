/** Keys that a view handles and the notebook must not see. Owns no state. */
export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.tagName === "INPUT" || target.tagName === "SELECT");

/** "Ctrl+z", "Shift+ArrowUp", "a": the name under which a key is looked up. Meta counts as Ctrl. */
export function keyName(event: KeyboardEvent): string {
  const ctrl = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  return ctrl + shift + event.key;
}

/** Handled keys go no further; keys typed into a field are left to it but still hidden from the notebook. */
export function onKeys(el: HTMLElement, keys: KeyMap, signal: AbortSignal): void {
  const heard = (event: KeyboardEvent) => {
    if (typing(event.target) && event.target !== el) {
      if (event.key !== "Escape") event.stopPropagation();
      return;
    }
    const act = keys[keyName(event)];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act(event);
  };
  el.addEventListener("keydown", heard, { signal });
}
