/** Yes, partly or no; what was gained and what given up. Pure; owns no state. */

import { h } from "../../page/dom";
import type { AlignmentModel } from "../../state/alignment";
import "./answer.css";

const GLYPHS = { yes: "✓", partly: "◐", no: "✗" };

/** The finding, its parts set apart; where it has none, as one sentence. */
export function answerBox(model: AlignmentModel): HTMLElement {
  const answer = model.get("answer");
  if (!("verdict" in answer)) return h("p", { class: "embw-sentence" }, model.get("sentence"));
  const glyph = h("span", { class: "embw-answer-glyph", "aria-hidden": "true" }, GLYPHS[answer.verdict]);
  const node = h("div", { class: "embw-answer", "data-verdict": answer.verdict });
  if (answer.before) node.append(h("p", { class: "embw-answer-warning" }, answer.before));
  node.append(h("p", { class: "embw-sentence" }, glyph, ...headed(answer.lead)));
  node.append(h("p", { class: "embw-number" }, answer.numbers));
  const parts = [answer.gained, answer.given_up].map((text) => h("p", {}, ...headed(text)));
  node.append(h("div", { class: "embw-answer-parts" }, ...parts));
  if (answer.more) node.append(h("p", { class: "embw-muted" }, answer.more));
  return node;
}

/** What stands before the first colon is the word that answers. */
function headed(text: string): (HTMLElement | string)[] {
  const at = text.indexOf(":");
  return at < 0 ? [text] : [h("strong", {}, text.slice(0, at + 1)), text.slice(at + 1)];
}
