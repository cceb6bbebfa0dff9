// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import scene, { type SceneExports } from "../../../src/scenes/scene";
import { decode } from "../../../src/state/arrays";
import { aloneState, FakeModel, MEMBERS, sampleState, spectralState } from "../../support/model";

const PICTURES = { size: 64, columns: 16, per_sheet: 64 };
let fake: FakeModel;
let exports: SceneExports;
let life: AbortController;

/** Tells what comes into sight when the test says so. */
class Sight {
  static all: Sight[] = [];
  private readonly watched = new Set<Element>();
  constructor(private readonly seen: (entries: { target: Element; isIntersecting: boolean }[]) => void) {
    Sight.all.push(this);
  }
  observe(node: Element): void {
    this.watched.add(node);
  }
  unobserve(node: Element): void {
    this.watched.delete(node);
  }
  disconnect(): void {
    this.watched.clear();
  }
  static reveal(node: Element): void {
    for (const one of Sight.all) if (one.watched.has(node)) one.seen([{ target: node, isIntersecting: true }]);
  }
}

function open(kind: string, state = aloneState()): HTMLElement {
  fake = new FakeModel(state);
  life = new AbortController();
  exports = scene.initialize({ model: fake.model, signal: life.signal });
  const el = document.createElement("div");
  document.body.append(el);
  exports.mount(kind, el, { signal: life.signal });
  vi.advanceTimersByTime(100);
  return el;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IntersectionObserver", Sight);
  Sight.all = [];
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const spectrum = (el: HTMLElement) => el.querySelector(".embw-spectrum") as SVGElement;
const card = (el: HTMLElement, cluster: number) =>
  el.querySelector(`.embw-cluster[data-cluster="${cluster}"]`) as HTMLElement;
const shown = (el: HTMLElement, cluster: number) =>
  [...card(el, cluster).querySelectorAll<HTMLElement>(".embw-member")].map((node) => Number(node.dataset.row));
const press = (node: Element, key: string) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  node.dispatchEvent(event);
  vi.advanceTimersByTime(200);
  return event;
};
const buttonOf = (node: Element, text: string) =>
  [...node.querySelectorAll("button")].find((b) => b.textContent?.includes(text)) as HTMLButtonElement;

test("the spectrum is a list of clusters that says of each what a mouse would show", () => {
  const el = open("gallery");
  expect(spectrum(el).getAttribute("role")).toBe("listbox");
  const options = [...spectrum(el).querySelectorAll('[role="option"]')];
  expect(options.map((o) => o.getAttribute("aria-selected"))).toEqual(["true", "false", "false"]);
  expect(options.map((o) => o.getAttribute("data-style"))).toEqual(["solid", "hatched", "empty"]);
  expect(options[1].getAttribute("aria-label")).toContain("grouped by text, not by photo");
  expect(options[1].getAttribute("aria-label")).toContain(
    "does not survive on held-out rows: its held-out interval reaches 0",
  );
  expect(spectrum(el).getAttribute("aria-activedescendant")).toBe(options[0].id);
  expect(spectrum(el).querySelectorAll('[data-part="floor"]').length).toBe(1);
  expect(spectrum(el).querySelectorAll('[data-part="unrelated"]').length).toBe(3);
  expect(spectrum(el).querySelectorAll('[data-part="held-out"]').length).toBe(2);
});

test("arrow keys open clusters, Python hears where they come to rest, and the notebook hears no key", () => {
  const el = open("gallery");
  const outside = vi.fn();
  el.addEventListener("keydown", outside);
  expect(press(spectrum(el), "ArrowRight").defaultPrevented).toBe(true);
  press(spectrum(el), "End");
  press(spectrum(el), "ArrowDown");
  expect(fake.state.cluster).toBe(2);
  expect(card(el, 2).querySelector(".embw-cluster-head")?.getAttribute("aria-expanded")).toBe("true");
  expect(outside).not.toHaveBeenCalled();
  press(spectrum(el), "Home");
  press(spectrum(el), "Enter");
  expect([...decode(fake.state.selected)]).toEqual([...MEMBERS[0]]);
});

test("a cluster set in Python opens, and is not sent back", () => {
  const el = open("gallery");
  fake.fromPython("cluster", 1);
  vi.advanceTimersByTime(300);
  expect(spectrum(el).querySelector('[aria-selected="true"]')?.getAttribute("data-cluster")).toBe("1");
  expect(card(el, 1).classList.contains("embw-open-cluster")).toBe(true);
  expect(fake.saved).toEqual([]);
});

test("a click on a bar or a row opens it, the button selects its members in their order", () => {
  const el = open("gallery");
  spectrum(el)
    .querySelector('[data-cluster="1"]')
    ?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  vi.advanceTimersByTime(200);
  expect(fake.state.cluster).toBe(1);
  card(el, 0).click();
  vi.advanceTimersByTime(200);
  expect(fake.state.cluster).toBe(0);
  buttonOf(card(el, 0), "Select 3 members").click();
  expect([...decode(fake.state.selected)]).toEqual([...MEMBERS[0]]);
});

test("rows make their items when they come into sight", () => {
  const el = open("gallery", { ...aloneState(), tiles: PICTURES });
  expect([0, 1, 2].map((c) => shown(el, c).length)).toEqual([12, 0, 0]);
  Sight.reveal(card(el, 2));
  expect([0, 1, 2].map((c) => shown(el, c).length)).toEqual([12, 0, 12]);
  expect(shown(el, 2)[0]).toBe(9);
});

