// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import alignment from "../../../src/scenes/alignment";
import type { Answer } from "../../../src/state/alignment";
import { decode } from "../../../src/state/arrays";
import { AlignmentData } from "../../../src/views/alignment_view/data";
import { alignmentState, FakeAlignment, fittingState, HELD } from "../../support/alignment_model";
import { buttonOf, freshPages, map, open, page, slider } from "../../support/alignment_page";
import { wire } from "../../support/model";

freshPages();

function slide(el: HTMLElement, value: number): void {
  slider(el).value = String(value);
  slider(el).dispatchEvent(new Event("input", { bubbles: true }));
  vi.advanceTimersByTime(50);
}

test("the slider moves the items at once, and Python hears of it when it rests", () => {
  const el = open();
  expect([map(el).dataset.position, map(el).dataset.trails]).toEqual(["1.000", String(HELD.length)]);
  expect(slider(el).getAttribute("aria-valuetext")).toBe("after");
  slide(el, 40);
  expect(map(el).dataset.position).toBe("0.400");
  expect(slider(el).getAttribute("aria-valuetext")).toBe("40% of the way");
  expect(page.fake.state.position).toBe(1);
  vi.advanceTimersByTime(300);
  expect(page.fake.state.position).toBe(0.4);
  page.fake.fromPython({ position: 1 });
  vi.advanceTimersByTime(50);
  expect(slider(el).value).toBe("100");
  expect(map(el).dataset.position).toBe("1.000");
});

test("of very many items places come in whole steps, and only the strongest members", () => {
  const state = alignmentState();
  const places = Array.from(decode(state.maps), (v) => Math.round(1000 * (v + 40)));
  const all = new AlignmentData(new FakeAlignment(state).model);
  const listed = all.changes.map((_, c) => Math.min(1, all.members(c).length));
  const first = all.changes.flatMap((_, c) => [...all.members(c).subarray(0, 1)]);
  const few = {
    ...state,
    maps: wire("<u2", state.maps.shape, places),
    member_rows: wire("<u4", [first.length], first),
    members_listed: listed,
  };
  const data = new AlignmentData(new FakeAlignment(few).model);
  expect(data.after).toBeInstanceOf(Float32Array);
  data.after.forEach((v, i) => {
    expect(Math.abs(v / 1000 - 40 - all.after[i])).toBeLessThan(0.001);
  });
  expect(data.movers(3)).toEqual(all.movers(3));
  expect(all.changes.flatMap((_, c) => [...data.members(c)])).toEqual(first);
  expect(map(open(few)).dataset.position).toBe("1.000");
});

test("play goes to after, can be paused, and starts again from before", () => {
  const el = open();
  buttonOf(el, "Play").click();
  vi.advanceTimersByTime(1200);
  const half = Number(map(el).dataset.position);
  expect(half).toBeGreaterThan(0.2);
  expect(half).toBeLessThan(0.8);
  buttonOf(el, "Pause").click();
  vi.advanceTimersByTime(1200);
  expect(Number(map(el).dataset.position)).toBeCloseTo(half, 1);
  buttonOf(el, "Play").click();
  vi.advanceTimersByTime(4000);
  expect(map(el).dataset.position).toBe("1.000");
  expect(page.fake.state.position).toBe(1);
  buttonOf(el, "Play").click();
  vi.advanceTimersByTime(200);
  expect(Number(map(el).dataset.position)).toBeLessThan(0.1);
});

test("where motion is unwelcome, play jumps to the other end", () => {
  page.reduced = true;
  const el = open();
  buttonOf(el, "Play").click();
  vi.advanceTimersByTime(50);
  expect(map(el).dataset.position).toBe("0.000");
  expect(buttonOf(el, "Play").getAttribute("aria-pressed")).toBe("false");
});

