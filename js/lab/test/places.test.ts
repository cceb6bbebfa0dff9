import { describe, expect, it } from "vitest";
import { fileName, folderOf, freeName, inside, isEmbedding, mayBeResult, relativeTo, stem } from "../places";

describe("paths of the file browser", () => {
  it.each([
    ["a/b/c.npy", "a/b", "c.npy", "c"],
    ["c.tar.npz", "", "c.tar.npz", "c.tar"],
    ["RTC:a/c.npy", "RTC:a", "c.npy", "c"],
    ["RTC:c.npy", "RTC:", "c.npy", "c"],
    ["/a/.npy", "a", ".npy", ".npy"],
  ])("%s lies in %j as %s", (path, folder, name, short) => {
    expect([folderOf(path), fileName(path), stem(path)]).toEqual([folder, name, short]);
  });
  it.each([
    ["", "x.npy", "x.npy"],
    ["a", "a/x.npy", "x.npy"],
    ["a/b", "a/c/x.npy", "../c/x.npy"],
    ["RTC:a", "RTC:a/x.npy", "x.npy"],
    ["a", "a", "../a"],
  ])("from %j to %s", (folder, path, expected) => {
    expect(relativeTo(folder, path)).toBe(expected);
  });
  it("joins a folder and a name", () => {
    expect(["", "a", "RTC:", "a/"].map((folder) => inside(folder, "x"))).toEqual(["x", "a/x", "RTC:x", "a/x"]);
  });
  it("numbers a name that is taken", () => {
    expect(freeName("a.b.npy", new Set(["a.b.npy", "a.b-1.npy"]))).toBe("a.b-2.npy");
    expect(freeName(".npy", new Set([".npy"]))).toBe(".npy-1");
  });
  it("knows embeddings and results by how they end", () => {
    expect(["a.NPY", "a.zarr", "a.csv", "npy", "a.embw"].map(isEmbedding)).toEqual([true, true, false, false, false]);
    expect(["a.embw", "a.npz", "a.npy"].map(mayBeResult)).toEqual([true, true, false]);
  });
});
