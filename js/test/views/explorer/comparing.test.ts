// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import scene from "../../../src/scenes/scene";
import type { ComparingState, PendingRow } from "../../../src/state/comparing";
import type { ScoreRow, State } from "../../../src/state/scene";
import { standing } from "../../support/alignment_model";
import { FakeModel, K_MAX, N, sampleState, wire } from "../../support/model";

let fake: FakeModel;
let life: AbortController;

const score = (measure: string): ScoreRow => ({ ...sampleState().scores[0], measure, title: `the ${measure}` });
const pending = (measure: string, row: number): PendingRow => ({
  measure,
  title: `<b>${measure}</b>`,
  row,
  leading: true,
});
const progress = (share: number, what: string, seconds_left: number | null = null) => ({
  progress: standing({ step: 1, steps: 6, seconds: 3, seconds_left, what, share }),
});

/** What is there while neighbours are searched. */
const searching = (): Partial<ComparingState> => ({
  n: 0,
  k_max: 1,
  k: 1,
  status: "fitting",
  failure: "",
  pending: [],
  scores: [],
  ...progress(0.3, "neighbours in <i>X</i>", 12),
});
const found = (): Partial<ComparingState> => ({
  n: N,
  k_max: K_MAX,
  k: 5,
  scores: [],
  pending: [pending("slow", 0), pending("nngs", 1), pending("cka", 2)],
  ...progress(0.85, "measure nngs"),
});

function open(kind = "explorer", change = searching()): HTMLElement {
  fake = new FakeModel({ ...sampleState(), ...change } as State);
  const el = document.createElement("div");
  document.body.append(el);
  scene.initialize({ model: fake.model, signal: life.signal }).mount(kind, el, { signal: life.signal });
  vi.advanceTimersByTime(100);
  return el;
}