test("k is chosen on the curve by keyboard as by pointer", () => {
  const el = open();
  const curve = el.querySelector(".embw-align-curve") as SVGSVGElement;
  const now = () => curve.getAttribute("aria-valuenow");
  const press = (key: string) => {
    curve.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    vi.advanceTimersByTime(50);
  };
  expect([curve.getAttribute("role"), curve.getAttribute("tabindex"), now()]).toEqual(["slider", "0", "2"]);
  expect([curve.getAttribute("aria-valuemin"), curve.getAttribute("aria-valuemax")]).toEqual(["1", "6"]);
  press("ArrowRight");
  expect(now()).toBe("3");
  expect(curve.getAttribute("aria-valuetext")).toContain("k = 3");
  press("End");
  press("PageUp");
  expect(now()).toBe("6");
  press("Home");
  expect(now()).toBe("1");
  vi.advanceTimersByTime(300);
  expect(page.fake.state.k).toBe(1);
  curve.dispatchEvent(new PointerEvent("pointerdown", { button: 0, clientX: 5000, bubbles: true }));
  curve.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
  expect(page.fake.state.k).toBe(6);
  expect(document.activeElement).toBe(curve);
});

test("where unrelated spaces are is always said: by a tick, or by an arrow with how far", () => {
  const spectrum = (unrelated: number[]) => ({ eigenvalues: [0.3, -0.2], unrelated, spec_diff: 0.3 });
  const shown = (unrelated: number[]) => {
    const el = open(alignmentState({ spectra: { before: spectrum(unrelated), after: spectrum([]) } }));
    const chart = el.querySelector(".embw-align-spectrum") as SVGElement;
    const marks = [...chart.querySelectorAll("[data-part=unrelated]")].map((one) => one.localName);
    return [marks, chart.querySelector("[data-part=beyond]")?.textContent ?? ""];
  };
  expect(shown([0.5])).toEqual([["line"], ""]);
  expect(shown([0.9, -0.1])).toEqual([["path", "line"], "↑ unrelated up to +0.900"]);
  expect(shown([-0.8])).toEqual([["path"], "↓ unrelated up to −0.800"]);
});

test("the curve has room for its intervals, and says what they are", () => {
  const most = (el: HTMLElement) => {
    const words = [...el.querySelectorAll(".embw-align-curve text")].map((one) => one.textContent ?? "");
    return Math.max(...words.filter((text) => /^\d\.\d$/.test(text)).map(Number));
  };
  const plain = open();
  expect(plain.querySelector(".embw-align-charts")?.textContent).not.toContain("95% interval");
  const intervals = wire(
    "<f4",
    [4, 6],
    [...Array<number>(6).fill(0.1), ...Array<number>(6).fill(0.95)].concat(Array<number>(12).fill(0.2)),
  );
  const el = open(alignmentState({ intervals }));
  expect(most(el)).toBeGreaterThan(most(plain));
  expect(el.querySelector(".embw-align-charts")?.textContent).toContain("95% interval");
});

test("trails are of the selection, of the open group, or of all that are held out", () => {
  const el = open();
  expect(map(el).dataset.trails).toBe("12");
  page.fake.fromPython({ cluster: 1 });
  vi.advanceTimersByTime(50);
  expect(map(el).dataset.trails).toBe("4");
  page.fake.fromPython({ selected: wire("<u4", [2], [3, 9]) });
  vi.advanceTimersByTime(50);
  expect(map(el).dataset.trails).toBe("2");
  buttonOf(el, "Trails").click();
  vi.advanceTimersByTime(50);
  expect(map(el).dataset.trails).toBe("0");
});

