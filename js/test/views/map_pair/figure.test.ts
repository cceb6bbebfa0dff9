// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { drawPoints, MOST_SHAPES } from "../../../src/map/figure_points";
import { drawLegend } from "../../../src/map/legend_figure";
import scene from "../../../src/scenes/scene";
import { FakeModel, N, sampleState, wire } from "../../support/model";
import { giveSizes } from "../../support/sizes";

const stamp = { size: 1, alpha: Uint8Array.of(255) };

function points(n: number, change = {}) {
  const positions = Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 ? 10 : i / 2));
  const look = { style: new Uint16Array(n), colours: Uint32Array.of(0xff0000ff, 0xff00ff00), stamps: [stamp] };
  const glyph = (style: number) => ({ shape: style ? ("diamond" as const) : ("circle" as const), size: 1 });
  return { width: 100, height: 20, positions, look, radius: 2, ring: 1, opacity: 1, glyph, ...change };
}

test("each point is a shape in its colour where it is; what is out of sight or nowhere is left out", () => {
  const positions = Float32Array.of(1, 2, 3.456, 4, 101, 5, Number.NaN, Number.NaN);
  const style = Uint16Array.of(0, 1, 0, 0);
  const drawn = drawPoints(points(4, { positions, look: { ...points(4).look, style } }));
  const [circle] = drawn.flatMap((group) => [...group.querySelectorAll("circle")]);
  expect(drawn.flatMap((group) => [...group.children]).length).toBe(2);
  expect([circle.getAttribute("cx"), circle.getAttribute("cy"), circle.getAttribute("r")]).toEqual(["1", "2", "2"]);
  expect(circle.getAttribute("fill")).toBe("rgb(255, 0, 0)");
  const [diamond] = drawn.flatMap((group) => [...group.querySelectorAll("path")]);
  expect(diamond.getAttribute("d")).toContain("M3.46 4m0 -2.48");
  expect(diamond.getAttribute("fill")).toBe("rgb(0, 255, 0)");
});

test("with a selection the others lie dimmed beneath, and rings between", () => {
  const given = points(3);
  const dimmed = { ...given.look, colours: Uint32Array.of(0xff999999) };
  const ring = { ...given.look, colours: Uint32Array.of(0xff000000) };
  const drawn = drawPoints({ ...given, marked: { mask: Uint8Array.of(0, 1, 0), dimmed, ring } });
  const fills = drawn.map((group) => [...group.children].map((one) => one.getAttribute("fill")));
  expect(fills).toEqual([["rgb(153, 153, 153)", "rgb(153, 153, 153)"], ["rgb(0, 0, 0)"], ["rgb(255, 0, 0)"]]);
  expect(drawn[1].firstElementChild?.getAttribute("r")).toBe("3");
});

test("more points than programs can bear are one picture within the figure", () => {
  const toDataURL = vi.spyOn(HTMLCanvasElement.prototype, "toDataURL").mockReturnValue("data:image/png;base64,AA==");
  const drawn = drawPoints(points(MOST_SHAPES + 1));
  expect(drawn.map((one) => [one.localName, one.getAttribute("href")])).toEqual([
    ["image", "data:image/png;base64,AA=="],
  ]);
  expect(toDataURL).toHaveBeenCalled();
  expect(drawPoints(points(MOST_SHAPES)).map((one) => one.localName)).toEqual(["g"]);
  toDataURL.mockRestore();
});

test("a legend breaks its lines where they are full", () => {
  const keys = Array.from({ length: 12 }, (_, i) => ({ shape: "circle" as const, colour: "#000", text: `class ${i}` }));
  const narrow = drawLegend({ told: "", keys }, 200);
  expect(narrow.height).toBeGreaterThan(3 * 20);
  expect(drawLegend({ told: "", keys }, 5000).height).toBe(20);
});

let life: AbortController;
beforeEach(() => {
  vi.useFakeTimers();
  giveSizes();
});
afterEach(() => {
  life?.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What the button saves. */
function saved(state = sampleState(), colouring = "label"): SVGSVGElement {
  const written = vi.spyOn(XMLSerializer.prototype, "serializeToString");
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:maps");
  const fake = new FakeModel(state);
  life = new AbortController();
  const el = document.createElement("div");
  document.body.append(el);
  scene.initialize({ model: fake.model, signal: life.signal }).mount("map_pair", el, { signal: life.signal });
  const colours = el.querySelector<HTMLSelectElement>('select[aria-label="Colour by"]') as HTMLSelectElement;
  colours.value = colouring;
  colours.dispatchEvent(new Event("change"));
  vi.advanceTimersByTime(200);
  const group = el.querySelector('[aria-label="Save the maps"]') as HTMLElement;
  ([...group.querySelectorAll("button")].find((one) => one.textContent === "SVG") as HTMLElement).click();
  expect(el.querySelector('[role="status"]')?.textContent).toBe("Saved maps.svg.");
  return written.mock.calls[0][0] as SVGSVGElement;
}

test("the file has both maps with all their points, names of spaces, axes and classes; names stay text", () => {
  const figure = saved();
  const texts = [...figure.querySelectorAll("text")].map((one) => one.textContent);
  for (const text of ["photo", "text", "PCA 1 (30 % of variance) →", "cats", "<b>birds</b>", "no label (1)"])
    expect(texts).toContain(text);
  expect(figure.querySelector("b")).toBeNull();
  for (const name of ["photo", "text"]) {
    const map = figure.querySelector(`[data-map="${name}"]`) as Element;
    expect(map.querySelectorAll("circle").length).toBe(N);
  }
  expect(figure.querySelector("rect")?.getAttribute("fill")).toBe("rgb(255, 255, 255)");
});

test("a scale of colours is drawn with its ends; selected items stand out", () => {
  const chosen = sampleState({ selected: wire("<u4", [2], [3, 5]) });
  const figure = saved(chosen, "agreement");
  const texts = [...figure.querySelectorAll("text")].map((one) => one.textContent ?? "");
  expect(texts.some((text) => text.startsWith("Item's agreement (Jaccard) at k = 5"))).toBe(true);
  const map = figure.querySelector('[data-map="photo"]') as Element;
  // The others dimmed, two rings, two points.
  expect([...map.querySelectorAll("g")].map((group) => group.childElementCount)).toEqual([N - 2, 2, 2]);
});
