// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { buttonOf, freshPages, head, open, page, press, row, Sight, spectrum, strip } from "../../support/gallery_page";
import { aloneState, N, wire } from "../../support/model";

freshPages();

/** Sixteen groups, a member each. */
function sixteen() {
  const [one] = aloneState().clusters;
  const groups = Array.from({ length: 16 }, (_, index) => ({ ...one, index, title: `group ${index}`, members: 1 }));
  return {
    ...aloneState(),
    clusters: groups,
    loadings: wire("<f4", [16, N], new Array(16 * N).fill(0.1)),
    member_rows: wire(
      "<u4",
      [16],
      groups.map((_, i) => i),
    ),
    histograms: wire("<f4", [16, 4, 2], new Array(16 * 8).fill(0.5)),
    edges: wire("<f4", [16, 2, 3], new Array(16).fill([-1, 0, 1, -1, 0, 1]).flat()),
    nearest: wire("<u4", [16, 1], new Array(16).fill(30)),
  };
}

const expanded = (el: HTMLElement) =>
  [...el.querySelectorAll(".embw-cluster-head")].flatMap((one, i) =>
    one.getAttribute("aria-expanded") === "true" ? [i] : [],
  );

test("a line says what its group is called, whose it is, how large and of what kind; all are closed at first", () => {
  const el = open();
  expect(expanded(el)).toEqual([]);
  expect(head(el, 0).textContent).toBe("▲group 0by photo, not by texttight3 members");
  expect(head(el, 1).textContent).toContain("not found again2 members");
  expect(head(el, 0).getAttribute("aria-description")).toContain(
    "group 0: λ +0.200; by photo, not by text; tight; 3 members",
  );
  expect(row(el, 1).querySelector<HTMLElement>(".embw-kind")?.title).toContain("less than half of its vector is found");
  expect(row(el, 0).classList.contains("embw-current")).toBe(true);
  expect(row(el, 0).querySelector(".embw-card")).toBeNull();
});

test("bars of all lines have one scale, X to the right of zero and Y to the left", () => {
  const el = open();
  const bar = (c: number) => {
    const rect = row(el, c).querySelector('[data-part="bar"]') as Element;
    const [x, width] = ["x", "width"].map((name) => Number(rect.getAttribute(name)));
    return [x, x + width];
  };
  const zero = Number(row(el, 0).querySelector('[data-part="zero"]')?.getAttribute("x1"));
  expect(bar(0)[0]).toBeCloseTo(zero);
  expect(bar(1)[1]).toBeCloseTo(zero);
  expect(bar(1)[0]).toBeGreaterThanOrEqual(0);
  const [length, shorter] = [bar(0)[1] - zero, zero - bar(1)[0]];
  expect(shorter / length).toBeCloseTo(0.15 / 0.2);
});

test("a click opens a line and closes it again; another one closes the first; Python hears which is current", () => {
  const el = open();
  head(el, 1).click();
  expect(expanded(el)).toEqual([1]);
  expect(row(el, 1).querySelector(".embw-card-said")?.textContent).toContain("Not found again");
  head(el, 2).click();
  vi.advanceTimersByTime(200);
  expect([expanded(el), page.fake.state.cluster]).toEqual([[2], 2]);
  head(el, 2).click();
  vi.advanceTimersByTime(200);
  expect([expanded(el), page.fake.state.cluster]).toEqual([[], 2]);
  expect(row(el, 2).classList.contains("embw-current")).toBe(true);
});

test("other groups are all closed, whichever was open; one that Python makes current is open", () => {
  const el = open();
  head(el, 2).click();
  vi.advanceTimersByTime(200);
  page.fake.state.cluster = 0;
  page.fake.fromPython(
    "clusters",
    page.fake.state.clusters.map((one) => ({ ...one, eigenvalue: one.eigenvalue / 2 })),
  );
  expect(expanded(el)).toEqual([]);
  expect(row(el, 0).classList.contains("embw-current")).toBe(true);
  page.fake.fromPython("cluster", 1);
  expect(expanded(el)).toEqual([1]);
});

test("arrow keys go from line to line, the notebook hears none of them", () => {
  const el = open();
  const outside = vi.fn();
  el.addEventListener("keydown", outside);
  head(el, 0).focus();
  press(head(el, 0), "ArrowDown");
  expect(document.activeElement).toBe(head(el, 1));
  press(head(el, 1), "End");
  press(head(el, 2), "ArrowDown");
  expect(document.activeElement).toBe(head(el, 2));
  press(head(el, 2), "ArrowUp");
  press(head(el, 1), "Home");
  expect(document.activeElement).toBe(head(el, 0));
  expect(outside).not.toHaveBeenCalled();
});

test("ten lines at first, and all when they are asked for or one of the others is opened", () => {
  const el = open("gallery", sixteen());
  const lines = () => el.querySelectorAll(".embw-cluster").length;
  expect(lines()).toBe(10);
  buttonOf(el, "Show all 16").click();
  expect(lines()).toBe(16);
  expect(buttonOf(el, "Show all")).toBeUndefined();
  Sight.reveal(row(el, 15));
  expect(strip(el, 15)).toEqual([15]);
  const other = open("gallery", sixteen());
  page.fake.fromPython("cluster", 12);
  expect(other.querySelectorAll(".embw-cluster").length).toBe(16);
  expect(head(other, 12).getAttribute("aria-expanded")).toBe("true");
});

test("words stand for groups of texts: what is frequent, then the members", () => {
  const el = open();
  Sight.reveal(row(el, 0));
  const words = [...row(el, 0).querySelectorAll(".embw-word")].map((one) => one.textContent);
  expect(words.slice(0, 3)).toEqual(["<b>birds</b>", "number", "item number 3"]);
  expect(el.querySelector("b b, img")).toBeNull();
});

test("the list is made taller and shorter by its handle, and another one on the page begins as tall", () => {
  const el = open();
  const list = el.querySelector(".embw-clusters") as HTMLElement;
  Object.defineProperty(list, "scrollHeight", { value: 1000 });
  const handle = el.querySelector('[role="separator"]') as HTMLElement;
  press(handle, "ArrowDown");
  expect(list.style.height).toBe("340px");
  press(handle, "End");
  expect(list.style.height).toBe("1000px");
  handle.dispatchEvent(new MouseEvent("pointerdown", { button: 0, clientY: 10 }));
  handle.dispatchEvent(new MouseEvent("pointermove", { clientY: 60 }));
  handle.dispatchEvent(new MouseEvent("pointerup"));
  handle.dispatchEvent(new MouseEvent("pointermove", { clientY: 500 }));
  expect(list.style.height).toBe("350px");
  expect(open().querySelector<HTMLElement>(".embw-clusters")?.style.height).toBe("350px");
  handle.dispatchEvent(new MouseEvent("dblclick"));
  expect(list.style.height).toBe("");
});

test("the spectrum says titles, short enough for their places", () => {
  const state = aloneState();
  const title = "grinning face with smiling eyes and many other faces that smile";
  state.clusters = state.clusters.map((one) => ({ ...one, title: one.index ? one.title : title }));
  const el = open("gallery", state);
  const said = [...spectrum(el).querySelectorAll('[data-cluster="0"] text')].map((one) => one.textContent);
  expect(said.length).toBe(2);
  expect(said[0]?.startsWith("grinning face")).toBe(true);
  expect(said[1]?.endsWith("…")).toBe(true);
});
