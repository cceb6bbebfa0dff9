/** What is measured of the two spaces themselves, and of bridges between them, folded away. Owns no state. */
import { h } from "../../page/dom";
import { count, value } from "../../page/format";
import { scrollRegion } from "../../page/scroll_region";
import type { AuditTableRow, BridgeRow } from "../../state/audit";
import type { AuditContext } from "./context";
import { measureName, signedShort } from "./words";

/** Whole numbers as such, others in three digits. */
export const plain = (v: number | null): string => (v === null ? "–" : Number.isInteger(v) ? count(v) : value(v));

/** Of results and of neighbours the same is measured. */
const nameOf = ({ aspect, what }: AuditTableRow): string =>
  aspect === "neighbours" ? `neighbours of documents: ${what}` : what;

const interval = (low: number | null, high: number | null): string =>
  low === null || high === null ? "" : `${signedShort(low)} to ${signedShort(high)}`;

interface Table {
  caption: string;
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}

function table({ caption, heads, rows }: Table, signal: AbortSignal): HTMLElement {
  const head = h("tr", {}, ...heads.map((name) => h("th", { scope: "col" }, name)));
  const body = rows.map(([name, ...cells]) =>
    h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((text) => h("td", {}, text))),
  );
  const node = h("table", { class: "embw-table" }, h("caption", {}, caption));
  node.append(h("thead", {}, head), h("tbody", {}, ...body));
  const box = h("div", { class: "embw-audit-table" }, node);
  scrollRegion(box, caption, signal);
  return box;
}

function measured(rows: readonly AuditTableRow[], names: readonly [string, string]): Table {
  const lines = rows.map((row) => [
    nameOf(row),
    plain(row.old),
    plain(row.new),
    row.change === null ? "" : value(row.change),
    interval(row.low, row.high),
  ]);
  return { caption: "Measured", heads: ["what", ...names, "change", "95 % interval"], rows: lines };
}

function bridged(rows: readonly BridgeRow[], { data }: AuditContext): Table {
  const ends = (v: (number | null)[] | null, sign: boolean) => {
    if (!v) return "–";
    const [middle, low, high] = v.map((one) => (sign ? signedShort(one) : value(one)));
    return `${middle} (${low} to ${high})`;
  };
  const heads = [
    "bridge",
    "share of new's results",
    ...(data.judged ? [`${measureName(data)} against old`, "against new"] : []),
    "fitted on",
  ];
  const lines = rows.map((row) => [
    row.method,
    ends(row.kept, false),
    ...(data.judged ? [ends(row.against_old, true), ends(row.against_new, true)] : []),
    `${count(row.fitted)} documents`,
  ]);
  return { caption: "Bridges: old vectors carried into the new space", heads, rows: lines };
}

export function spaces(context: AuditContext, signal: AbortSignal): HTMLElement {
  const { model, shortNames } = context.data;
  const rows = (model.get("table") ?? []).filter(({ aspect }) => aspect !== "threshold");
  const bridges = model.get("bridges") ?? [];
  const told = [measured(rows, shortNames), ...(bridges.length ? [bridged(bridges, context)] : [])];
  const parts = told.map((one) => table(one, signal));
  const summary = h(
    "summary",
    { tabindex: 0 },
    bridges.length ? "The two spaces, and bridges between them" : "The two spaces",
  );
  return h("details", { class: "embw-fold" }, summary, h("div", { class: "embw-audit-spaces" }, ...parts));
}
