/** The button that saves a view as one file. */
// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { savePage } from "../../src/opening/save_page";
import { FakeModel } from "../support/model";

const FILE = new DataView(new Uint8Array([60]).buffer);

test("only the button that asked saves what comes, and one that is gone hears nothing", () => {
  const saved = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
  const model = new FakeModel();
  const [life, other] = [new AbortController(), new AbortController()];
  const node = savePage(model.model, "map_pair", { embedded: false }, life.signal);
  savePage(model.model, "explorer", {}, other.signal);
  document.body.append(node);
  model.emit("msg:custom", { type: "page" }, [FILE]);
  expect(saved).not.toHaveBeenCalled();
  node.querySelector("button")?.click();
  expect(model.sent).toEqual([{ type: "page", kind: "map_pair", options: { embedded: false } }]);
  model.emit("msg:custom", { type: "page" }, [FILE]);
  expect(saved).toHaveBeenCalledTimes(1);
  expect(node.textContent).toContain("Saved embwidget-map-pair.html.");
  life.abort();
  other.abort();
  expect(model.listenerCount).toBe(0);
});

test("it says when there is nobody to write the page, and when that failed", () => {
  const model = new FakeModel();
  const node = savePage(model.model, "explorer", {}, new AbortController().signal);
  node.querySelector("button")?.click();
  model.emit("change:error");
  expect(node.textContent).toContain("could not be written");
  model.send = () => {
    throw new Error("no comm");
  };
  node.querySelector("button")?.click();
  expect(node.textContent).toContain("No kernel");
});
