// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { alignmentState, fittingState } from "../../support/alignment_model";
import { buttonOf, freshPages, map, open, page } from "../../support/alignment_page";
import { wire } from "../../support/model";

freshPages();

test("while it is being fitted, steps and curves follow, and Stop is asked for once", () => {
  const el = open(fittingState());
  expect(el.textContent).toContain("Aligning photo to text");
  page.fake.fromPython({
    progress: { step: 10, steps: 40, seconds_left: 61, what: "step 10 of 40" },
    steps: wire("<f4", [4, 2], [1, 2, 3, 2, 2, 1, 1, 1]),
    checks: wire("<f4", [2, 2], [0, 2, 3, 1]),
    best_step: 2,
  });
  vi.advanceTimersByTime(50);
  expect(el.querySelector(".embw-fitting-steps")?.textContent).toBe("Step 10 of 40, about 61 s left");
  expect(el.querySelector("progress")?.value).toBe(10);
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
