/** What is exported is used by another file: the rest is nobody else's business. */
import { expect, test } from "vitest";
import { FILES, IMPORTS, SOURCES } from "./support/sources";

const EXPORT = /^export (?:async )?(?:function|const|let|class|interface|type) (\w+)/gm;

test("every export is imported somewhere", () => {
  const used = new Set(IMPORTS.flatMap(({ to, names }) => names.map((name) => `${to} ${name}`)));
  const made = SOURCES.flatMap((file) =>
    [...(FILES.get(file) ?? "").matchAll(EXPORT)].map(([, name]) => `${file} ${name}`),
  );
  expect(made.length).toBeGreaterThan(200);
  expect(made.filter((one) => !used.has(one))).toEqual([]);
});
