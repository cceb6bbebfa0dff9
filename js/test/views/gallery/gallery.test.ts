// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { decode } from "../../../src/state/arrays";
import {
  buttonOf,
  freshPages,
  head,
  open,
  PICTURES,
  page,
  press,
  row,
  Sight,
  shown,
  spectrum,
  strip,
} from "../../support/gallery_page";
import { aloneState, MEMBERS, sampleState, spectralState } from "../../support/model";

freshPages();

test("the spectrum is a list of clusters that says of each what a mouse would show", () => {
  const el = open();
  expect(spectrum(el).getAttribute("role")).toBe("listbox");
  const options = [...spectrum(el).querySelectorAll('[role="option"]')];
  expect(options.map((o) => o.getAttribute("aria-selected"))).toEqual(["true", "false", "false"]);
  expect(options.map((o) => o.getAttribute("data-style"))).toEqual(["solid", "grey", "empty"]);
  expect(options[1].getAttribute("aria-label")).toContain("more by text than by photo; not found again");
  expect(options[1].getAttribute("aria-label")).toContain("its held-out interval reaches 0");
  expect(spectrum(el).textContent).toContain("group 1");
  expect(spectrum(el).getAttribute("aria-activedescendant")).toBe(options[0].id);
  expect(spectrum(el).querySelectorAll('[data-part="floor"]').length).toBe(1);
  expect(spectrum(el).querySelectorAll('[data-part="unrelated"]').length).toBe(3);
  expect(spectrum(el).querySelectorAll('[data-part="held-out"]').length).toBe(2);
});

test("arrow keys open clusters, Python hears where they come to rest, and the notebook hears no key", () => {
  const el = open();
  const outside = vi.fn();
  el.addEventListener("keydown", outside);
  expect(press(spectrum(el), "ArrowRight").defaultPrevented).toBe(true);
  press(spectrum(el), "End");
  press(spectrum(el), "ArrowDown");
  expect(page.fake.state.cluster).toBe(2);
  expect(head(el, 2).getAttribute("aria-expanded")).toBe("true");
  expect(outside).not.toHaveBeenCalled();
  press(spectrum(el), "Home");
  press(spectrum(el), "Enter");
  expect([...decode(page.fake.state.selected)]).toEqual([...MEMBERS[0]]);
});

test("a cluster set in Python opens, and is not sent back", () => {
  const el = open();
  page.fake.fromPython("cluster", 1);
  vi.advanceTimersByTime(300);
  expect(spectrum(el).querySelector('[aria-selected="true"]')?.getAttribute("data-cluster")).toBe("1");
  expect(row(el, 1).classList.contains("embw-open-cluster")).toBe(true);
  expect(page.fake.saved).toEqual([]);
});

test("a click on a bar or a row opens it, the button selects its members in their order", () => {
  const el = open();
  spectrum(el)
    .querySelector('[data-cluster="1"]')
    ?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  vi.advanceTimersByTime(200);
  expect(page.fake.state.cluster).toBe(1);
  head(el, 0).click();
  vi.advanceTimersByTime(200);
  expect(page.fake.state.cluster).toBe(0);
  buttonOf(row(el, 0), "Select 3 members").click();
  expect([...decode(page.fake.state.selected)]).toEqual([...MEMBERS[0]]);
});

test("lines show as many of the leading members as there is room for, once they come into sight", () => {
  const members = new Uint32Array(30).map((_, i) => i);
  const [first, ...rest] = aloneState().clusters;
  const state = { ...aloneState(), clusters: [{ ...first, members: 30 }, ...rest], tiles: PICTURES };
  state.member_rows = { dtype: "<u4", shape: [33], data: new DataView(Uint32Array.of(...members, 1, 2, 3).buffer) };
  const el = open("gallery", state);
  expect([0, 1, 2].map((c) => strip(el, c).length)).toEqual([0, 0, 0]);
  Sight.reveal(row(el, 0));
  // 600 pixels have room for 16 of 32 pixels and 4 between two.
  expect(strip(el, 0)).toEqual([...members.slice(0, 16)]);
  expect(strip(el, 1)).toEqual([]);
  Sight.reveal(row(el, 1));
  expect(strip(el, 1)).toEqual([1, 2]);
  el.querySelector<HTMLElement>('[title^="Largest pictures"]')?.click();
  expect(strip(el, 0)).toEqual([0, 1, 2]);
  expect(row(el, 0).querySelector<HTMLElement>("canvas")?.style.width).toBe("160px");
});

test("what follows the members is marked as beyond them; more and fewer can be shown, and larger", () => {
  const el = open("gallery", { ...aloneState(), tiles: PICTURES });
  head(el, 0).click();
  expect(shown(el, 0).slice(0, 3)).toEqual([...MEMBERS[0]]);
  expect(row(el, 0).querySelectorAll(".embw-beyond").length).toBe(21);
  expect(row(el, 0).querySelector(".embw-end")?.textContent).toBe("end of the 3 members");
  el.querySelector<HTMLElement>('[title="Fewer items in an open group"]')?.click();
  expect(shown(el, 0).length).toBe(12);
  expect(row(el, 0).querySelector<HTMLElement>(".embw-member canvas")?.style.width).toBe("44px");
  el.querySelector<HTMLElement>('[title^="Large pictures"]')?.click();
  expect(row(el, 0).querySelector<HTMLElement>(".embw-member canvas")?.style.width).toBe("96px");
});

