/** What is shown of the groups: how many items, how large, which kind of groups. View state: the look it sets. */

import { button, choice, h } from "../../page/dom";
import { rove } from "../../page/roving";
import type { Context } from "../../state/context";
import { directionsSwitch } from "./directions";
import { COUNTS, cardSize, type Look, SIZES } from "./look";

const WORDS: Record<string, string> = { S: "Small", M: "Middle-sized", L: "Large", XL: "Very large", XXL: "Largest" };

export function galleryToolbar(
  context: Context,
  look: Look,
  changed: () => void,
  rest: readonly HTMLElement[],
  signal: AbortSignal,
): HTMLElement {
  return h(
    "div",
    { class: "embw-toolbar" },
    ...(context.tiles.available ? [sizes(look, changed, signal)] : []),
    ...counts(look, changed, signal),
    directionsSwitch(context, signal),
    h("span", { class: "embw-spring" }),
    ...rest,
  );
}

function sizes(look: Look, changed: () => void, signal: AbortSignal): HTMLElement {
  const entries = SIZES.map(([name, pixels]) => {
    const title = `${WORDS[name]} pictures: ${pixels} pixels in a line, ${cardSize(pixels)} in an open group`;
    return [String(pixels), name, title] as const;
  });
  const put = (pixels: string) => {
    look.size = Number(pixels);
    changed();
  };
  const shown = choice<string>("Size of the pictures", entries, put, signal);
  shown.set(String(look.size));
  return shown.node;
}

function counts(look: Look, changed: () => void, signal: AbortSignal): HTMLElement[] {
  const said = () => `${look.count} items`;
  const shown = h("output", { class: "embw-number embw-muted", title: "In an open group" }, said());
  const step = (by: number) => () => {
    look.count = COUNTS[Math.max(0, Math.min(COUNTS.length - 1, COUNTS.indexOf(look.count) + by))];
    shown.textContent = said();
    changed();
  };
  const node = h(
    "div",
    { role: "group", "aria-label": "Items of an open group", class: "embw-choice" },
    button("−", "Fewer items in an open group", step(-1), signal),
    button("+", "More items in an open group", step(1), signal),
  );
  rove(node, "button", signal);
  return [node, shown];
}
