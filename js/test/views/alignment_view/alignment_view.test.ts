// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import alignment from "../../../src/scenes/alignment";
import { decode } from "../../../src/state/arrays";
import { alignmentState, FakeAlignment, fittingState, MEMBERS } from "../../support/alignment_model";
import { wire } from "../../support/model";

let fake: FakeAlignment;
let life: AbortController;
let reduced = false;

function open(state = alignmentState(), kind = "alignment_view"): HTMLElement {
  fake = new FakeAlignment(state);
  const el = document.createElement("div");
  document.body.append(el);
  alignment.initialize({ model: fake.model, signal: life.signal }).mount(kind, el, { signal: life.signal });
  vi.advanceTimersByTime(50);
  return el;
}

/** A canvas that takes everything that is drawn on it. */
function fakeContext(): CanvasRenderingContext2D {
  const own: Record<string, unknown> = {
    createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height) }),
    measureText: () => ({ width: 10 }),
  };
  return new Proxy(own, { get: (kept, name: string) => kept[name] ?? (() => {}) }) as never;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(fakeContext as never);
  life = new AbortController();
  reduced = false;
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
  vi.spyOn(window, "matchMedia").mockImplementation(
    (query) => ({ matches: query.includes("motion") && reduced, addEventListener: () => {} }) as never,
  );
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const slider = (el: HTMLElement) => el.querySelector('input[type="range"]') as HTMLInputElement;
const map = (el: HTMLElement) => el.querySelector(".embw-map") as HTMLElement;
const chips = (el: HTMLElement) => [...el.querySelectorAll<HTMLElement>(".embw-chip")];
const buttonOf = (el: HTMLElement, name: string) =>
  [...el.querySelectorAll("button")].find((one) => one.textContent?.includes(name)) as HTMLButtonElement;
const selected = () => [...decode(fake.state.selected)];

function slide(el: HTMLElement, value: number): void {
  slider(el).value = String(value);
  slider(el).dispatchEvent(new Event("input", { bubbles: true }));
  vi.advanceTimersByTime(50);
}

test("the slider moves the items at once, and Python hears of it when it rests", () => {
  const el = open();
  expect(map(el).dataset.position).toBe("0.000");
  slide(el, 40);
  expect(map(el).dataset.position).toBe("0.400");
  expect(slider(el).getAttribute("aria-valuetext")).toBe("40% of the way");
  expect(fake.state.position).toBe(0);
  vi.advanceTimersByTime(300);
  expect(fake.state.position).toBe(0.4);
  fake.fromPython({ position: 1 });
  vi.advanceTimersByTime(50);
  expect(slider(el).value).toBe("100");
  expect(map(el).dataset.position).toBe("1.000");
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
  expect(fake.state.position).toBe(1);
  buttonOf(el, "Play").click();
  vi.advanceTimersByTime(200);
  expect(Number(map(el).dataset.position)).toBeLessThan(0.1);
});

test("where motion is unwelcome, play jumps to the other end", () => {
  reduced = true;
  const el = open();
  buttonOf(el, "Play").click();
  vi.advanceTimersByTime(50);
  expect(map(el).dataset.position).toBe("1.000");
  expect(buttonOf(el, "Play").getAttribute("aria-pressed")).toBe("false");
});

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
  expect(fake.state.cluster).toBe(0);
  expect(flags.getAttribute("aria-pressed")).toBe("true");
  const strip = [...el.querySelectorAll<HTMLElement>(".embw-strip [data-row]")];
  expect(strip.map((one) => Number(one.dataset.row))).toEqual(MEMBERS[0]);
  expect(strip[0].textContent).toBe("<img src=x onerror=alert(1)>");
  expect(el.querySelectorAll("img, b b")).toHaveLength(0);
  slider(el).dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  vi.advanceTimersByTime(300);
  expect(selected()).toEqual([]);
  expect(fake.state.cluster).toBe(-1);
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
  fake.fromPython({ selected: wire("<u4", [3], [8, 9, 12]) });
  expect(flags.getAttribute("aria-pressed")).toBe("true");
  fake.fromPython({ selected: wire("<u4", [2], [3, 9]) });
  expect(flags.getAttribute("aria-pressed")).toBe("false");
  expect((el.querySelector(".embw-strip") as HTMLElement).hidden).toBe(true);
  vi.advanceTimersByTime(300);
  expect(fake.state.cluster).toBe(-1);
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
  expect(fake.state.k).toBe(1);
  curve.dispatchEvent(new PointerEvent("pointerdown", { button: 0, clientX: 5000, bubbles: true }));
  curve.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
  expect(fake.state.k).toBe(6);
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
  fake.fromPython({ cluster: 1 });
  vi.advanceTimersByTime(50);
  expect(map(el).dataset.trails).toBe("4");
  fake.fromPython({ selected: wire("<u4", [2], [3, 9]) });
  vi.advanceTimersByTime(50);
  expect(map(el).dataset.trails).toBe("2");
  buttonOf(el, "Trails").click();
  vi.advanceTimersByTime(50);
  expect(map(el).dataset.trails).toBe("0");
});

