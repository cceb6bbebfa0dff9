// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { Directions } from "../../../src/state/scene";
import { buttonOf, freshPages, open, page } from "../../support/gallery_page";
import { aloneState } from "../../support/model";

freshPages();

const idle: Directions = { shown: "broad", reason: "", wanted: "", share: 0, what: "" };
const withSwitch = (change: Partial<Directions> = {}) =>
  open("gallery", { ...aloneState(), directions: { ...idle, ...change } });
const node = (el: HTMLElement) => el.querySelector(".embw-directions") as HTMLElement;
const working = (el: HTMLElement) => el.querySelector(".embw-working") as HTMLElement;

test("there is no switch where Python knows of none", () => {
  expect(node(open()).hidden).toBe(true);
});

test("the other ones are asked for, and until they are there how far they are is told and can be stopped", () => {
  const el = withSwitch();
  const [close, broad] = [buttonOf(el, "Close groups"), buttonOf(el, "Broad directions")];
  expect(broad.getAttribute("aria-pressed")).toBe("true");
  broad.click();
  expect(page.fake.sent).toEqual([]);
  close.click();
  expect(page.fake.sent).toEqual([{ type: "directions", which: "close" }]);
  page.fake.fromPython("directions", { ...idle, wanted: "close", share: 0.42, what: "clusters" });
  expect([close.disabled, broad.disabled, working(el).hidden]).toEqual([true, true, false]);
  expect(working(el).textContent).toContain("42% clusters");
  buttonOf(working(el), "Stop").click();
  expect(page.fake.sent[1]).toEqual({ type: "stop" });
  page.fake.fromPython("directions", { ...idle, shown: "close" });
  expect([close.disabled, working(el).hidden, close.getAttribute("aria-pressed")]).toEqual([false, true, "true"]);
});

test("where they cannot be computed both are disabled and say why", () => {
  const el = withSwitch({ reason: "The result was loaded." });
  const both = ["Close groups", "Broad directions"].map((name) => buttonOf(el, name));
  expect(both.map((one) => [one.disabled, one.title])).toEqual(Array(2).fill([true, "The result was loaded."]));
});