test("both ends, and what the other space puts nearest instead", () => {
  const el = open();
  head(el, 0).click();
  buttonOf(row(el, 0), "Nearest in text").click();
  expect(shown(el, 0)).toEqual([30, 31, 32, 33]);
  buttonOf(row(el, 0), "Both ends").click();
  expect(shown(el, 0).slice(0, 6)).toEqual([3, 17, 5, 38, 36, 34]);
  expect(shown(el, 0).slice(12, 18)).toEqual([39, 37, 35, 33, 31, 29]);
  press(spectrum(el), "ArrowRight");
  expect(shown(el, 0)).toEqual([]);
  press(spectrum(el), "ArrowLeft");
  expect(shown(el, 0).length).toBe(12);
});

test("pointing at a member hovers it everywhere, a click pins it, and the marks follow from other views", () => {
  const el = open();
  buttonOf(el, "Maps").click();
  head(el, 0).click();
  const member = row(el, 0).querySelector<HTMLElement>('[data-row="17"]') as HTMLElement;
  member.dispatchEvent(new Event("pointerover", { bubbles: true }));
  vi.advanceTimersByTime(150);
  expect(page.fake.state.hovered).toBe(17);
  expect(member.classList.contains("embw-hovered")).toBe(true);
  member.click();
  vi.advanceTimersByTime(50);
  expect(el.querySelector<HTMLElement>(".embw-map")?.dataset.pinned).toBe("17");
  page.fake.fromPython("hovered", 5);
  const hovered = [...row(el, 0).querySelectorAll<HTMLElement>(".embw-member.embw-hovered")].map(
    (node) => node.dataset.row,
  );
  expect(hovered).toEqual(["5"]);
});

test("chips say odds, and p in their title; markup is text", () => {
  const el = open();
  head(el, 0).click();
  const [bird] = row(el, 0).querySelectorAll<HTMLElement>(".embw-chip");
  expect(bird.textContent).toBe("<b>birds</b>×∞");
  expect(bird.title).toContain("p = 1e−6");
  bird.click();
  expect(el.querySelector('[role="status"]')?.textContent).toContain("3 of 3 members");
  expect(document.querySelector("img, .embw-chip b")).toBeNull();
});

test("a nearly constant vector is explained", () => {
  const el = open();
  head(el, 2).click();
  expect(row(el, 2).textContent).toContain("nearly constant: it holds everything, not a group. Centre it.");
  head(el, 0).click();
  expect(row(el, 0).querySelector(".embw-warning")).toBeNull();
});

test("the maps come when they are asked for, coloured by loading; no curves, no cursor, no agreement", () => {
  const el = open();
  expect(el.querySelector(".embw-map-pair")).toBeNull();
  buttonOf(el, "Maps").click();
  vi.advanceTimersByTime(50);
  const maps = el.querySelector(".embw-map-pair") as HTMLElement;
  expect(maps.querySelector("select")?.value).toBe("loading");
  expect(maps.querySelector('input[type="range"]')).toBeNull();
  expect(maps.querySelector(".embw-legend")?.textContent).toContain("loading in “group 0”");
  page.fake.fromPython("hovered", 3);
  vi.advanceTimersByTime(50);
  expect(maps.querySelector(".embw-detail")?.textContent).toContain("loading +1.000 in “group 0”");
  expect(maps.textContent).not.toMatch(/kept|lost|agreement/);
  press(spectrum(el), "ArrowRight");
  expect(maps.querySelector(".embw-legend")?.textContent).toContain("loading in “group 1”");
});

test("an explorer shows the clusters when Python adds them, and its maps can be coloured by them", () => {
  const el = open("explorer", sampleState());
  expect(el.querySelector(".embw-gallery")).toBeNull();
  Object.assign(page.fake.state, spectralState());
  page.fake.emit("change:clusters");
  vi.advanceTimersByTime(100);
  expect(el.querySelector(".embw-gallery")?.textContent).toContain("photo groups 1 set.");
  expect(el.querySelectorAll(".embw-map-pair").length).toBe(1);
  const modes = [...el.querySelectorAll(".embw-map-pair option")].map((o) => (o as HTMLOptionElement).value);
  expect(modes).toContain("loading");
});

test("other clusters take the place of those shown, and leave no listener behind", () => {
  const el = open();
  const before = [page.exports.listenerCount(), page.fake.listenerCount];
  page.fake.state.clusters = page.fake.state.clusters.slice(0, 1);
  page.fake.emit("change:clusters");
  vi.advanceTimersByTime(50);
  expect(el.querySelectorAll(".embw-cluster").length).toBe(1);
  expect([page.exports.listenerCount(), page.fake.listenerCount]).toEqual(before);
});

test("without clusters the result's own sentence is said; without a result, what to do", () => {
  const { spectral } = spectralState();
  const none = open("gallery", {
    ...aloneState(),
    ...sampleState(),
    spectral: { ...spectral, sentence: "The same." } as never,
  });
  expect(none.textContent).toContain("The same.");
  expect(none.querySelectorAll(".embw-cluster").length).toBe(0);
  expect(open("gallery", sampleState()).textContent).toContain("show(spec(X, Y), scene=w.scene)");
});

test("items without pictures are texts, else labels, else numbers", () => {
  const member = (el: HTMLElement) => {
    head(el, 0).click();
    return row(el, 0).querySelector('.embw-member[data-row="5"]')?.textContent;
  };
  expect(member(open())).toBe("item number 5");
  const codes = aloneState().label_codes;
  expect(member(open("gallery", { ...aloneState(), texts: [], label_codes: codes }))).toContain("item 5");
  const none = { ...codes, shape: [0], data: new DataView(new ArrayBuffer(0)) };
  expect(member(open("gallery", { ...aloneState(), texts: [], label_names: [], label_codes: none }))).toBe("#5");
});