test("an item is told with its residual before and after", () => {
  const el = open();
  fake.fromPython({ hovered: 9 });
  vi.advanceTimersByTime(50);
  const detail = el.querySelector(".embw-align-detail") as HTMLElement;
  expect(detail.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(detail.textContent).toContain("residual 0.510 → 0.250 nearer");
  expect(detail.textContent).toContain("in <b>flags</b>");
  fake.fromPython({ hovered: 2 });
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

test("the table says which way each number went", () => {
  const el = open();
  const rows = [...el.querySelectorAll(".embw-align-table tbody tr")].map((row) => row.lastElementChild?.textContent);
  expect(rows).toEqual(["✓ better", "✗ worse", ""]);
  expect(el.querySelector(".embw-sentence")?.textContent).toBe("It comes nearer.");
  expect(el.querySelector(".embw-notes")?.textContent).toBe("A note.");
  expect(el.querySelector(".embw-provenance")?.textContent).toBe("spec, seed 0.");
});

test("while it is being fitted, steps and curves follow, and Stop is asked for once", () => {
  const el = open(fittingState());
  expect(el.textContent).toContain("Aligning photo to text");
  fake.fromPython({
    progress: { step: 10, steps: 40, seconds_left: 61, what: "step 10 of 40" },
    steps: wire("<f4", [4, 2], [1, 2, 3, 2, 2, 1, 1, 1]),
    checks: wire("<f4", [2, 2], [0, 2, 3, 1]),
    best_step: 2,
  });
  vi.advanceTimersByTime(50);
  expect(el.querySelector(".embw-fitting-steps")?.textContent).toBe("Step 10 of 40, about 61 s left");
  expect(el.querySelector("progress")?.value).toBe(10);
  expect(el.querySelector('[role="status"]')?.textContent).toBe("Fitting: 25% of the steps.");
  const lines = [...el.querySelectorAll(".embw-history [data-line]")].map((one) => one.getAttribute("data-line"));
  expect(lines).toEqual(["keep", "objective", "loss", "validation"]);
  expect(el.querySelector(".embw-history")?.textContent).toContain("best: step 2");
  const stop = buttonOf(el, "Stop and keep the best so far");
  stop.click();
  stop.click();
  expect(fake.sent).toEqual([{ type: "stop" }]);
  expect(stop.getAttribute("aria-disabled")).toBe("true");
  vi.advanceTimersByTime(9000);
  expect(el.querySelector('[role="status"]')?.textContent).toContain("No answer from the kernel yet");
});

test("once there is a result it takes the place of the fitting, which is kept under a fold", () => {
  const el = open(fittingState());
  const stop = buttonOf(el, "Stop");
  stop.focus();
  stop.click();
  expect(document.activeElement).toBe(stop);
  fake.fromPython({ status: "scoring" });
  expect(stop.textContent).toBe("Stopping…");
  expect(document.activeElement).toBe(stop);
  const { status: _, ...result } = alignmentState({ steps: wire("<f4", [4, 2], [1, 2, 3, 2, 2, 1, 1, 1]) });
  fake.fromPython(result);
  expect(el.querySelector(".embw-fitting")).not.toBeNull();
  fake.fromPython({ status: "stopped" });
  vi.advanceTimersByTime(50);
  expect(el.querySelector(".embw-fitting")).toBeNull();
  expect(map(el).dataset.painted).toBeDefined();
  expect(document.activeElement).toBe(el.querySelector(".embw-play"));
  expect(el.querySelector("details summary")?.textContent).toContain("How it was fitted");
  expect(el.querySelectorAll(".embw-root")).toHaveLength(1);
});

test("what the fitting raised is said", () => {
  const el = open(fittingState());
  fake.fromPython({ failure: "ValueError: expected <b>more</b> rows", status: "failed" });
  vi.advanceTimersByTime(50);
  const problem = el.querySelector('[role="alert"]') as HTMLElement;
  expect(problem.hidden).toBe(false);
  expect(problem.textContent).toBe("ValueError: expected <b>more</b> rows");
  expect(buttonOf(el, "Stop").getAttribute("aria-disabled")).toBe("true");
});

test("a view that is closed leaves no listener behind, and another kind is refused", () => {
  const view = new AbortController();
  fake = new FakeAlignment(fittingState());
  const el = document.createElement("div");
  const { mount } = alignment.initialize({ model: fake.model, signal: life.signal });
  mount("alignment_view", el, { signal: view.signal });
  expect(fake.listenerCount).toBeGreaterThan(0);
  view.abort();
  expect(fake.listenerCount).toBe(0);
  mount("gallery", el, { signal: life.signal });
  expect(el.textContent).toContain('expected alignment_view but got "gallery"');
});
