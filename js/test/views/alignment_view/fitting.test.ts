// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { alignmentState, fittingState, standing } from "../../support/alignment_model";
import { buttonOf, freshPages, map, open, page } from "../../support/alignment_page";
import { wire } from "../../support/model";

freshPages();

const bar = (el: HTMLElement) => el.querySelector('.embw-fitting [role="progressbar"]') as HTMLElement;

test("from the first moment its phase is named and a bar moves, until nothing is heard any more", () => {
  const el = open(fittingState());
  const steps = el.querySelector(".embw-fitting-steps");
  expect(steps?.textContent).toBe("Preparing the held-out rows");
  expect(el.querySelector('[role="status"]')?.textContent).toBe("Preparing the held-out rows.");
  expect([bar(el).hidden, bar(el).dataset.known, bar(el).dataset.goes]).toEqual([false, "no", "yes"]);
  expect(bar(el).hasAttribute("aria-valuenow")).toBe(false);
  expect(bar(el).getAttribute("aria-valuetext")).toBe("Preparing the held-out rows");
  for (const seconds of [59.9, 61, 3725]) {
    vi.advanceTimersByTime(5000);
    page.fake.fromPython({ progress: standing({ steps: 40, seconds, what: "spectrum of held-out rows" }) });
    const clock = seconds < 60 ? "59 s" : seconds < 70 ? "1 min 1 s" : "1 h 2 min";
    expect(steps?.textContent).toBe(`Spectrum of held-out rows · ${clock} so far`);
    expect(bar(el).dataset.goes).toBe("yes");
  }
  const silence = el.querySelector(".embw-silence") as HTMLElement;
  expect(silence.hidden).toBe(true);
  vi.advanceTimersByTime(7000);
  expect([bar(el).dataset.goes, silence.hidden]).toEqual(["no", false]);
  expect(silence.textContent).toContain("Nothing has been heard from Python");
  page.fake.fromPython({ progress: standing({ steps: 40, step: 1, what: "step 1 of 40" }) });
  expect([bar(el).dataset.goes, bar(el).dataset.known, silence.hidden]).toEqual(["yes", "yes", true]);
});

test("a closed form has a bar too, and its Stop says that there is nothing to keep", () => {
  const el = open(fittingState({ progress: standing({ what: "fitting the rotation" }) }));
  const stop = buttonOf(el, "Stop");
  expect([stop.textContent, stop.title]).toEqual(["Stop", "End it: there is nothing to keep before its map is there"]);
  expect([bar(el).hidden, bar(el).dataset.known]).toEqual([false, "no"]);
  page.fake.fromPython({
    progress: standing({ stopped: true }),
    failure: "The alignment was stopped before its map was there, so there is nothing to keep.",
    status: "failed",
  });
  expect(el.querySelector(".embw-fitting-title")?.textContent).toBe("Stopped");
  const said = el.querySelector('[role="alert"]') as HTMLElement;
  expect([said.hidden, said.classList.contains("embw-failed")]).toEqual([false, false]);
  expect(said.textContent).toContain("nothing to keep");
  expect([bar(el).hidden, bar(el).dataset.goes]).toEqual([true, "no"]);
});

test("while it is being fitted, steps and curves follow, and Stop is asked for once", () => {
  const el = open(fittingState());
  expect(el.textContent).toContain("Aligning photo to text");
  page.fake.fromPython({
    progress: standing({ step: 10, steps: 40, seconds: 20.4, seconds_left: 61, what: "step 10 of 40" }),
    steps: wire("<f4", [4, 2], [1, 2, 3, 2, 2, 1, 1, 1]),
    checks: wire("<f4", [2, 2], [0, 2, 3, 1]),
    best_step: 2,
  });
  vi.advanceTimersByTime(50);
  expect(el.querySelector(".embw-fitting-steps")?.textContent).toBe("Step 10 of 40 · 20 s so far, about 61 s left");
  expect(bar(el).getAttribute("aria-valuenow")).toBe("25");
  expect(el.querySelector('[role="status"]')?.textContent).toBe("Fitting: 25% of the steps.");
  const lines = [...el.querySelectorAll(".embw-history [data-line]")].map((one) => one.getAttribute("data-line"));
  expect(lines).toEqual(["keep", "objective", "loss", "validation"]);
  expect(el.querySelector(".embw-history")?.textContent).toContain("best: step 2");
  const stop = buttonOf(el, "Stop and keep the best so far");
  stop.click();
  stop.click();
  expect(page.fake.sent).toEqual([{ type: "stop" }]);
  expect(stop.getAttribute("aria-disabled")).toBe("true");
  vi.advanceTimersByTime(9000);
  expect(el.querySelector('[role="status"]')?.textContent).toContain("No answer from the kernel yet");
});

test("once there is a result it takes the place of the fitting, which is kept under a fold", () => {
  const el = open(fittingState());
  const stop = buttonOf(el, "Stop");
  stop.focus();
  stop.click();
  expect(document.activeElement).toBe(stop);
  page.fake.fromPython({ status: "scoring" });
  expect(stop.textContent).toBe("Stopping…");
  expect(document.activeElement).toBe(stop);
  const { status: _, ...result } = alignmentState({ steps: wire("<f4", [4, 2], [1, 2, 3, 2, 2, 1, 1, 1]) });
  page.fake.fromPython(result);
  expect(el.querySelector(".embw-fitting")).not.toBeNull();
  page.fake.fromPython({ status: "stopped" });
  vi.advanceTimersByTime(50);
  expect(el.querySelector(".embw-fitting")).toBeNull();
  expect(map(el).dataset.painted).toBeDefined();
  expect(document.activeElement).toBe(el.querySelector(".embw-play"));
  expect(el.querySelector("details summary")?.textContent).toContain("How it was fitted");
  expect(el.querySelectorAll(".embw-alignment")).toHaveLength(1);
});

test("what the fitting raised is said", () => {
  const el = open(fittingState());
  page.fake.fromPython({ failure: "ValueError: expected <b>more</b> rows", status: "failed" });
  vi.advanceTimersByTime(50);
  const problem = el.querySelector('[role="alert"]') as HTMLElement;
  expect(problem.hidden).toBe(false);
  expect(problem.textContent).toBe("ValueError: expected <b>more</b> rows");
  expect(buttonOf(el, "Stop").getAttribute("aria-disabled")).toBe("true");
});
