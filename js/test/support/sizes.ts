import { vi } from "vitest";

/** Every element is this wide and high, and says so at once: in this DOM none has a size of its own. */
export function giveSizes(width = 400, height = 300): void {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(width);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(height);
  const heard = class {
    constructor(readonly resized: () => void) {}
    observe = () => this.resized();
    disconnect = () => undefined;
  };
  vi.stubGlobal("ResizeObserver", heard);
}
