/** Light or dark, as the page is, and the letters of what is drawn in it. View state: never sent. */
import { mix, parseHex, type Rgb } from "./palette";

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

export interface Theme {
  dark: boolean;
  background: Rgb;
  text: Rgb;
}

/** What is saved to be printed or put in a text is on white, whatever the page is. */
export const PAPER: Theme = { dark: false, background: [255, 255, 255], text: [24, 24, 24] };

function parseColour(css: string): Rgb | undefined {
  if (/^#[0-9a-f]{6}$/i.test(css)) return parseHex(css);
  const parts = css.match(/[\d.]+/g)?.map(Number) ?? [];
  if (parts.length < 3 || (parts.length > 3 && parts[3] === 0)) return undefined;
  return [parts[0], parts[1], parts[2]];
}

export const luminance = ([r, g, b]: Rgb): number => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;

/** The colours that the element really has, whatever variables the page set them with. */
export function readTheme(el: Element): Theme {
  const style = getComputedStyle(el);
  const background = parseColour(style.backgroundColor) ?? [255, 255, 255];
  const dark = luminance(background) < 0.4;
  const text = parseColour(style.color) ?? (dark ? [230, 230, 230] : [30, 30, 30]);
  return { dark, background, text };
}

/** A tone between background and text; 0 is the background. */
export const tone = (theme: Theme, share: number): Rgb => mix(theme.background, theme.text, share);

/** Calls back when the page's theme changes: JupyterLab's attribute on body, a class, or the system's preference. */
export function onTheme(changed: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(changed);
  const filter = { attributes: true, attributeFilter: ["class", "style", "data-jp-theme-light", "data-jp-theme-name"] };
  observer.observe(document.body, filter);
  observer.observe(document.documentElement, filter);
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    window.matchMedia?.(query).addEventListener?.("change", changed, { signal });
  // JupyterLab swaps its style sheets after the attribute: look again when a sheet has arrived.
  document.head.addEventListener("load", changed, { capture: true, signal });
  signal.addEventListener("abort", () => observer.disconnect());
}

export const reducedMotion = (): boolean => window.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
