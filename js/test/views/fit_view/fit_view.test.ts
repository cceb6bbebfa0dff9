// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { historyOf } from "../../../src/controls/fitting_panel";
import fitting from "../../../src/scenes/fitting";
import type { FittingModel, FittingState } from "../../../src/state/alignment";
import type { State } from "../../../src/state/scene";
import { standing } from "../../support/alignment_model";
import { FakeModel, wire } from "../../support/model";

const NONE = Number.NaN;
let fake: FakeModel;
let life: AbortController;

const state = (change: Partial<FittingState> = {}): FittingState => ({
  names: ["x", "y"],
  title: "ContraSim of <b>x</b> and y",
  sentence: "",
  notes: [],
  status: "fitting",
  progress: standing({ step: 40, steps: 300, seconds_left: 12, what: "training step 40, loss 2.000" }),
  failure: "",
  steps: wire("<f4", [4, 2], [20, 40, 3, 2, NONE, NONE, NONE, NONE]),
  checks: wire("<f4", [2, 3], [0, 20, 40, 5, 4, 4.5]),
  best_step: 20,
  error: "",
  ...change,
});

function open(change: Partial<FittingState> = {}): HTMLElement {
  fake = new FakeModel(state(change) as unknown as State);
  const el = document.createElement("div");
  document.body.append(el);
  const model = fake as unknown as FittingModel;
  fitting.initialize({ model, signal: life.signal }).mount("fit_view", el, { signal: life.signal });
  vi.advanceTimersByTime(50);
  return el;
}

function put(change: Partial<FittingState>): void {
  for (const [name, value] of Object.entries(change)) fake.fromPython(name as "error", value as string);
  vi.advanceTimersByTime(50);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
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

test("the losses are drawn in their own unit, with the best step, and nothing of what is not there", () => {
  const el = open();
  put({ best_step: 20 });
  expect(text(el, ".embw-fitting-title")).toBe("Training ContraSim of <b>x</b> and y");
  expect(text(el, ".embw-fitting-steps")).toBe("Step 40 of 300 · about 12 s left");
  const chart = el.querySelector(".embw-history") as SVGElement;
  expect(chart.textContent).toContain("validation");
  expect(chart.textContent).toContain("loss");
  expect(chart.textContent).toContain("best: step 20");
  expect(chart.textContent).not.toContain("objective");
  expect(chart.textContent).not.toContain("keep");
  expect(el.querySelector("b")).toBeNull();
  // The validation of 5 at the start is drawn above the loss of 3: both on one axis.
  const first = (line: string) =>
    Number((chart.querySelector(`[data-line=${line}]`)?.getAttribute("d") ?? "").match(/^M\S+ (\S+?)(L|$)/)?.[1]);
  expect(first("validation")).toBeLessThan(first("loss"));
  expect(historyOf(fake as never, true).plain).toBe(true);
});

test("stop is asked for once, and what came of it is said while the curve stays", () => {
  const el = open();
  expect(el.querySelector(".embw-sentence")).toBeNull();
  stopOf(el).focus();
  stopOf(el).click();
  stopOf(el).click();
  expect(fake.sent).toEqual([{ type: "stop" }]);
  expect(document.activeElement).toBe(stopOf(el));
  put({ sentence: "Trained for 60 steps.", notes: ["It was <i>stopped</i>."], best_step: 40, status: "stopped" });
  expect(text(el, ".embw-sentence")).toBe("Trained for 60 steps.");
  expect(text(el, ".embw-notes")).toBe("It was <i>stopped</i>.");
  expect(text(el, "[role=status]")).toBe("Trained ContraSim of <b>x</b> and y.");
  expect(document.activeElement).toBe(el.querySelector(".embw-fitting"));
  expect((el.querySelector(".embw-fitting-head") as HTMLElement).hidden).toBe(true);
  expect(text(el, ".embw-history")).toContain("best: step 40");
});

test("the axes are named, steps are written one way, and the name of a curve that lags is led to", () => {
  const el = open({
    steps: wire("<f4", [4, 2], [1000, 2000, 3, 2, NONE, NONE, NONE, NONE]),
    checks: wire("<f4", [2, 2], [0, 1500, 5, 4]),
    best_step: 1500,
    progress: standing({ step: 2000, steps: 3000, seconds_left: 12 }),
  });
  put({ best_step: 1500 });
  const chart = el.querySelector(".embw-history") as SVGElement;
  const words = [...chart.querySelectorAll("text")].map((one) => one.textContent);
  for (const said of ["↑ loss", "0", "1,000", "2,000", "best: step 1,500"]) expect(words).toContain(said);
  expect(words).not.toContain("1000");
  const left = (name: string) =>
    [...chart.querySelectorAll("text")].find((one) => one.textContent === name)?.getAttribute("x");
  expect(left("validation")).toBe(left("loss"));
  expect(chart.querySelectorAll("[data-part=lead]")).toHaveLength(1);
});

test("what the training raised is said", () => {
  const el = open();
  put({ failure: "ValueError: expected <i>rows</i>", status: "failed" });
  expect(text(el, "[role=alert]")).toBe("ValueError: expected <i>rows</i>");
  expect(text(el, ".embw-fitting-title")).toBe("ContraSim of <b>x</b> and y could not be trained");
  expect(stopOf(el).getAttribute("aria-disabled")).toBe("true");
  stopOf(el).click();
  expect(fake.sent).toEqual([]);
});

test("without validation there is no best step, and a view that is closed leaves no listener behind", () => {
  const el = open({ checks: wire("<f4", [2, 0], []) });
  put({ best_step: 40 });
  expect(text(el, ".embw-history")).toContain("loss");
  expect(text(el, ".embw-history")).not.toContain("best");
  life.abort();
  expect(fake.listenerCount).toBe(0);
  expect(el.childElementCount).toBe(0);
});
