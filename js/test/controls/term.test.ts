// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { explained, term } from "../../src/controls/term";
import { MEASURE_TERMS, measureTerm, TERMS } from "../../src/page/terms";

let stop: AbortController;

beforeEach(() => {
  stop = new AbortController();
  document.body.replaceChildren();
});

function put(node: HTMLElement) {
  document.body.append(node);
  const mark = node.querySelector("button") as HTMLButtonElement;
  const note = node.querySelector("[role=note]") as HTMLElement;
  return { mark, note, open: () => mark.getAttribute("aria-expanded") === "true" && !note.hidden };
}

test("the mark opens the line, and Escape, itself or the loss of the focus closes it", () => {
  const { mark, note, open } = put(term("chance", stop.signal));
  expect(open()).toBe(false);
  mark.click();
  expect([open(), note.textContent, document.activeElement]).toEqual([true, TERMS.chance.line, mark]);
  mark.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect(open()).toBe(false);
  mark.click();
  mark.click();
  expect(open()).toBe(false);
  mark.click();
  mark.blur();
  expect(open()).toBe(false);
});

test("an Escape that closes goes no further, another one does", () => {
  const { mark } = put(term("k", stop.signal));
  let heard = 0;
  document.body.addEventListener("keydown", () => heard++, { signal: stop.signal });
  const leave = () => mark.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  mark.click();
  leave();
  expect(heard).toBe(0);
  leave();
  expect(heard).toBe(1);
});

test("the line describes the mark, whose name holds the word, and words are texts", () => {
  const hostile = "<img src=x onerror=alert(1)>";
  const { mark, note } = put(explained(hostile, hostile, stop.signal));
  expect(document.getElementById(mark.getAttribute("aria-describedby") ?? "")).toBe(note);
  expect(mark.getAttribute("aria-label")).toContain(hostile);
  expect(document.querySelector("img")).toBeNull();
  expect(note.textContent).toBe(hostile);
});

test("an end of the view closes what is open", () => {
  const { mark, open } = put(term("z", stop.signal));
  mark.click();
  stop.abort();
  expect(open()).toBe(false);
});

test("every line is one or two plain sentences, and a name that is no measure has none", () => {
  for (const { word, line } of [...Object.values(TERMS), ...Object.values(MEASURE_TERMS)]) {
    expect(word).not.toBe("");
    expect(line).toMatch(/^[A-Z0-9].*\.$/);
    expect(line.length).toBeLessThan(150);
  }
  expect(measureTerm("nngs")?.word).toBe("NNGS (Jaccard)");
  expect(measureTerm("toString")).toBeUndefined();
});
