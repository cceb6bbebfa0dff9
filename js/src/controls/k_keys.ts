/** The keys that move k, wherever it has the focus. Owns no state: k is synced (state/linked.ts). */
import { onKeys } from "../page/keyboard";
import type { Linked } from "../state/linked";

export function kKeys(on: Element, linked: Linked, kMax: number, signal: AbortSignal): void {
  const by = (step: number) => () => linked.stepK(step);
  const to = (k: number) => () => linked.setK(k);
  const steps = { ArrowLeft: by(-1), ArrowDown: by(-1), ArrowRight: by(1), ArrowUp: by(1) };
  const keys = { ...steps, PageDown: by(-10), PageUp: by(10), Home: to(1), End: to(kMax) };
  onKeys(on as HTMLElement, keys, signal);
}
