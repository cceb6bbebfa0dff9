// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { freshPages, head, open, PICTURES, page, press, row, shown } from "../../support/gallery_page";
import { aloneState } from "../../support/model";

freshPages();

beforeEach(() => {
  vi.stubGlobal("createImageBitmap", async () => ({ width: 300, height: 200, close: () => {} }));
  const context = { clearRect: () => {}, measureText: () => ({ width: 10 }), drawImage: () => {} };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(context as never);
});

const asked = () => page.fake.sent.filter((one) => (one as { type: string }).type === "picture");
const dialog = (el: HTMLElement) => el.querySelector("dialog") as HTMLDialogElement;

function enlarge(): HTMLElement {
  const el = open("gallery", { ...aloneState(), tiles: PICTURES });
  head(el, 0).click();
  row(el, 0).querySelector<HTMLElement>('.embw-member[data-row="17"]')?.click();
  return el;
}

test("a click on a picture shows it in full, keeps it in the maps, and asks Python for it", () => {
  const el = enlarge();
  expect([dialog(el).open, dialog(el).querySelector<HTMLElement>(".embw-stage")?.dataset.row]).toEqual([true, "17"]);
  expect(dialog(el).textContent).toContain("2 of 24");
  expect(dialog(el).textContent).toContain("<img src=x onerror=alert(1)>");
  expect(dialog(el).querySelector("img")).toBeNull();
  expect(asked()).toEqual([{ type: "picture", row: 17 }]);
  expect(row(el, 0).querySelector(".embw-member.embw-pinned")?.getAttribute("data-row")).toBe("17");
});

test("until it is there the small tile stands for it, its pixels not smoothed", async () => {
  const el = enlarge();
  const canvas = () => dialog(el).querySelector("canvas") as HTMLCanvasElement;
  expect([canvas().className, canvas().width]).toEqual(["embw-coarse", 64]);
  page.fake.emit("msg:custom", { type: "picture", row: 17, mime: "image/png" }, [new DataView(new ArrayBuffer(1))]);
  await vi.advanceTimersByTimeAsync(1);
  expect([canvas().className, canvas().width, canvas().height]).toEqual(["embw-fine", 300, 200]);
});

test("arrow keys step through the list, Esc closes it and lets the item stay", async () => {
  const el = enlarge();
  const rows = shown(el, 0);
  press(dialog(el), "ArrowRight");
  press(dialog(el), "ArrowRight");
  press(dialog(el), "ArrowLeft");
  expect(dialog(el).querySelector<HTMLElement>(".embw-stage")?.dataset.row).toBe(String(rows[2]));
  // What comes for an item that is no longer shown does not take the place of the one that is.
  page.fake.emit("msg:custom", { type: "picture", row: 17, mime: "image/png" }, [new DataView(new ArrayBuffer(1))]);
  await vi.advanceTimersByTimeAsync(1);
  expect(dialog(el).querySelector("canvas")?.className).toBe("embw-coarse");
  press(dialog(el), "Escape");
  expect(dialog(el).open).toBe(false);
  const pinned = row(el, 0).querySelector(".embw-member.embw-pinned");
  expect(pinned?.getAttribute("data-row")).toBe(String(rows[2]));
});
