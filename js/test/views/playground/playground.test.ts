// @vitest-environment happy-dom
import { expect, test } from "vitest";
import {
  buttonOf,
  drag,
  freshPages,
  held,
  meter,
  N,
  open,
  page,
  point,
  pointsOf,
  press,
  read,
  SIZE,
  state,
  wait,
} from "../../support/playground_page";

freshPages();

const told = (given = state()) => {
  const el = open(given);
  buttonOf(el, "Skip").click();
  wait();
  return el;
};

test("first one guesses, then the meters, the gap and the reason are shown", () => {
  const el = open();
  expect([read(el, "nngs"), read(el, "cka"), read(el, "spec")]).toEqual(["?", "?", "?"]);
  expect(el.textContent).toContain("What of insides?");
  expect(el.textContent).not.toContain("Because of insides.");
  expect(el.querySelector(".embw-play-met")).toBeNull();
  const slider = meter(el, "cka").querySelector("input") as HTMLInputElement;
  slider.value = "0.5";
  slider.dispatchEvent(new Event("input"));
  wait(50);
  expect(meter(el, "cka").textContent).toContain("your guess 0.50");
  buttonOf(el, "Show").click();
  expect([read(el, "nngs"), read(el, "cka"), read(el, "spec")]).toEqual(["0.08", "0.86", "0.05"]);
  expect(meter(el, "cka").textContent).toContain("you said 0.50, off by 0.36");
  // What was not guessed is not counted.
  expect(meter(el, "nngs").textContent).not.toContain("you said");
  expect(el.querySelector(".embw-play-score")?.textContent).toBe("1 guess, off by 36% of the axis on average");
  expect(el.textContent).toContain("Because of insides.");
  expect(el.querySelector("i:not(.embw-play-dots i)")).toBeNull();
  expect(el.querySelector(".embw-play-heard")?.textContent).toContain("Off by 0.36.");
});

test("another posture brings its points and its k, asks anew, and Python hears all of it", () => {
  const el = told();
  buttonOf(el, "<i>merged</i>").click();
  wait();
  expect(read(el, "nngs")).toBe("?");
  buttonOf(el, "Skip").click();
  expect([read(el, "nngs"), read(el, "cka"), read(el, "spec")]).toEqual(["0.55", "0.64", "0.25"]);
  expect(meter(el, "spec").textContent).toMatch(/X tells 20 triangles from 19 circles; Y does not\./);
  expect(el.querySelectorAll("[data-space=y] .embw-play-named")).toHaveLength(39);
  expect([held().posture, held().k]).toEqual(["merged", 10]);
  expect(held().meters.cka).toBeCloseTo(0.639, 3);
  expect(pointsOf(held().points_y)).toEqual(pointsOf(state("merged").points_y));
  expect(page.fake.saved.at(-1)).toHaveProperty("meters");
});

test("where nothing is shared no group is made much of", () => {
  const el = told(state("rows"));
  expect(read(el, "spec")).toBe("0.26");
  expect(meter(el, "spec").textContent).toContain("nothing is shared, and any group will do.");
});

test("who does not want to guess sees at once", () => {
  const el = open();
  const first = el.querySelector("input[type=checkbox]") as HTMLInputElement;
  first.click();
  wait();
  expect(read(el, "cka")).toBe("0.86");
  buttonOf(el, "<i>turned</i>").click();
  wait();
  expect([read(el, "nngs"), read(el, "cka"), read(el, "spec")]).toEqual(["1.00", "1.00", "0.00"]);
});

test("a dragged point moves the meters, Python hears when it is let go, and undo puts it back", () => {
  const el = told(state("turned"));
  const [saved, before] = [page.fake.saved.length, pointsOf(held().points_y)];
  drag(el, 4, [60, -30]);
  const after = pointsOf(held().points_y);
  const unit = (2 * 8.9) / SIZE;
  expect(after[8] - before[8]).toBeCloseTo(60 * unit, 6);
  expect(after[9] - before[9]).toBeCloseTo(30 * unit, 6);
  expect(after.filter((v, i) => v !== before[i])).toHaveLength(2);
  expect(page.fake.saved.length).toBe(saved + 1);
  expect(held().posture).toBe("");
  expect(Number(read(el, "nngs"))).toBeLessThan(1);
  expect(held().meters.nngs).toBeCloseTo(Number(read(el, "nngs")), 2);
  buttonOf(el, "Undo").click();
  wait();
  expect(pointsOf(held().points_y)).toEqual(before);
  expect(held().posture).toBe("turned");
});

test("with Shift the whole cluster comes along; a click pins", () => {
  const el = told(state("turned"));
  const before = pointsOf(held().points_y);
  drag(el, 25, [20, 0], { shiftKey: true });
  const moved = pointsOf(held().points_y).flatMap((v, i) => (v !== before[i] ? [Math.floor(i / 2)] : []));
  expect(moved).toEqual(Array.from({ length: 20 }, (_, i) => 20 + i));
  drag(el, 3, [0, 0]);
  expect(point(el, "y", 3).getAttribute("aria-pressed")).toBe("true");
  expect(point(el, "x", 3).classList.contains("embw-play-item")).toBe(true);
});

