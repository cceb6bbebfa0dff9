// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { decode } from "../../../src/state/arrays";
import { aloneState, N, sharedCount, wire } from "../../support/model";
import {
  begin,
  cell,
  end,
  fake,
  go,
  mount,
  numbers,
  open,
  panel,
  press,
  select,
  selected,
  settle,
  tab,
} from "../../support/rows_page";

beforeEach(begin);
afterEach(end);

test("the tabs are one stop for Tab; arrows, Home and End go from one to the next, and round", () => {
  const el = open();
  const names = () => [...el.querySelectorAll<HTMLElement>('[role="tab"]')].map((one) => one.textContent);
  expect(names()).toEqual(["Most changed", "Classes", "Selected"]);
  const stops = () =>
    [...el.querySelectorAll<HTMLElement>('[role="tab"]')].map((one) => [
      one.tabIndex,
      one.ariaSelected ?? one.getAttribute("aria-selected"),
    ]);
  expect(stops()).toEqual([
    [0, "true"],
    [-1, "false"],
    [-1, "false"],
  ]);
  press(tab(el, "Most changed"), "ArrowRight");
  expect(stops()[1]).toEqual([0, "true"]);
  expect(panel(el).getAttribute("aria-labelledby")).toBe(tab(el, "Classes").id);
  press(tab(el, "Classes"), "End");
  press(tab(el, "Selected"), "ArrowRight");
  expect(stops()[0]).toEqual([0, "true"]);
  expect(el.querySelectorAll('[role="tabpanel"]:not([hidden])').length).toBe(1);
});

test("the most changed follow the selection, and say how many of how many", () => {
  const el = open();
  expect(numbers(el).slice(0, 3)).toEqual([17, 4, 30]);
  expect(panel(el).textContent).toContain("40 of 40 items, most changed first");
  select(30, 5, 17);
  expect(numbers(el)).toEqual([17, 30, 5]);
  expect(panel(el).textContent).toContain("3 of 3 selected, most changed first");
  expect(cell(el, 30, "rank")).toBe("3");
  select();
  expect(numbers(el).length).toBe(N);
});

test("each row has its label and how many neighbours it keeps, at the cursor", () => {
  const el = open();
  expect([cell(el, 17, "label"), cell(el, 17, "kept")]).toEqual(["dogs", `${sharedCount(17, 5)} of 5`]);
  fake.fromPython("k", 9);
  settle();
  for (const row of [17, 4, 12]) expect(cell(el, row, "kept")).toBe(`${sharedCount(row, 9)} of 9`);
});

test("columns sort, again the other way; the head says which", () => {
  const el = open();
  const head = (of: string) => panel(el).querySelector<HTMLElement>(`thead [data-stop="${of}"]`) as HTMLElement;
  head("kept").click();
  const kept = () => numbers(el).map((row) => sharedCount(row, 5));
  expect(kept()).toEqual([...kept()].sort((a, b) => a - b));
  head("kept").click();
  expect(kept()).toEqual([...kept()].sort((a, b) => b - a));
  expect(head("kept").closest("th")?.getAttribute("aria-sort")).toBe("descending");
  expect(head("rank").closest("th")?.getAttribute("aria-sort")).toBe("none");
  // At another k the order is another.
  fake.fromPython("k", 12);
  settle();
  const at12 = numbers(el).map((row) => sharedCount(row, 12));
  expect(at12).toEqual([...at12].sort((a, b) => b - a));
});

test("the filter looks at all items, and at labels; what is found is counted", () => {
  const el = open();
  const filter = panel(el).querySelector('input[type="search"]') as HTMLInputElement;
  filter.value = "birds";
  filter.dispatchEvent(new Event("input"));
  settle();
  expect(numbers(el).sort((a, b) => a - b)).toEqual([7, 14, 21, 28, 35]);
  expect(panel(el).textContent).toContain("5 of 5 items that match");
  filter.value = "nowhere";
  filter.dispatchEvent(new Event("input"));
  settle();
  expect(panel(el).textContent).toContain("No item matches the filter.");
});

