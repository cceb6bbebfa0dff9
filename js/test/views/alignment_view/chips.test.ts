// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { alignmentState, MEMBERS } from "../../support/alignment_model";
import { buttonOf, chips, freshPages, map, open, page, selected, slider } from "../../support/alignment_page";
import { wire } from "../../support/model";

freshPages();

test("a chip says what became of its group, and selects its members", () => {
  const el = open();
  const [flags, made] = chips(el);
  expect(flags.textContent).toContain("<b>flags</b>");
  expect(flags.textContent).toContain("λ −0.300 → −0.0500");
  expect(flags.dataset.outcome).toBe("closed");
  expect(made.dataset.outcome).toBe("appeared");
  expect(made.textContent).toContain("appeared · λ +0.200");
  expect(made.textContent).not.toContain("→");
  // 3 and 4 members of 12 held-out items.
  expect(flags.textContent).toContain("25% of items");
  expect(made.textContent).toContain("33% of items");
  expect(made.title).toContain("33% of them");
  flags.click();
  vi.advanceTimersByTime(300);
  expect(selected()).toEqual([...MEMBERS[0]].sort((a, b) => a - b));
  expect(page.fake.state.cluster).toBe(0);
  expect(flags.getAttribute("aria-pressed")).toBe("true");
  const strip = [...el.querySelectorAll<HTMLElement>(".embw-strip [data-row]")];
  expect(strip.map((one) => Number(one.dataset.row))).toEqual(MEMBERS[0]);
  expect(strip[0].textContent).toBe("<img src=x onerror=alert(1)>");
  expect(el.querySelectorAll("img, b b")).toHaveLength(0);
  slider(el).dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  vi.advanceTimersByTime(300);
  expect(selected()).toEqual([]);
  expect(page.fake.state.cluster).toBe(-1);
});

test("a group that is closed from within gives the focus back to its chip", () => {
  const el = open();
  const [flags, made] = chips(el);
  const press = (key: string) => {
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    vi.advanceTimersByTime(50);
  };
  flags.click();
  el.querySelector<HTMLElement>(".embw-strip [data-row]")?.focus();
  press("Escape");
  expect(document.activeElement).toBe(flags);
  made.click();
  buttonOf(el, "Close").focus();
  buttonOf(el, "Close").click();
  expect(document.activeElement).toBe(made);
  flags.click();
  slider(el).focus();
  press("Escape");
  expect(document.activeElement).toBe(slider(el));
});

test("a group stays open only as long as its members are what is selected", () => {
  const el = open();
  const [flags] = chips(el);
  flags.click();
  page.fake.fromPython({ selected: wire("<u4", [3], [8, 9, 12]) });
  expect(flags.getAttribute("aria-pressed")).toBe("true");
  page.fake.fromPython({ selected: wire("<u4", [2], [3, 9]) });
  expect(flags.getAttribute("aria-pressed")).toBe("false");
  expect((el.querySelector(".embw-strip") as HTMLElement).hidden).toBe(true);
  vi.advanceTimersByTime(300);
  expect(page.fake.state.cluster).toBe(-1);
  expect(selected()).toEqual([3, 9]);
  const summary = el.querySelector(".embw-align-summary") as HTMLElement;
  expect(summary.textContent).toContain("2 selected");
  flags.click();
  vi.advanceTimersByTime(50);
  buttonOf(el, "Clear").focus();
  buttonOf(el, "Clear").click();
  vi.advanceTimersByTime(50);
  expect(flags.getAttribute("aria-pressed")).toBe("false");
  expect(summary.textContent).toContain("20 items");
  expect(document.activeElement).toBe(map(el));
});

test("groups of the same name are told apart by their numbers", () => {
  const changes = alignmentState().changes.map((c) => ({ ...c, title: "face" }));
  expect(chips(open(alignmentState({ changes }))).map((one) => one.title.split(":")[0])).toEqual([
    "0 · face",
    "1 · face",
  ]);
});
