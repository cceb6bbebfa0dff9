// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ScoreRow } from "../../../src/state/scene";
import { ScoreTable } from "../../../src/views/explorer/score_table";
import { sampleState } from "../../support/model";

let life: AbortController;
let table: ScoreTable;

const score = (measure: string, leading: boolean): ScoreRow => ({
  ...sampleState().scores[0],
  measure,
  title: `the ${measure}`,
  leading,
});
const SCORES = [score("mutual_knn", true), score("nngs", true), score("rsa", false), score("<b>mine</b>", true)];

beforeEach(() => {
  life = new AbortController();
  table = new ScoreTable(document.createElement("button"), life.signal);
  document.body.append(table.node);
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
});

const measures = () => [...table.node.querySelectorAll<HTMLElement>("tbody tr")].map((row) => row.dataset.measure);
const head = () =>
  [...table.node.querySelectorAll("thead th")].map((th) => th.querySelector(".embw-term-word")?.textContent ?? "");
const button = (name: RegExp) =>
  [...table.node.querySelectorAll<HTMLElement>(".embw-choice button")].find((b) => name.test(b.textContent ?? ""));

test("leading measures first, all on demand, z and p on demand; both stay when others come", () => {
  table.show(SCORES.slice(0, 3), [{ measure: "cka", title: "CKA", row: 2, leading: false }]);
  expect(measures()).toEqual(["mutual_knn", "nngs"]);
  expect(head()).toEqual(["", "value", "chance", "calibrated", "interval"]);
  button(/^All 4 measures/)?.click();
  expect(measures()).toEqual(["mutual_knn", "nngs", "cka", "rsa"]);
  button(/z and p/)?.click();
  expect(head()).toEqual(["", "value", "chance", "calibrated", "z", "p", "interval"]);
  table.show(SCORES, []);
  expect([measures().length, head().length]).toEqual([4, 7]);
  button(/^Leading measures/)?.click();
  expect(measures()).toEqual(["mutual_knn", "nngs", "<b>mine</b>"]);
  expect(table.node.querySelector("b")).toBeNull();
});

test("few measures need no button, and those of ours say what they see and what not", () => {
  table.show([SCORES[0], SCORES[3]], []);
  expect(button(/measures/)?.hidden).toBe(true);
  const notes = [...table.node.querySelectorAll("tbody [role=note]")].map((one) => one.textContent);
  expect(notes).toEqual([expect.stringMatching(/Sees who is near; not/)]);
});

test("the marks are one Tab stop", async () => {
  table.show(SCORES, []);
  await Promise.resolve();
  const stops = [...table.node.querySelectorAll<HTMLElement>(".embw-term-mark")].map((one) => one.tabIndex);
  expect(stops.length).toBeGreaterThan(4);
  expect(stops.filter((index) => index === 0)).toHaveLength(1);
});
