import { expect, test } from "vitest";
import { coresOf, fitNames, textWidth } from "../../src/chart/text_names";

const upTo = (most: number) => (text: string) => [...text].length <= most;
const fit = (names: string[], most: number) => fitNames(names, upTo(most));

test("names that fit stay as they are", () => {
  expect(fit(["a", "bb", ""], 3)).toEqual(["a", "bb", ""]);
  expect(fit([], 3)).toEqual([]);
});

test("names lose their end where that tells them apart", () => {
  expect(fit(["resnet50-imagenet", "vgg16-imagenet"], 9)).toEqual(["resnet50…", "vgg16-im…"]);
});

test("names that begin alike lose their middle", () => {
  expect(fit(["transformer-layer-01", "transformer-layer-02"], 11)).toEqual(["transfo…-01", "transfo…-02"]);
});

test("names that begin and end alike keep the words in which they differ", () => {
  const layer = (size: string, i: number) => `open/clip-${size}-patch16/encoder.layers.${i}.mlp`;
  const names = [layer("base", 0), layer("base", 1), layer("large", 0)];
  expect(fit(names, 12)).toEqual(["base…0", "base…1", "large…0"]);
  expect(fit([...names, "noise"], 12)).toEqual(["…base…0…", "…base…1…", "…large…0…", "noise"]);
});

test("names are never alike, whatever the room", () => {
  const lists = [
    Array.from({ length: 100 }, (_, i) => `model ${"x".repeat(40)}${i}${"y".repeat(40)}`),
    ["a b", "a  b", "a   b"].map((name) => name + "z".repeat(30)),
    ["long".repeat(9), `${"long".repeat(9)} `, "long…"],
  ];
  for (const names of lists) {
    for (const most of [5, 8, 13]) {
      const short = fit(names, most);
      expect(new Set(short).size).toBe(names.length);
      for (const name of short) expect([...name].length).toBeLessThanOrEqual(most);
    }
  }
});

test("no letter is torn apart", () => {
  const [short] = fit(["🎉🎉🎉🎉🎉🎉", "🎈"], 3);
  expect(short).toBe("🎉🎉…");
});

test("cores keep what differs, also where the names have different numbers of words", () => {
  expect(coresOf(["x/a.1", "x/b.1"])).toEqual(["…a…", "…b…"]);
  expect(coresOf(["x/a.1", "x/b.c.d.1"])).toEqual(["…a…", "…b.c.d…"]);
});

test("wide letters are wide", () => {
  expect(textWidth("日本", 10)).toBeGreaterThan(textWidth("il", 10) * 2);
  expect(textWidth("ab", 20)).toBe(2 * textWidth("ab", 10));
});

test("a name is never cut within a letter", () => {
  const family = "👩‍👩‍👧‍👦";
  const wide = (text: string) => [...text].length <= 12;
  for (const name of fitNames([`${family.repeat(5)}a`, `${family.repeat(5)}b`, "c"], wide)) {
    expect(name.replaceAll(family, "")).toMatch(/^[0-9 abc…]*$/);
  }
});
