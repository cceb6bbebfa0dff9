/** Which folder may know which, how large folders and files are, and that every file says whose state it keeps. */
import { expect, test } from "vitest";
import { FILES, folderOf, IMPORTS, importsOf, SOURCES } from "./support/sources";

/** From the ground up: a folder knows those below it; those in one line do not know each other. */
const FLOORS = [
  ["page"],
  ["chart", "state", "meters"],
  ["controls"],
  ["map", "opening", "report"],
  ["views"],
  ["scenes", "view.ts", "css.d.ts"],
];
const MOST_FILES = 20;
const MOST_LINES = 300;

const roomOf = (file: string) => file.split("/")[1];
const floorOf = (file: string) => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));
const ts = (file: string) => file.endsWith(".ts");

/** What the first comment says, on one line. */
function firstComment(text: string): string {
  const [, said = ""] = /^\s*\/\*\*([\s\S]*?)\*\//.exec(text) ?? [];
  return said.replaceAll(/\s*\n \* ?/g, " ");
}

test("every folder has its floor, and knows only what is below", () => {
  const wrong = IMPORTS.filter(({ from, to }) => {
    if (!from.startsWith("src/") || folderOf(from) === folderOf(to)) return false;
    return !(floorOf(to) < floorOf(from));
  });
  expect(SOURCES.filter((file) => floorOf(file) < 0)).toEqual([]);
  expect(wrong.map(({ from, to }) => `${from} knows ${to}`)).toEqual([]);
});

test("within a folder nothing goes round in a circle", () => {
  const left = new Map(SOURCES.filter(ts).map((file) => [file, new Set<string>()]));
  for (const { from, to } of IMPORTS) if (folderOf(from) === folderOf(to)) left.get(from)?.add(to);
  const free = () => [...left].filter(([, known]) => [...known].every((file) => !left.has(file)));
  for (let some = free(); some.length > 0; some = free()) for (const [file] of some) left.delete(file);
  expect([...left.keys()]).toEqual([]);
});

test("no import is overlooked, and each is of a file that is there", () => {
  const written = (text: string) => text.match(/^(?:import|export)\b[^;("']*["']\.[^;]*;/gm)?.length ?? 0;
  const partly = [...FILES].filter(([file, text]) => importsOf(file, text).length !== written(text));
  expect(partly.map(([file]) => file)).toEqual([]);
  // The bundler gives a file all files but itself.
  const there = (file: string) => FILES.has(file) || file === "test/support/sources.ts";
  expect(IMPORTS.filter(({ to }) => !there(to)).map(({ from, to }) => `${from} knows ${to}`)).toEqual([]);
  expect(IMPORTS.length).toBeGreaterThan(300);
});

test("no folder is wide", () => {
  const wide = new Map<string, number>();
  for (const file of FILES.keys()) if (ts(file)) wide.set(folderOf(file), (wide.get(folderOf(file)) ?? 0) + 1);
  expect([...wide].filter(([, files]) => files > MOST_FILES)).toEqual([]);
});

test("no file is long without a reason in its first comment", () => {
  const long = [...FILES].filter(([, text]) => text.split("\n").length > MOST_LINES);
  expect(long.filter(([, text]) => !firstComment(text).includes("Long: ")).map(([file]) => file)).toEqual([]);
});

test("every source says first what it is and whose state it keeps", () => {
  const said = /\bsynced\b|view state|owns no state|written by python only/i;
  const silent = SOURCES.filter((file) => ts(file) && !said.test(firstComment(FILES.get(file) ?? "")));
  expect(silent).toEqual([]);
});

test("the focus is asked of the tree that a view stands in, which may be a shadow tree", () => {
  const asks = [...FILES].filter(([, text]) => /\bdocument\.activeElement\b/.test(text)).map(([file]) => file);
  expect(asks.filter((file) => file.startsWith("src/"))).toEqual([]);
});
