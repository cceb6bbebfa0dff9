import { expect, test } from "vitest";
import { graphemes, shorten } from "../../src/page/graphemes";

const FAMILY = "👩‍👩‍👧‍👦";
const FLAG = "🇲🇱";
const ACCENTED = "e\u0301";
const TAMIL = "நி";

test.each([FAMILY, FLAG, ACCENTED, TAMIL, "👍🏽", "𝒳", "각"])("%s is cut as one letter", (letter) => {
  const text = letter.repeat(6);
  expect(graphemes(text)).toEqual(Array(6).fill(letter));
  expect(shorten(text, 6)).toBe(text);
  expect(shorten(text, 4)).toBe(`${letter.repeat(3)}…`);
  expect(shorten(text, 1)).toBe("…");
});

test("a short text is left as it is, and a cut leaves no space before the ellipsis", () => {
  expect(shorten("cat", 3)).toBe("cat");
  expect(shorten("a cat and a dog", 7)).toBe("a cat…");
});

// encodeURIComponent throws where half a character is left.
test("no cut leaves half a character", () => {
  for (let most = 1; most < 12; most++) {
    const cut = shorten(`a${FAMILY}b${FLAG}c𝒳${FAMILY}`, most);
    expect(() => encodeURIComponent(cut)).not.toThrow();
    expect(cut.replace("…", "").endsWith("\u200d")).toBe(false);
  }
});

test("of a long text only the beginning is looked at, and piled marks are cut too", () => {
  const start = performance.now();
  expect(shorten("x".repeat(10_000_000), 40)).toBe(`${"x".repeat(39)}…`);
  expect(shorten(`a${"\u0301".repeat(100_000)}`, 40).length).toBeLessThan(5000);
  expect(performance.now() - start).toBeLessThan(500);
});
