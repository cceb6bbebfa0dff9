import { describe, expect, it } from "vitest";
import { isIdentifier, markdownText, pythonString } from "../python_source";

const NAMES = [
  "old.npy",
  'a"b\'c\\d\\n"""',
  "line\nreturn\rtab\tnull\0bell\x07delete\x7f",
  "\u2028\u2029\u0085\ufeff",
  "\u202etxt.gpj\u2066",
  "😀 👩‍👩‍👧 𝔘𝔫𝔦 é e\u0301",
  "{x} %s $(rm) #",
  `${String.fromCharCode(0xd800)} half`,
];

describe("pythonString", () => {
  it("is read back letter by letter: what it escapes, JSON escapes alike, but for letters beyond four digits", () => {
    for (const name of NAMES) {
      const asJson = pythonString(name).replace(/\\U([0-9a-f]{8})/g, (_, code) =>
        String.fromCodePoint(Number.parseInt(code, 16)),
      );
      expect(JSON.parse(asJson)).toBe(name);
    }
    expect(pythonString("\u{e0041}")).toBe('"\\U000e0041"');
  });
  it("hides nothing in the source: one line, no control, format or private letters", () => {
    for (const name of NAMES) expect(pythonString(name)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });
});

describe("markdownText", () => {
  it("leaves no mark and no line", () => {
    expect(markdownText("a *b* <img src=x>\n# [c](d)")).toBe("a \\*b\\* \\<img src\\=x\\> \\# \\[c\\]\\(d\\)");
  });
});

describe("isIdentifier", () => {
  it.each([
    ["clip_2", true],
    ["_x", true],
    ["größe", true],
    ["2x", false],
    ["a.b", false],
    ["a b", false],
    ["ﬁ", false],
    ["", false],
  ])("%j: %s", (name, expected) => {
    expect(isIdentifier(name)).toBe(expected);
  });
});
