// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { skipLinks } from "../../src/controls/skip_links";
import { h } from "../../src/page/dom";

let life: AbortController;
beforeEach(() => {
  life = new AbortController();
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
});

function open() {
  const list = h("div", {}, h("button", { tabindex: -1 }, "one"), h("button", { tabindex: 0 }, "two"));
  const folded = h("details", {}, h("summary", {}, "more"), h("details", {}, h("summary", {}, "most"), h("input")));
  const root = h("section", {}, h("p", {}, "words"), list, folded);
  document.body.append(root);
  return { list, folded, root, skip: skipLinks(root, life.signal) };
}
const focused = () => document.activeElement as HTMLElement;

test("they stand first, and lead to where Tab would come", () => {
  const { list, root, skip } = open();
  skip("the list", list);
  const [link] = root.querySelectorAll("button");
  expect(root.firstElementChild?.contains(link)).toBe(true);
  expect(link.textContent).toBe("Skip to the list");
  link.click();
  expect(focused().textContent).toBe("two");
});

test("what is folded away is unfolded for it, however deep", () => {
  const { folded, root, skip } = open();
  skip("the field", folded, "input");
  root.querySelector("button")?.click();
  expect([...root.querySelectorAll("details")].map((one) => one.open)).toEqual([true, true]);
  expect(focused().localName).toBe("input");
});

test("where there is nothing to come to, it stays where it is", () => {
  const { list, root, skip } = open();
  skip("nothing", list, "select");
  const [link] = root.querySelectorAll("button");
  link.focus();
  link.click();
  expect(focused()).toBe(link);
});
