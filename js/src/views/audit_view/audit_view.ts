/**
 * AuditView: should we switch, why, and who loses; then each query's results in old and in new, curves and thresholds.
 *   synced  reads and writes query, hovered, selected
 *   view    the group whose queries are listed, sort, search, where the threshold's line stands, the k that is read
 */
import { finding, provenance } from "../../controls/finding";
import { makeFrame } from "../../controls/frame";
import { skipLinks } from "../../controls/skip_links";
import { h, onResize, perFrame } from "../../page/dom";
import { onKeys } from "../../page/keyboard";
import type { AuditModel } from "../../state/audit";
import { type AuditContext, plainContext } from "./context";
import { AuditCurvesFigure } from "./curves";
import { GroupBars } from "./groups";
import { QueryList } from "./queries";
import { Results } from "./results";
import { spaces } from "./spaces";
import { ThresholdFigure } from "./thresholds";
import { verdict } from "./verdict";
import "./figures.css";
import "./lists.css";
import "./results.css";
// Last: what it says of narrow pages outweighs them.
import "./audit_view.css";

/** Escape goes back: from a query, then from a group, then from what is selected. */
function back({ opened, linked }: AuditContext): void {
  if (opened.query >= 0) opened.open(-1);
  else if (opened.group >= 0) opened.list(opened.group);
  else linked.select(new Uint32Array(0));
}

export function mountAudit(el: HTMLElement, model: AuditModel, context: AuditContext, signal: AbortSignal): void {
  const frame = makeFrame(el, "audit", "Should we switch?", plainContext(context), {}, signal);
  const queries = new QueryList(context, signal);
  const results = new Results(context, () => queries.current, signal);
  const curves = new AuditCurvesFigure(context, signal);
  const carried = "at" in model.get("thresholds") ? new ThresholdFigure(context, signal) : undefined;
  const groups = new GroupBars(context, signal);
  const left = h("div", { class: "embw-audit-left" }, groups.node, queries.node);
  const below = h("div", { class: "embw-audit-below" }, curves.node, ...(carried ? [carried.node] : []));
  frame.body.append(
    verdict(context),
    h("div", { class: "embw-audit-middle" }, left, results.node),
    below,
    spaces(context, signal),
  );
  const skip = skipLinks(frame.root, signal);
  skip("the groups", groups.node);
  skip("the queries", queries.node, ".embw-audit-query");
  skip("the results", results.node, ".embw-audit-document");
  skip("the curves", curves.node, "svg");
  frame.body.append(...finding("", model.get("notes") ?? []), provenance(model.get("provenance") ?? ""));
  const show = perFrame(() => results.show(), signal);
  queries.onRenew = show;
  context.opened.on(show, signal);
  show();
  const draw = perFrame(() => {
    curves.draw(frame.theme);
    carried?.draw(frame.theme);
    frame.root.dataset.drawn = String(Number(frame.root.dataset.drawn ?? 0) + 1);
  }, signal);
  onResize(below, draw, signal);
  frame.onTheme(draw);
  draw();
  // k is that of the decision: it does not move.
  const still = () => {};
  onKeys(frame.body, { Escape: () => back(context), "[": still, "]": still }, signal);
}
