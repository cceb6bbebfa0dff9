// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tableCsv } from "../../src/page/save_file";
import scene from "../../src/scenes/scene";
import type { State } from "../../src/state/scene";
import { PICTURES } from "../support/gallery_page";
import { aloneState, FakeModel, MEMBERS, N, sampleState } from "../support/model";

let life = new AbortController();
let fake: FakeModel;
let saved: { name: string; blob: Blob }[];

function open(kind: string, state: State): HTMLElement {
  life = new AbortController();
  const el = document.createElement("div");
  document.body.append(el);
  fake = new FakeModel(state);
  scene.initialize({ model: fake.model, signal: life.signal }).mount(kind, el, { signal: life.signal });
  return el;
}

beforeEach(() => {
  saved = [];
  let blob: Blob;
  vi.spyOn(URL, "createObjectURL").mockImplementation((given) => {
    blob = given as Blob;
    return "blob:saved";
  });
  const click = function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, blob });
  };
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(click);
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

const press = (el: Element, what: string, label: string) => {
  const all = [...el.querySelectorAll("button")].filter((one) => one.title.startsWith(`Save ${what} `));
  (all.find((one) => one.textContent === label) as HTMLElement).click();
};
const text = async () => (await saved[saved.length - 1].blob.text()).replace("\ufeff", "");

test("no cell of somebody's text is a formula, in whichever letters; numbers keep their sign and digits", () => {
  const signs = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "－1"];
  const rows = tableCsv({ head: ["a"], rows: signs.map((sign) => [sign]) });
  for (const sign of signs) expect(rows).toContain(`'${sign}`);
  expect(tableCsv({ head: ["a", "b"], rows: [[-0.1234567890123, null]] })).toBe("a,b\n-0.1234567890123,\n");
});

test("scores are saved with all their digits, what is not known is left empty", async () => {
  const [score] = sampleState().scores;
  const el = open("explorer", sampleState({ scores: [{ ...score, value: 0.123456789, p: null, title: "=evil" }] }));
  press(el, "the scores", "CSV");
  expect(saved[0].name).toBe("scores.csv");
  const [head, line] = (await text()).split("\n");
  expect(head).toBe("measure,title,k,value,chance,calibrated,z,p,low,high");
  expect(line).toBe("nngs,'=evil,5,0.123456789,0.1,0.33,12,,0.3,0.5");
});

test("the list of changed items is saved as it stands: filtered, and in its order", async () => {
  const texts = sampleState().texts.map((one, row) => (row === 4 ? '=HYPERLINK("x")' : one));
  const el = open("explorer", sampleState({ texts }));
  press(el, "the listed items", "CSV");
  const [head, ...lines] = (await text()).trim().split("\n");
  expect(head).toBe("row,rank,item,label,kept,agreement,p");
  // The most changed come first; the rest follow, though not all are shown at once.
  expect(lines.slice(0, 3).map((line) => line.split(",").slice(0, -1).join(","))).toEqual([
    "17,1,<img src=x onerror=alert(1)>,dogs,2,0",
    `4,2,"'=HYPERLINK(""x"")",cats,2,0.125`,
    "30,3,item number 30,cats,2,0.25",
  ]);
  expect(lines.length).toBe(N);
  const filter = el.querySelector<HTMLInputElement>(".embw-changed input") as HTMLInputElement;
  filter.value = "item number 30";
  filter.dispatchEvent(new Event("input"));
  await vi.waitFor(() => expect(el.querySelectorAll(".embw-changed tbody tr").length).toBe(1));
  press(el, "the listed items", "CSV");
  expect((await text()).trim().split("\n").length).toBe(2);
});

test("groups are saved with their members, strongest first, and as a figure on white", async () => {
  const el = open("gallery", aloneState());
  press(el, "the groups", "CSV");
  const [head, ...lines] = (await text()).trim().split("\n");
  expect(head).toBe("group,title,kind,more_by,eigenvalue,members,rank,row,text,label,loading");
  expect(lines.length).toBe(MEMBERS.flat().length);
  expect(lines[0]).toBe("0,group 0,tight,photo,0.2,3,1,3,item number 3,dogs,1");
  expect(lines[3].split(",").slice(0, 5)).toEqual(["1", "group 1", "not found again", "text", "-0.15"]);
  press(el, "the groups", "SVG");
  expect(saved[1].name).toBe("groups.svg");
  const figure = await text();
  expect(figure).toContain("more by photo than by text");
  expect(figure).toContain("held-out rows: mean, 95% interval");
  expect(figure).not.toContain("embw-bar-back");
  expect(figure).toContain("group 0");
  expect(figure).toMatch(/<rect[^>]*fill="rgb\(255, 255, 255\)"/);
  expect([...el.querySelectorAll("button")].some((one) => one.textContent === "Pictures")).toBe(false);
});

test("maps have a figure and no table", () => {
  const el = open("map_pair", sampleState());
  const group = el.querySelector('[aria-label="Save the maps"]') as HTMLElement;
  expect([...group.querySelectorAll("button")].map((one) => one.textContent)).toEqual(["SVG", "PNG"]);
});

test("pictures of all groups are asked for and put on one sheet; those that do not come are told of", async () => {
  vi.useFakeTimers();
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((done) => done(new Blob(["sheet"])));
  const el = open("gallery", { ...aloneState(), tiles: PICTURES });
  fake.sent.length = 0;
  const pictures = [...el.querySelectorAll("button")].find((one) => one.textContent === "Pictures") as HTMLElement;
  pictures.click();
  await vi.advanceTimersByTimeAsync(200);
  const asked = fake.sent.flatMap((message) => (message as { rows?: number[] }).rows ?? []);
  for (const row of MEMBERS.flat()) expect(asked).toContain(row);
  expect(saved).toEqual([]);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(saved.map(({ name }) => name)).toEqual(["group_pictures.png"]);
  const status = el.querySelector('[role="status"]')?.textContent;
  expect(status).toBe("Saved group_pictures.png; 6 of 6 pictures did not come.");
  vi.useRealTimers();
});
