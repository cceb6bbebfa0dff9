/** Keys that a view handles and the notebook must not see. Owns no state. */
export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.tagName === "INPUT" || target.tagName === "SELECT");

/** A slider takes few keys for itself: the view's own work on it too. */
const sliding = (target: EventTarget | null): boolean => target instanceof HTMLInputElement && target.type === "range";

/** "Ctrl+z", "Shift+ArrowUp", "a": the name under which a key is looked up. Meta counts as Ctrl. */
function keyName(event: KeyboardEvent): string {
  const ctrl = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  return ctrl + shift + event.key;
}

/** Handled keys go no further; keys typed into a field are left to it but still hidden from the notebook. */
export function onKeys(el: HTMLElement, keys: KeyMap, signal: AbortSignal): void {
  const heard = (event: KeyboardEvent) => {
    const ours = keyName(event) in keys;
    if (typing(event.target) && event.target !== el && !(ours && sliding(event.target))) {
      if (event.key !== "Escape") event.stopPropagation();
      return;
    }
    if (!ours) return;
    event.preventDefault();
    event.stopPropagation();
    keys[keyName(event)](event);
  };
  el.addEventListener("keydown", heard, { signal });
}

/** What has the focus where a node is: a host may have put it into a shadow tree. */
export function focusedIn(node: Node): HTMLElement | null {
  const { activeElement } = node.getRootNode() as Document | ShadowRoot;
  return activeElement as HTMLElement | null;
}