test("an item is told with its residual before and after", () => {
  const el = open();
  page.fake.fromPython({ hovered: 9 });
  vi.advanceTimersByTime(50);
  const detail = el.querySelector(".embw-align-detail") as HTMLElement;
  expect(detail.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(detail.textContent).toContain("residual 0.510 → 0.250 nearer");
  expect(detail.textContent).toContain("in <b>flags</b>");
  page.fake.fromPython({ hovered: 2 });
  vi.advanceTimersByTime(50);
  expect(detail.textContent).toContain("fitted");
  expect(detail.textContent).not.toContain("residual");
});

test("every colouring has a legend", () => {
  const el = open();
  const select = el.querySelector('select[aria-label="Colour by"]') as HTMLSelectElement;
  expect([...select.options].map((one) => one.value)).toEqual(["label", "residual", "group", "part"]);
  const words = { label: "cats", residual: "residual", group: "in no group", part: "held out (12)" };
  for (const [mode, text] of Object.entries(words)) {
    select.value = mode;
    select.dispatchEvent(new Event("change"));
    vi.advanceTimersByTime(50);
    // The others keep their place, so that the map keeps its height.
    const all = [...el.querySelectorAll<HTMLElement>(".embw-legend")];
    expect(all.filter((one) => one.childElementCount > 0)).toHaveLength(4);
    const shown = all.filter((one) => !one.classList.contains("embw-away"));
    expect(shown).toHaveLength(1);
    expect(shown.map((one) => one.textContent).join()).toContain(text);
  }
});

test("it begins with yes, partly or no, and says what was gained and what given up", () => {
  const answer = { ...(alignmentState().answer as Answer), before: "Rows in order?", more: "It was stopped." };
  for (const [verdict, glyph] of [
    ["yes", "✓"],
    ["partly", "◐"],
    ["no", "✗"],
  ] as const) {
    const el = open(alignmentState({ answer: { ...answer, verdict } }));
    const box = el.querySelector<HTMLElement>(".embw-answer");
    expect(box?.dataset.verdict).toBe(verdict);
    const said = [...(box?.querySelectorAll("p") ?? [])].map((one) => one.textContent);
    const [gained, given] = ["Gained: a group: cats.", "Given up: little."];
    expect(said).toEqual([
      "Rows in order?",
      `${glyph}Partly: it comes nearer.`,
      answer.numbers,
      gained,
      given,
      "It was stopped.",
    ]);
    const words = [...(box?.querySelectorAll("strong") ?? [])].map((one) => one.textContent);
    expect(words).toEqual(["Partly:", "Gained:", "Given up:"]);
    expect(box?.querySelector("span")?.getAttribute("aria-hidden")).toBe("true");
  }
});

test("the table says which way each number went", () => {
  const el = open();
  const rows = [...el.querySelectorAll(".embw-align-table tbody tr")].map((row) => row.lastElementChild?.textContent);
  expect(rows).toEqual(["✓ better", "✗ worse", "as before"]);
  const explained = [...el.querySelectorAll(".embw-align-table .embw-term-word")].map((one) => one.textContent);
  expect(explained).toEqual(["12 held-out items", "chance", "change", "SPEC-diff", "neighbourhoods", "CKA"]);
  expect(el.querySelector('[data-measure="nngs"] [role="note"]')?.textContent).toMatch(/Better when larger\.$/);
  expect(el.querySelector(".embw-sentence")?.textContent).toBe("◐Partly: it comes nearer.");
  expect(el.querySelector(".embw-notes")?.textContent).toBe("A note.");
  expect(el.querySelector(".embw-provenance")?.textContent).toBe("spec, seed 0.");
});

test("a view that is closed leaves no listener behind, and another kind is refused", () => {
  const view = new AbortController();
  page.fake = new FakeAlignment(fittingState());
  const el = document.createElement("div");
  const { mount } = alignment.initialize({ model: page.fake.model, signal: page.life.signal });
  mount("alignment_view", el, { signal: view.signal });
  expect(page.fake.listenerCount).toBeGreaterThan(0);
  view.abort();
  expect(page.fake.listenerCount).toBe(0);
  mount("gallery", el, { signal: page.life.signal });
  expect(el.textContent).toContain('expected alignment_view but got "gallery"');
});
