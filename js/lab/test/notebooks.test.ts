import { describe, expect, it } from "vitest";
import { copyInto } from "../notebooks";
import { freeName } from "../places";

const notebook = { file: "01_compare.ipynb", title: "Compare", load: async () => ({ default: { cells: [] } }) };

function folder(...names: string[]) {
  const saved: string[] = [];
  const contents = {
    get: async () => ({ content: names.map((name) => ({ name })) }),
    save: async (path: string) => {
      saved.push(path);
      return {};
    },
  };
  return { saved, contents: contents as unknown as Parameters<typeof copyInto>[0] };
}

describe("freeName", () => {
  it("keeps the name where it is free", () => {
    expect(freeName("a.ipynb", new Set(["b.ipynb"]))).toBe("a.ipynb");
  });
  it("takes the first number that is free", () => {
    expect(freeName("a.ipynb", new Set(["a.ipynb", "a-1.ipynb", "a-3.ipynb"]))).toBe("a-2.ipynb");
  });
});

describe("copyInto", () => {
  it.each([
    ["", "01_compare.ipynb"],
    ["my work", "my work/01_compare.ipynb"],
    ["drive:", "drive:01_compare.ipynb"],
  ])("writes into %j", async (where, path) => {
    const { saved, contents } = folder();
    expect(await copyInto(contents, where, notebook)).toBe(path);
    expect(saved).toEqual([path]);
  });
  it("writes beside what is there", async () => {
    const { saved, contents } = folder("01_compare.ipynb");
    await copyInto(contents, "", notebook);
    expect(saved).toEqual(["01_compare-1.ipynb"]);
  });
});