/** As if Python had written these, in this order. */
function put(change: Partial<ComparingState>): void {
  for (const [name, value] of Object.entries(change)) fake.fromPython(name as "error", value as string);
  vi.advanceTimersByTime(100);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
  life = new AbortController();
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const text = (el: HTMLElement, part: string) => el.querySelector(part)?.textContent ?? "";
const stopOf = (el: HTMLElement) => el.querySelector(".embw-stop") as HTMLButtonElement;
const rows = (el: HTMLElement) =>
  [...el.querySelectorAll(".embw-scores tbody tr")].map((row) => [
    (row.querySelector(".embw-term-word") ?? row.querySelector("th"))?.textContent,
    row.querySelectorAll("td").length,
    row.querySelector("td")?.textContent,
  ]);

test.each(["explorer", "k_sweep", "map_pair"])("%s says how far it is, and opens when neighbours are there", (kind) => {
  const el = open(kind);
  expect(text(el, ".embw-comparing-line")).toContain(
    "30% · neighbours in <i>X</i> · 3 s so far, about 12 s to the maps",
  );
  const bar = el.querySelector('[role="progressbar"]') as HTMLElement;
  expect([bar.getAttribute("aria-valuenow"), bar.dataset.goes]).toEqual(["30", "yes"]);
  expect(el.querySelector(".embw-plot, .embw-map, i")).toBeNull();
  put(progress(0.6, "neighbours in Y", 4));
  expect(text(el, ".embw-comparing-line")).toContain("60% · neighbours in Y · 3 s so far, about 4 s to the maps");
  // Data come trait by trait: only the status says that all is there.
  put(found());
  expect(el.querySelector(".embw-plot, .embw-map")).toBeNull();
  put({ status: "scoring" });
  expect(el.querySelector(".embw-plot, .embw-map")).not.toBeNull();
  expect(el.querySelectorAll(".embw-root.embw-comparing")).toHaveLength(0);
  const line = el.querySelector<HTMLElement>(".embw-comparing-work");
  expect(line?.textContent ?? "").toBe(kind === "explorer" ? "85% · measure nngs · 3 s so farStop" : "");
  put({ k: 7 });
  const cursor = el.querySelector(".embw-handle, .embw-k input") as HTMLInputElement;
  expect(cursor.getAttribute("aria-valuenow") ?? cursor.value).toBe("7");
});

test("rows that are still to come stand where they will be, and fill in", () => {
  const el = open();
  put({ ...found(), status: "scoring" });
  expect(rows(el)).toEqual([
    ["<b>slow</b>", 2, "…"],
    ["<b>nngs</b>", 2, "…"],
    ["<b>cka</b>", 2, "…"],
  ]);
  put({ scores: [score("nngs")], pending: [pending("slow", 0), pending("cka", 2)] });
  expect(rows(el)).toEqual([
    ["<b>slow</b>", 2, "…"],
    ["the nngs", 4, "0.400"],
    ["<b>cka</b>", 2, "…"],
  ]);
  expect(el.querySelector(".embw-pending td")?.getAttribute("aria-label")).toBe("still being computed");
  expect(el.querySelector(".embw-scores b")).toBeNull();
  const [maps] = el.querySelectorAll(".embw-map");
  put({ scores: [score("slow"), score("nngs")], pending: [], sentence: "They <b>agree</b> now.", notes: ["New."] });
  expect(rows(el).map(([title]) => title)).toEqual(["the slow", "the nngs"]);
  expect([text(el, ".embw-sentence"), text(el, ".embw-notes")]).toEqual(["They <b>agree</b> now.", "New."]);
  // What was open stays open.
  expect(el.querySelector(".embw-map")).toBe(maps);
  put({ status: "done" });
  expect(el.querySelector<HTMLElement>(".embw-comparing-work")?.hidden).toBe(true);
});

test("stop is asked for once, whatever is shown, and the focus stays in the view", () => {
  const el = open();
  stopOf(el).focus();
  put({ ...found(), status: "scoring" });
  expect(document.activeElement).toBe(stopOf(el));
  expect(stopOf(el).title).toContain("after the measure under way");
  stopOf(el).click();
  stopOf(el).click();
  expect(fake.sent).toEqual([{ type: "stop_comparing" }]);
  expect([stopOf(el).textContent, stopOf(el).getAttribute("aria-disabled")]).toEqual(["Stopping…", "true"]);
  vi.advanceTimersByTime(9000);
  expect(text(el, "[role=status]")).toContain("No answer from the kernel yet");
  put({ scores: [score("nngs")], pending: [], notes: ["Left out: cka (stopped)."], status: "stopped" });
  expect(document.activeElement).toBe(el.querySelector(".embw-comparing-line"));
  expect(text(el, ".embw-notes")).toContain("stopped");
});

test("what a measure raised is said above what is there; before there is anything, alone", () => {
  const el = open();
  put({ ...found(), status: "scoring" });
  put({ pending: [], failure: "ValueError: expected <i>more</i>", status: "failed" });
  expect(text(el, ".embw-comparing-line [role=alert]")).toBe("ValueError: expected <i>more</i>");
  expect(el.querySelector(".embw-map")).not.toBeNull();
  document.body.replaceChildren();
  const early = open();
  put({ progress: standing({ stopped: true }), failure: "It was stopped: nothing to show.", status: "failed" });
  expect(text(early, "[role=alert]")).toBe("It was stopped: nothing to show.");
  expect(early.querySelector("[role=alert]")?.classList.contains("embw-failed")).toBe(false);
  expect(early.querySelector<HTMLElement>(".embw-comparing-work")?.hidden).toBe(true);
});

test("a comparison that is over, of a plain scene, has neither line nor rows to come", () => {
  const el = open("explorer", {});
  expect(el.querySelector<HTMLElement>(".embw-comparing-work")?.hidden).toBe(true);
  expect(el.querySelector(".embw-pending")).toBeNull();
  expect(rows(el)).toHaveLength(1);
});

test("the score that colours the maps stays chosen when others come to stand before it", () => {
  const values = (count: number) => wire("<f4", [count, N], new Array(count * N).fill(0.5));
  const row = (name: string) => ({ name, higher_is_similar: true, chance: null });
  const el = open("map_pair", { item_values: values(1), item_scores: [row("late")] });
  const select = el.querySelector<HTMLSelectElement>("select[aria-label='Colour by']") as HTMLSelectElement;
  select.value = "score 0";
  select.dispatchEvent(new Event("change"));
  put({ item_values: values(2), item_scores: [row("early"), row("late")] });
  expect([select.value, select.selectedOptions[0].textContent]).toEqual(["score 1", "late"]);
});
