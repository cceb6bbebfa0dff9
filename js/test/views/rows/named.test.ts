// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { sharedCount, wire } from "../../support/model";
import {
  act,
  begin,
  end,
  fake,
  go,
  mount,
  name,
  named,
  open,
  panel,
  press,
  select,
  selected,
  settle,
} from "../../support/rows_page";

beforeEach(begin);
afterEach(end);

test("selections are named, joined, cut, deleted, and all of it can be undone", () => {
  const el = open();
  go(el, "Selected");
  expect(panel(el).textContent).toContain("Nothing is selected");
  expect(el.querySelector<HTMLButtonElement>('[type="submit"]')?.disabled).toBe(true);
  select(9, 3);
  name(el, "  odd \n ones ");
  select(3, 4);
  name(el, "");
  expect(named()).toEqual({ "odd ones": [3, 9], "selection 1": [3, 4] });
  act(el, "Union", "odd ones");
  expect(selected()).toEqual([3, 4, 9]);
  act(el, "Minus", "selection 1");
  expect(selected()).toEqual([9]);
  act(el, "Select", "selection 1");
  act(el, "Intersect", "odd ones");
  expect(selected()).toEqual([3]);
  act(el, "Delete", "odd ones");
  expect(Object.keys(named())).toEqual(["selection 1"]);
  const root = el.querySelector(".embw-root") as Element;
  press(root, "z", { ctrlKey: true });
  expect([Object.keys(named()), selected()]).toEqual([["odd ones", "selection 1"], [3]]);
  press(root, "z", { ctrlKey: true });
  expect(selected()).toEqual([3, 4]);
  for (let i = 0; i < 4; i++) press(root, "z", { ctrlKey: true });
  expect(named()).toEqual({ "odd ones": [3, 9] });
});

test("the same name takes the place of what had it", () => {
  const el = open();
  go(el, "Selected");
  select(1, 2);
  name(el, "mine");
  select(5);
  name(el, "mine");
  expect(named()).toEqual({ mine: [5] });
});

test("a name is text, whatever it says, and too long a one is refused", () => {
  const el = open();
  go(el, "Selected");
  select(1);
  name(el, "<img src=x onerror=alert(1)>");
  name(el, "__proto__");
  const names = [...el.querySelectorAll(".embw-named b")].map((one) => one.textContent);
  expect(names).toEqual(["<img src=x onerror=alert(1)>", "__proto__"]);
  expect(document.querySelector("img, [onerror]")).toBeNull();
  name(el, "x".repeat(81));
  expect(el.querySelectorAll(".embw-named li").length).toBe(2);
  expect(el.textContent).toContain("At most 80 letters.");
});

test("there are as many as Python takes, and then one must go first", () => {
  const el = open();
  go(el, "Selected");
  const names = Array.from({ length: 20 }, (_, i) => `s${i}`);
  fake.fromPython("selections", { ...wire("<u4", [20], [...names.keys()]), names, sizes: names.map(() => 1) });
  select(3);
  expect(el.querySelectorAll(".embw-named li").length).toBe(20);
  name(el, "one more");
  expect(Object.keys(named()).length).toBe(20);
  expect(el.textContent).toContain("20 are named: delete one first.");
});

test("each named selection has its curve: the mean over its items, at every k", () => {
  const el = open("k_sweep");
  const rows = mount("rows");
  go(rows, "Selected");
  select(3, 8, 30);
  name(rows, "<i>three</i>");
  const line = () => el.querySelector<HTMLElement>(".embw-line[data-line='named-<i>three</i>']");
  for (const k of [5, 11]) {
    fake.fromPython("k", k);
    settle();
    const mean = [3, 8, 30].reduce((sum, i) => sum + sharedCount(i, k) / k / 3, 0);
    expect(Number(line()?.querySelector(".embw-number")?.textContent)).toBeCloseTo(mean, 3);
    const kept = [3, 8, 30].reduce((sum, i) => sum + sharedCount(i, k) / 3, 0);
    expect(rows.querySelector(".embw-named-told")?.textContent).toBe(`3 items, kept ${kept.toFixed(2)} of ${k}`);
  }
  expect(line()?.textContent).toContain("<i>three</i>");
});

test("selections that Python names are shown, and can be undone here", () => {
  const el = open();
  go(el, "Selected");
  fake.fromPython("selections", { ...wire("<u4", [3], [1, 2, 7]), names: ["a", "b"], sizes: [2, 1] });
  expect([...el.querySelectorAll(".embw-named-told")].map((one) => one.textContent?.split(",")[0])).toEqual([
    "2 items",
    "1 item",
  ]);
  press(el.querySelector(".embw-root") as Element, "z", { ctrlKey: true });
  expect(named()).toEqual({});
});

test("where the focus was in what is gone it stays in the view, so that undo is heard", () => {
  const el = open();
  go(el, "Selected");
  select(1, 2);
  const root = el.querySelector(".embw-root") as Element;
  panel(el).querySelector<HTMLElement>("tbody .embw-open")?.focus();
  press(root, "Escape");
  expect([selected(), document.activeElement?.getAttribute("aria-label")]).toEqual([[], "Filter the items"]);
  press(root, "z", { ctrlKey: true });
  name(el, "a");
  const buttons = [...el.querySelectorAll<HTMLElement>(".embw-named button")];
  buttons[4].focus();
  act(el, "Delete", "a");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Name of the selection");
});
