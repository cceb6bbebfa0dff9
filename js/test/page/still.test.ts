// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { hideStill } from "../../src/page/still";

const hidden = (): boolean => getComputedStyle(document.querySelector(".embw-saved-1") as Element).display === "none";

function page(around = ""): Element {
  document.body.innerHTML = `<div class="embw-saved embw-saved-1">still</div><div class="${around}"><p id="v"></p></div>`;
  return document.querySelector("#v") as Element;
}

afterEach(() => {
  document.head.replaceChildren();
});

test("a still is hidden while its view lives, and one that is renewed too", () => {
  const gone = new AbortController();
  hideStill(page(), "embw-saved-1", gone.signal);
  expect(hidden()).toBe(true);
  page();
  expect(hidden()).toBe(true);
  gone.abort();
  expect(hidden()).toBe(false);
});

test("where the output's style does it, nothing is hidden: it may be a copy's", () => {
  hideStill(page("jp-OutputArea"), "embw-saved-1", new AbortController().signal);
  expect(hidden()).toBe(false);
});

test("a view without a still, and one that is gone by then, hide nothing", () => {
  const gone = new AbortController();
  gone.abort();
  hideStill(page(), "embw-saved-1", gone.signal);
  hideStill(page(), undefined, new AbortController().signal);
  expect(document.head.children.length).toBe(0);
});
