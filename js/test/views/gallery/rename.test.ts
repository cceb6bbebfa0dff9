// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { buttonOf, freshPages, head, open, page, press, row, spectrum } from "../../support/gallery_page";

freshPages();

const field = (el: HTMLElement) => el.querySelector(".embw-name") as HTMLInputElement;

function edit(el: HTMLElement): HTMLInputElement {
  head(el, 1).click();
  buttonOf(row(el, 1), "Rename").click();
  return field(el);
}

test("a name is sent to Python when Enter keeps it, cut of the space around it", () => {
  const el = open();
  const input = edit(el);
  expect([input.value, input.hidden, document.activeElement]).toEqual(["group 1", false, input]);
  input.value = "  my <i>own</i> ";
  press(input, "Enter");
  expect(page.fake.sent).toEqual([{ type: "rename", cluster: 1, name: "my <i>own</i>" }]);
  expect(input.hidden).toBe(true);
});

test("Esc leaves the name as it is, and neither the pinned item nor the notebook hears of it", () => {
  const el = open();
  const outside = vi.fn();
  el.addEventListener("keydown", outside);
  const input = edit(el);
  input.value = "other";
  press(input, "x");
  press(input, "Escape");
  expect([page.fake.sent, input.hidden]).toEqual([[], true]);
  expect(outside).not.toHaveBeenCalled();
  buttonOf(row(el, 1), "Rename").click();
  expect(input.value).toBe("group 1");
  press(input, "Enter");
  expect(page.fake.sent).toEqual([]);
});

test("F2 renames the open group; no name takes the given one away", () => {
  const el = open();
  head(el, 0).click();
  page.fake.fromPython(
    "clusters",
    page.fake.state.clusters.map((one) => ({ ...one, given_name: "mine", title: "mine" })),
  );
  press(head(el, 0), "F2");
  expect(field(el).value).toBe("mine");
  field(el).value = "";
  press(field(el), "Enter");
  expect(page.fake.sent).toEqual([{ type: "rename", cluster: 0, name: "" }]);
});

test("more letters than a name may have are told of and not sent; an emoji of many parts is one", () => {
  const el = open();
  const input = edit(el);
  input.value = "👩‍👩‍👧".repeat(81);
  press(input, "Enter");
  expect(page.fake.sent).toEqual([]);
  expect(el.querySelector('[role="status"].embw-status')?.textContent).toBe(
    "A name has at most 80 letters; this one has 81.",
  );
  input.value = "👩‍👩‍👧".repeat(80);
  press(input, "Enter");
  expect(page.fake.sent.length).toBe(1);
});

test("a new name is everywhere at once, the line stays open, and nothing is built anew", () => {
  const el = open();
  buttonOf(el, "Maps").click();
  head(el, 1).click();
  vi.advanceTimersByTime(50);
  const before = [row(el, 1), row(el, 1).querySelector(".embw-card"), page.exports.listenerCount()];
  page.fake.state.spectral = { ...page.fake.state.spectral, sentence: "photo groups mine." } as never;
  page.fake.fromPython(
    "clusters",
    page.fake.state.clusters.map((one) =>
      one.index === 1 ? { ...one, given_name: "<b>mine</b>", title: "<b>mine</b>" } : one,
    ),
  );
  vi.advanceTimersByTime(50);
  expect([row(el, 1), row(el, 1).querySelector(".embw-card"), page.exports.listenerCount()]).toEqual(before);
  expect(head(el, 1).getAttribute("aria-expanded")).toBe("true");
  expect(head(el, 1).querySelector("b")?.textContent).toBe("<b>mine</b>");
  expect(row(el, 1).querySelector(".embw-card-said")?.textContent).toContain("“<b>mine</b>” is your name for it");
  expect(spectrum(el).textContent).toContain("<b>mine</b>");
  expect(el.querySelector(".embw-legend")?.textContent).toContain("loading in “<b>mine</b>”");
  expect(el.querySelector(".embw-sentence")?.textContent).toBe("photo groups mine.");
  expect(page.fake.saved.flatMap(Object.keys)).not.toContain("clusters");
});
