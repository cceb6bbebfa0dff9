import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { whenRested } from "../../src/page/dom";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is asked for again and again is done when that rests, and now and then while it does not", () => {
  const life = new AbortController();
  const work = vi.fn();
  const ask = whenRested(work, life.signal);
  ask();
  vi.advanceTimersByTime(20);
  ask();
  vi.advanceTimersByTime(20);
  expect(work).toHaveBeenCalledTimes(0);
  vi.advanceTimersByTime(20);
  expect(work).toHaveBeenCalledTimes(1);
  for (let t = 0; t < 600; t += 16) {
    ask();
    vi.advanceTimersByTime(16);
  }
  expect(work.mock.calls.length).toBeGreaterThanOrEqual(4);
  expect(work.mock.calls.length).toBeLessThanOrEqual(6);
  ask();
  life.abort();
  ask();
  vi.advanceTimersByTime(500);
  expect(work.mock.calls.length).toBeLessThanOrEqual(6);
});
