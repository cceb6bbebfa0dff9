// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { histogramStrip, STRIP } from "../../src/controls/histogram_bar";

const heights = Float64Array.from({ length: STRIP.bins }, (_, bin) => bin);

function made() {
  const told: [number, number, boolean][] = [];
  const strip = histogramStrip(
    heights,
    () => "#000000",
    (...stretch) => told.push(stretch),
  );
  const press = (key: string, shiftKey = false) =>
    strip.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true }));
  return { strip, told, press };
}

test("a stretch is walked to, widened and selected by keys, and said with its items", () => {
  const { strip, told, press } = made();
  for (let i = 0; i < 3; i++) press("ArrowRight");
  expect(strip.getAttribute("aria-valuetext")).toBe(`bar 4 of ${STRIP.bins}: 3 items`);
  press("ArrowRight", true);
  press("ArrowRight", true);
  expect(strip.getAttribute("aria-valuetext")).toBe(`bars 4 to 6 of ${STRIP.bins}: 12 items`);
  press("Enter");
  press("Home", true);
  press("Enter", true);
  expect(told).toEqual([
    [3, 5, false],
    [0, 3, true],
  ]);
});

test("it ends where the bars end, and its frame is drawn around the stretch", () => {
  const { strip, told, press } = made();
  press("ArrowLeft");
  press(" ");
  press("End");
  press("ArrowRight");
  press(" ");
  expect(told).toEqual([
    [0, 0, false],
    [STRIP.bins - 1, STRIP.bins - 1, false],
  ]);
  const frame = strip.querySelector(".embw-histogram-stretch");
  expect(Number(frame?.getAttribute("x")) + Number(frame?.getAttribute("width"))).toBeCloseTo(STRIP.width);
});
