/** Every pair of colours that the style sheets put together, by WCAG 2.2's contrast ratio, in the pages that views live in. */
import { expect, test } from "vitest";
import { CLASS_STYLES, changeColours, classStyle, otherColour, parseHex, type Rgb } from "../../src/page/palette";

// The bundler of the tests gives style sheets out empty, so this one is read off the disk; nothing else needs Node's types.
const { readFileSync } = (await import("node:fs" as string)) as { readFileSync(file: URL, coding: "utf8"): string };
const CSS = readFileSync(new URL("../../src/page/base.css", import.meta.url), "utf8");
const [LETTERS, SHAPES] = [4.5, 3];

/** What pages set; without, the fallbacks hold. JupyterLab's own, Visual Studio Code's. */
const PAGES: Record<string, { dark: boolean; set: Record<string, string> }> = {
  "light page": { dark: false, set: {} },
  "dark page": { dark: true, set: {} },
  "JupyterLab Light": {
    dark: false,
    set: { "--jp-layout-color0": "#ffffff", "--jp-content-font-color1": "#212121", "--jp-brand-color1": "#1976d2" },
  },
  "JupyterLab Dark": {
    dark: true,
    set: { "--jp-layout-color0": "#111111", "--jp-content-font-color1": "#ffffff", "--jp-brand-color1": "#2196f3" },
  },
  "Code Dark": {
    dark: true,
    set: { "--vscode-editor-background": "#1e1e1e", "--vscode-editor-foreground": "#d4d4d4" },
  },
};

function ruleOf(selector: string): Map<string, string> {
  const body = new RegExp(`^${selector.replaceAll(".", "\\.")} \\{([^}]*)\\}`, "m").exec(CSS)?.[1] ?? "";
  return new Map([...body.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name, given]) => [name, given]));
}

/** The tokens of a page as colours. */
function tokensOf({ dark, set }: (typeof PAGES)[string]): (name: string) => Rgb {
  const rules = new Map([...ruleOf(".embw-root"), ...(dark ? ruleOf(".embw-root.embw-dark") : [])]);
  const colour = (given: string): Rgb => {
    const text = given.trim();
    if (text.startsWith("#")) return parseHex(text);
    const [, name, fallback] = /^var\((--[\w-]+)(?:, (.*))?\)$/.exec(text) ?? [];
    if (name) return colour(set[name] ?? rules.get(name) ?? fallback);
    const [, first, share, second] = /^color-mix\(in srgb, (var\(.*?\)) (\d+)%, (var\(.*?\))\)$/.exec(text) ?? [];
    if (!first) throw new Error(`expected a colour that this test can read but got ${text}`);
    const [a, b] = [colour(first), colour(second)];
    return [0, 1, 2].map((c) => b[c] + ((a[c] - b[c]) * Number(share)) / 100) as unknown as Rgb;
  };
  return (name) => colour(`var(${name})`);
}

function luminance(colour: Rgb): number {
  const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = colour.map((v) => linear(v / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test("the measure is the standard's: black on white, and a grey that just passes", () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBe(21);
  expect(contrast(parseHex("#767676"), [255, 255, 255])).toBeCloseTo(4.54, 2);
});

const GROUNDS = ["--embw-bg", "--embw-hover", "--embw-chosen"];
const WORDS = ["--embw-fg", "--embw-quiet", "--embw-link", "--embw-kept", "--embw-only-x", "--embw-only-y"];

test.each(Object.keys(PAGES))("letters are read on every ground: %s", (page) => {
  const token = tokensOf(PAGES[page]);
  const pairs = WORDS.flatMap((words) => GROUNDS.map((ground) => [words, ground] as const));
  const weak = [...pairs, ["--embw-error", "--embw-bg"] as const].filter(
    ([words, ground]) => contrast(token(words), token(ground)) < LETTERS,
  );
  expect(weak).toEqual([]);
});

test.each(Object.keys(PAGES))("edges of fields, rings of focus, points and keys are seen: %s", (page) => {
  const { dark } = PAGES[page];
  const token = tokensOf(PAGES[page]);
  const weak = ["--embw-edge", "--embw-accent"].filter((name) => contrast(token(name), token("--embw-bg")) < SHAPES);
  const classes = Array.from({ length: CLASS_STYLES + 1 }, (_, rank) => classStyle(rank, dark).colour);
  const drawn = [...classes, otherColour(dark), ...Object.values(changeColours(dark))];
  expect(weak).toEqual([]);
  expect(drawn.filter((hex) => contrast(parseHex(hex), token("--embw-bg")) < SHAPES)).toEqual([]);
});

test("what is drawn on maps and what is written beside them are of the same colours", () => {
  for (const page of ["light page", "dark page"]) {
    const token = tokensOf(PAGES[page]);
    const { kept, onlyX, onlyY } = changeColours(PAGES[page].dark);
    const written = ["--embw-kept", "--embw-only-x", "--embw-only-y"].map(token);
    expect(written).toEqual([kept, onlyX, onlyY].map(parseHex));
  }
});