test("what follows the members is marked as beyond them; more and fewer can be shown", () => {
  const el = open("gallery", { ...aloneState(), tiles: PICTURES });
  expect(shown(el, 0).slice(0, 3)).toEqual([...MEMBERS[0]]);
  expect(card(el, 0).querySelectorAll(".embw-beyond").length).toBe(9);
  expect(card(el, 0).querySelector(".embw-end")?.textContent).toBe("end of the 3 members");
  el.querySelector<HTMLElement>('[title="More items per cluster"]')?.click();
  expect(shown(el, 0).length).toBe(24);
  el.querySelector<HTMLElement>('[title="Large pictures"]')?.click();
  expect(card(el, 0).querySelector<HTMLElement>("canvas")?.style.width).toBe("64px");
});

test("both ends, and what the other space puts nearest instead", () => {
  const el = open("gallery");
  buttonOf(card(el, 0), "Nearest in text").click();
  expect(shown(el, 0)).toEqual([30, 31, 32, 33]);
  buttonOf(card(el, 0), "Both ends").click();
  expect(shown(el, 0)).toEqual([3, 17, 5, 38, 36, 34, 39, 37, 35, 33, 31, 29]);
  press(spectrum(el), "ArrowRight");
  expect(shown(el, 0)).toEqual([3, 17, 5, 38, 36, 34]);
});

test("pointing at a member hovers it everywhere, a click pins it, and the marks follow from other views", () => {
  const el = open("gallery");
  const member = card(el, 0).querySelector<HTMLElement>('[data-row="17"]') as HTMLElement;
  member.dispatchEvent(new Event("pointerover", { bubbles: true }));
  vi.advanceTimersByTime(150);
  expect(fake.state.hovered).toBe(17);
  expect(member.classList.contains("embw-hovered")).toBe(true);
  member.click();
  vi.advanceTimersByTime(50);
  expect(el.querySelector<HTMLElement>(".embw-map")?.dataset.pinned).toBe("17");
  fake.fromPython("hovered", 5);
  const hovered = [...card(el, 0).querySelectorAll<HTMLElement>(".embw-hovered")].map((node) => node.dataset.row);
  expect(hovered).toEqual(["5"]);
});

test("chips say odds, and p in their title; markup is text", () => {
  const el = open("gallery");
  const [bird] = card(el, 0).querySelectorAll<HTMLElement>(".embw-chip");
  expect(bird.textContent).toBe("<b>birds</b>×∞");
  expect(bird.title).toContain("p = 1e−6");
  bird.click();
  expect(el.querySelector('[role="status"]')?.textContent).toContain("3 of 3 members");
  expect(document.querySelector("img, .embw-chip b")).toBeNull();
});

test("a nearly constant vector is explained", () => {
  const el = open("gallery");
  expect(card(el, 2).textContent).toContain("nearly constant: it holds everything, not a cluster. Centre it.");
  expect(card(el, 0).querySelector(".embw-warning")).toBeNull();
});

test("alone it brings the maps, coloured by loading; no curves, no cursor, no agreement", () => {
  const el = open("gallery");
  const maps = el.querySelector(".embw-map-pair") as HTMLElement;
  expect(maps.querySelector("select")?.value).toBe("loading");
  expect(maps.querySelector('input[type="range"]')).toBeNull();
  expect(maps.querySelector(".embw-legend")?.textContent).toContain("loading in cluster 0");
  fake.fromPython("hovered", 3);
  vi.advanceTimersByTime(50);
  expect(maps.querySelector(".embw-detail")?.textContent).toContain("loading +1.000 in cluster 0");
  expect(maps.textContent).not.toMatch(/kept|lost|agreement/);
  press(spectrum(el), "ArrowRight");
  expect(maps.querySelector(".embw-legend")?.textContent).toContain("loading in cluster 1");
});

test("an explorer shows the clusters when Python adds them, and its maps can be coloured by them", () => {
  const el = open("explorer", sampleState());
  expect(el.querySelector(".embw-gallery")).toBeNull();
  Object.assign(fake.state, spectralState());
  fake.emit("change:clusters");
  vi.advanceTimersByTime(100);
  expect(el.querySelector(".embw-gallery")?.textContent).toContain("photo groups 1 set.");
  expect(el.querySelectorAll(".embw-map-pair").length).toBe(1);
  const modes = [...el.querySelectorAll(".embw-map-pair option")].map((o) => (o as HTMLOptionElement).value);
  expect(modes).toContain("loading");
});

test("other clusters take the place of those shown, and leave no listener behind", () => {
  const el = open("gallery");
  const before = [exports.listenerCount(), fake.listenerCount];
  fake.state.clusters = fake.state.clusters.slice(0, 1);
  fake.emit("change:clusters");
  vi.advanceTimersByTime(50);
  expect(el.querySelectorAll(".embw-cluster").length).toBe(1);
  expect([exports.listenerCount(), fake.listenerCount]).toEqual(before);
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
  const texts = open("gallery");
  expect(card(texts, 0).querySelector('[data-row="5"]')?.textContent).toBe("item number 5");
  const codes = aloneState().label_codes;
  const labels = open("gallery", { ...aloneState(), texts: [], label_codes: codes });
  expect(card(labels, 0).querySelector('[data-row="5"]')?.textContent).toContain("item 5");
  const bare = open("gallery", {
    ...aloneState(),
    texts: [],
    label_names: [],
    label_codes: { ...codes, shape: [0], data: new DataView(new ArrayBuffer(0)) },
  });
  expect(card(bare, 0).querySelector('[data-row="5"]')?.textContent).toBe("#5");
});
