/** The button that opens a view in a tab of its own, by whoever can. */
// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OPEN_IN_TAB, openInTab } from "../../src/controls/open_in_tab";
import { openOwnTab } from "../../src/opening/own_tab";
import { h } from "../../src/page/dom";
import { FakeModel } from "../support/model";

const FILE = new DataView(new Uint8Array([60]).buffer);
const ASKED = { type: "page", kind: "explorer", options: {} };
let life: AbortController;
let tab: { closed: boolean; opener: unknown; location: { replace: (to: string) => void }; document: Document };
let went: string[];

beforeEach(() => {
  life = new AbortController();
  went = [];
  const page = document.implementation.createHTMLDocument();
  tab = { closed: false, opener: window, location: { replace: (to) => went.push(to) }, document: page };
  vi.spyOn(window, "open").mockImplementation(() => tab as unknown as Window);
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:page");
});
afterEach(() => {
  life.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

function show(model = new FakeModel()) {
  const [el, root] = [h("div"), h("section")];
  el.append(root);
  root.append(openInTab(root, life.signal));
  document.body.append(el);
  openOwnTab(el, model.model, "explorer", {}, life.signal);
  return { model, el, root, press: () => root.querySelector("button")?.click() };
}

test("whoever takes the event opens it: nothing is asked, and the view can be found by its class", () => {
  const { model, el, press } = show();
  const taken: Element[] = [];
  const take = (event: Event) => {
    taken.push(event.target as Element);
    event.preventDefault();
  };
  document.addEventListener(OPEN_IN_TAB, take, { signal: life.signal });
  press();
  expect(taken.map((one) => [one.matches(".embwidget"), el.contains(one)])).toEqual([[true, true]]);
  expect([model.sent, window.open]).toEqual([[], expect.toSatisfy((open) => open.mock.calls.length === 0)]);
});

test("where nobody does, the saved page opens in a tab that cannot reach back", () => {
  const { model, press } = show();
  const other = show(new FakeModel());
  press();
  expect([model.sent, other.model.sent]).toEqual([[ASKED], []]);
  expect([tab.opener, tab.document.body.textContent]).toEqual([null, "Writing the page …"]);
  model.emit("msg:custom", { type: "page" }, [FILE]);
  model.emit("msg:custom", { type: "page" }, [FILE]);
  expect(went).toEqual(["blob:page"]);
});

test("the tab says why there is no page; a tab that is refused or closed asks for none or takes none", () => {
  const { model, press } = show();
  press();
  model.emit("change:error");
  expect(tab.document.body.textContent).toBe("The page could not be written.");
  press();
  tab.closed = true;
  model.emit("msg:custom", { type: "page" }, [FILE]);
  vi.spyOn(window, "open").mockReturnValue(null);
  press();
  expect([went, model.sent.length]).toEqual([[], 2]);
  life.abort();
  expect(model.listenerCount).toBe(0);
});
