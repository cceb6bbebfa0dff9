// @vitest-environment happy-dom
/** The view of an audit in a page: what it shows at once, what a click opens, what Python hears. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import audit from "../../../src/scenes/audit";
import { decode } from "../../../src/state/arrays";
import { auditState, EVIL, FakeAudit, plainState } from "../../support/audit_model";
import { wire } from "../../support/model";

let fake: FakeAudit;
let life: AbortController;

function open(state = auditState()): HTMLElement {
  fake = new FakeAudit(state);
  const el = document.createElement("div");
  document.body.append(el);
  const { signal } = life;
  audit.initialize({ model: fake.model, signal }).mount("audit_view", el, { signal });
  vi.advanceTimersByTime(50);
  return el;
}

beforeEach(() => {
  vi.useFakeTimers();
  life = new AbortController();
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(500);
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const texts = (el: HTMLElement, css: string) => [...el.querySelectorAll(css)].map((one) => one.textContent ?? "");
const all = (el: HTMLElement, css: string) => [...el.querySelectorAll<HTMLElement>(css)];
function click(node: HTMLElement): void {
  node.click();
  vi.advanceTimersByTime(50);
}
function press(node: Element, key: string): void {
  node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  vi.advanceTimersByTime(50);
}
const asked = (el: HTMLElement) => texts(el, ".embw-audit-query .embw-ellipsis");
const joint = (el: HTMLElement) => el.querySelector(".embw-audit-joint") as SVGSVGElement;

test("the verdict, its reasons and who loses stand there at once, and texts are texts", () => {
  const el = open();
  expect(texts(el, ".embw-audit-word")).toEqual(["Keep mine"]);
  expect(texts(el, ".embw-audit-reasons li")).toEqual([
    `✗New answers worse ${EVIL}.`,
    "?Some are kept.",
    "✓A bridge holds.",
  ]);
  expect(texts(el, ".embw-audit-group .embw-ellipsis")).toEqual([EVIL, "birds", "cats"]);
  expect(texts(el, ".embw-audit-wording")).toEqual(["▼ loses", "▲ gains", ""]);
  expect(el.querySelectorAll("img, b b")).toHaveLength(0);
});

test("the query that loses most is shown before one is opened, and Python hears of none", () => {
  const el = open();
  expect(texts(el, ".embw-audit-asked span")).toEqual([EVIL]);
  expect(fake.state.query).toBe(-1);
  expect(fake.saved).toEqual([]);
});

test("a click on a query opens its results and tells Python", () => {
  const el = open();
  expect(asked(el)).toEqual([EVIL, "first question", "second question", "last question"]);
  click(all(el, ".embw-audit-query")[1]);
  expect(fake.state.query).toBe(3);
  const columns = all(el, ".embw-audit-column").map((one) => texts(one, ".embw-audit-text"));
  expect(columns).toEqual([["document 0", "document 1"], ["document 2"], [EVIL]]);
  expect(texts(el, ".embw-audit-rank")).toEqual(["1 → 2", "2 → 1", "3 → –", "– → 3"]);
  expect(texts(el, ".embw-audit-grade")).toEqual(["★ grade 2", "grade 0"]);
  expect(all(el, ".embw-audit-query")[1].getAttribute("aria-pressed")).toBe("true");
});

test("Python opens a query too", () => {
  const el = open();
  fake.fromPython({ query: 31 });
  vi.advanceTimersByTime(50);
  expect(texts(el, ".embw-audit-asked span")).toEqual(["last question"]);
  expect(el.textContent).toContain("nobody judged its documents");
});

test("a click on a group lists its queries, another all, and Escape goes back", () => {
  const el = open();
  const [evil] = all(el, ".embw-audit-group");
  click(evil);
  expect(asked(el)).toEqual(["first question"]);
  expect(evil.getAttribute("aria-pressed")).toBe("true");
  expect(texts(el, ".embw-audit-asked span")).toEqual(["first question"]);
  click(evil);
  expect(asked(el)).toHaveLength(4);
  click(evil);
  click(all(el, ".embw-audit-query")[0]);
  const body = el.querySelector(".embw-body") as HTMLElement;
  press(body, "Escape");
  expect([fake.state.query, asked(el).length]).toEqual([-1, 1]);
  press(body, "Escape");
  expect(asked(el)).toHaveLength(4);
});

test("queries are searched and sorted, and arrows go through them", () => {
  const el = open();
  const select = el.querySelector<HTMLSelectElement>('select[aria-label="Sort queries"]') as HTMLSelectElement;
  select.value = "gain";
  select.dispatchEvent(new Event("change"));
  expect(asked(el)[0]).toBe("second question");
  vi.advanceTimersByTime(50);
  expect(texts(el, ".embw-audit-asked span")).toEqual(["second question"]);
  press(all(el, ".embw-audit-query")[0], "ArrowDown");
  expect(fake.state.query).toBe(3);
  const search = el.querySelector<HTMLInputElement>('input[type="search"]') as HTMLInputElement;
  search.value = "LAST";
  search.dispatchEvent(new Event("input"));
  expect(asked(el)).toEqual(["last question"]);
  search.value = "nothing of the kind";
  search.dispatchEvent(new Event("input"));
  expect(el.textContent).toContain("No query matches.");
});

test("a click on a document shows its text whole, and a column's documents are selected in linked views", () => {
  const el = open();
  click(all(el, ".embw-audit-query")[1]);
  const card = all(el, ".embw-audit-document")[0];
  click(card);
  expect(card.getAttribute("aria-expanded")).toBe("true");
  const kept = all(el, ".embw-audit-column")[0];
  click(kept.querySelector("button") as HTMLElement);
  expect([...decode(fake.state.selected)]).toEqual([0, 1]);
  expect(card.classList.contains("embw-current")).toBe(true);
  card.dispatchEvent(new Event("pointerover", { bubbles: true }));
  vi.advanceTimersByTime(300);
  expect(fake.state.hovered).toBe(0);
});

test("the line of old moves by keys, that of new follows, and there is a way back", () => {
  const el = open();
  const words = () => texts(el, ".embw-audit-passing dd");
  expect(words()).toEqual(["≥ 0.500", "≥ 0.700", "7", "3", "3"]);
  press(joint(el), "ArrowLeft");
  expect(joint(el).dataset.old).toBe("0.25");
  expect(words()[0]).toBe("≥ 0.250");
  expect(words()[2]).toContain("≈");
  expect(joint(el).getAttribute("aria-valuenow")).toBe("0.25");
  const lines = all(el, ".embw-audit-joint [data-line]").map((one) => one.getAttribute("data-line"));
  expect(lines).toEqual(["new", "old"]);
  press(joint(el), "Home");
  expect(joint(el).dataset.old).toBe("0");
  const back = all(el, "button").find((one) => one.textContent === "Back to the audited one") as HTMLElement;
  click(back);
  expect(words()[2]).toBe("7");
});

test("without queries, judgements, groups and a threshold it says what is missing", () => {
  const el = open(plainState());
  expect(texts(el, ".embw-audit-word")).toEqual(["Cannot tell"]);
  expect(el.textContent).toContain("No group has five queries or more.");
  expect(joint(el)).toBeNull();
  expect(asked(el)[0]).toBe("document 2");
  expect(all(el, ".embw-audit-curves svg[role=slider]")).toHaveLength(1);
});

test("where documents ask, lines are pointed at and marked as documents everywhere", () => {
  const el = open(plainState());
  const [line, other] = all(el, ".embw-audit-query");
  line.dispatchEvent(new Event("pointerover", { bubbles: true }));
  vi.advanceTimersByTime(300);
  expect(fake.state.hovered).toBe(2);
  fake.fromPython({ selected: wire("<u4", [1], [2]) });
  expect([line, other].map((one) => one.classList.contains("embw-current"))).toEqual([true, false]);
});

test("no query at all is no failure", () => {
  const none = { query_rows: [], change: [], kept: [] };
  const arrays = Object.fromEntries(
    Object.entries(none).map(([name]) => [name, { dtype: "<f4", shape: [0], data: new ArrayBuffer(0) }]),
  );
  const el = open(plainState({ ...(arrays as object), queries: 0 }));
  expect(el.textContent).toContain("No query is listed");
});

test("a view that is gone hears nothing more", () => {
  open();
  life.abort();
  expect(fake.listenerCount).toBe(0);
});