test("by keys: one Tab stop a space, arrows move, Page Down goes on, and the notebook sees none of it", () => {
  const el = told(state("turned"));
  const stops = () => el.querySelectorAll("[data-space=x] [tabindex='0']");
  expect(stops()).toHaveLength(1);
  point(el, "x", 0).focus();
  press(point(el, "x", 0), "PageDown");
  expect(document.activeElement).toBe(point(el, "x", 1));
  expect(stops()).toHaveLength(1);
  const before = pointsOf(held().points_x);
  let seen = 0;
  el.addEventListener("keydown", () => seen++);
  press(point(el, "x", 1), "ArrowRight");
  press(point(el, "x", 1), "ArrowRight");
  wait();
  const after = pointsOf(held().points_x);
  expect(after[2] - before[2]).toBeCloseTo((14 * 2 * 8.9) / SIZE, 6);
  expect(point(el, "x", 1).getAttribute("aria-label")).toContain(`at ${after[2].toFixed(1)}, ${after[3].toFixed(1)}`);
  // A run of keys is one step back.
  press(point(el, "x", 1), "z", { ctrlKey: true });
  wait();
  expect(pointsOf(held().points_x)).toEqual(before);
  press(point(el, "x", 1), "End");
  expect(document.activeElement).toBe(point(el, "x", N - 1));
  expect(seen).toBe(0);
});

test("each shuffle drops a grey dot on every meter, and a move takes them away", () => {
  const el = told(state("far"));
  const dots = (name: string) => meter(el, name).querySelectorAll(".embw-play-dots i");
  buttonOf(el, "Shuffle the rows of Y").click();
  wait();
  expect([dots("nngs").length, dots("cka").length, dots("spec").length]).toEqual([1, 1, 1]);
  buttonOf(el, "20 more").click();
  wait();
  expect(dots("nngs")).toHaveLength(21);
  expect(el.querySelectorAll(".embw-play-grey")).toHaveLength(63);
  const shares = [...dots("nngs")].map((one) => Number.parseFloat((one as HTMLElement).style.left));
  for (const share of shares) expect(Math.abs(share - 9.7)).toBeLessThan(6);
  // One point is most of Y: of CKA's chance no smooth curve is drawn.
  expect(el.querySelectorAll(".embw-play-law")).toHaveLength(1);
  const saved = page.fake.saved.length;
  drag(el, 30, [10, 10], {}, () => {
    expect(dots("nngs")).toHaveLength(0);
    expect(el.querySelectorAll(".embw-play-grey")).toHaveLength(0);
    expect(page.fake.saved.length).toBe(saved);
  });
  expect(dots("nngs")).toHaveLength(0);
  expect(el.querySelectorAll(".embw-play-law")).toHaveLength(1);
});

test("a challenge is met when the meters say so, and stays met", () => {
  const el = open();
  const met = () => [...el.querySelectorAll(".embw-play-challenges li")].map((one) => one.textContent?.slice(0, 1));
  expect(met()).toEqual(["○", "○", "○"]);
  buttonOf(el, "Skip").click();
  expect(met()).toEqual(["✓", "○", "○"]);
  buttonOf(el, "<i>far</i>").click();
  wait();
  buttonOf(el, "Skip").click();
  expect(met()).toEqual(["✓", "✓", "○"]);
  buttonOf(el, "Hint").click();
  expect(buttonOf(el, "Hint").getAttribute("aria-expanded")).toBe("true");
});

test("points that lie beyond the rim are pointed to, until all are fitted in", () => {
  const el = told(state("far"));
  const fit = [...el.querySelectorAll<HTMLButtonElement>("[data-space=y] button")].at(-1) as HTMLButtonElement;
  expect(point(el, "y", 18).getAttribute("aria-label")).toContain("beyond the rim");
  expect(fit.hidden).toBe(false);
  fit.click();
  wait();
  expect(point(el, "y", 18).getAttribute("aria-label")).not.toContain("beyond the rim");
  expect(el.querySelector("[data-space=y] figcaption")?.textContent).toMatch(/\d+ across/);
});

test("what Python puts is taken over, and a view that is closed leaves no listener behind", () => {
  const el = told();
  const { points_x, points_y } = state("carried");
  Object.assign(page.fake.state, { points_x, points_y, posture: "carried", k: 10 });
  for (const name of ["points_x", "points_y", "posture", "k"] as const) page.fake.emit(`change:${name}`);
  wait();
  expect(el.textContent).toContain("What of carried?");
  buttonOf(el, "Skip").click();
  expect([read(el, "nngs"), read(el, "cka")]).toEqual(["1.00", "0.79"]);
  page.life.abort();
  expect(page.fake.listenerCount).toBe(0);
  expect(el.childElementCount).toBe(0);
});