test("the items are one stop for Tab, walked with arrows; a click keeps one in view of all", () => {
  const el = open();
  const buttons = () => [...panel(el).querySelectorAll<HTMLElement>("tbody .embw-open")];
  expect(buttons().filter((one) => one.tabIndex === 0).length).toBe(1);
  buttons()[0].focus();
  press(buttons()[0], "ArrowDown");
  expect(document.activeElement).toBe(buttons()[1]);
  expect(buttons().filter((one) => one.tabIndex === 0)).toEqual([buttons()[1]]);
  press(buttons()[1], "End");
  expect(document.activeElement).toBe(buttons()[N - 1]);
  buttons()[2].click();
  expect(buttons()[2].getAttribute("aria-current")).toBe("true");
  expect(buttons()[2].closest("tr")?.classList.contains("embw-current")).toBe(true);
});

test("a click on a class selects its items, with Shift it adds them; pointing at it dims the others in the maps", () => {
  const el = open();
  const maps = mount("map_pair");
  go(el, "Classes");
  const of = (code: number) => panel(el).querySelector<HTMLElement>(`tr[data-code="${code}"] button`) as HTMLElement;
  expect(of(2).textContent).toBe("<b>birds</b>");
  of(2).dispatchEvent(new Event("pointerover", { bubbles: true }));
  settle();
  expect(maps.querySelector<HTMLElement>(".embw-map")?.dataset.pointed).toBe("2");
  of(2).click();
  expect(selected()).toEqual([7, 14, 21, 28, 35]);
  of(0).dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: true }));
  expect(selected().length).toBe(5 + rowsOfCats());
  expect(tab(el, "Selected").textContent).toMatch(/^Selected/);
  settle();
  expect(tab(el, "Selected").textContent).toBe(`Selected (${selected().length})`);
});

const rowsOfCats = () => [...decode(fake.state.label_codes)].filter((code) => code === 0).length;

test("without intervals Python is asked for them once, and they are shown when they come", () => {
  const el = open();
  go(el, "Classes");
  go(el, "Selected");
  go(el, "Classes");
  expect(fake.sent).toEqual([{ type: "class_interval" }]);
  expect(panel(el).textContent).not.toContain("below");
  const ends = [0, 1, -0.3, -0.1].flatMap((end) => new Array(3 * 12).fill(end));
  fake.fromPython("class_interval", wire("<f4", [4, 3, 12], ends));
  expect([...panel(el).querySelectorAll(".embw-mark")].map((one) => one.textContent)).toEqual([
    "▼ below",
    "▼ below",
    "▼ below",
  ]);
  expect(panel(el).textContent).toContain("−1.50 to −0.50");
});

test("of clusters alone there are classes and what is selected, without numbers of neighbours", () => {
  const el = open("rows", aloneState());
  expect([...el.querySelectorAll('[role="tab"]')].map((one) => one.textContent)).toEqual(["Classes", "Selected"]);
  expect([...panel(el).querySelectorAll("th")].map((one) => one.textContent)).toEqual(["class", "n"]);
  select(4, 17);
  go(el, "Selected");
  expect([...panel(el).querySelectorAll("thead th")].map((one) => one.textContent)).toEqual(["item", "label"]);
  expect(panel(el).textContent).toContain("<img src=x onerror=alert(1)>");
});

test("below maps that stand alone the lists are folded, and mounted when they are opened", () => {
  const el = open("map_pair");
  const fold = el.querySelector("details") as HTMLDetailsElement;
  expect([fold.open, fold.querySelector("summary")?.textContent]).toEqual([false, "Most changed · Classes · Selected"]);
  expect(fold.querySelector('[role="tab"]')).toBeNull();
  fold.open = true;
  fold.dispatchEvent(new Event("toggle"));
  expect(fold.querySelectorAll('[role="tab"]').length).toBe(3);
});
