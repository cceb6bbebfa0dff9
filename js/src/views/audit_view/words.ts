/** The words of an audit: its decision, its reasons, what its numbers are of. Pure; owns no state. */
import { count, value } from "../../page/format";
import type { Decision, ReasonRow } from "../../state/audit";
import type { AuditData } from "./data";

/** A mark and a word beside the colour: no verdict is told by colour alone. */
interface Verdict {
  mark: string;
  word: string;
  says: string;
  tone: "good" | "bad" | "open";
}

export function verdictOf(decision: Decision, [old, fresh]: readonly [string, string]): Verdict {
  const verdicts: Record<Decision, Verdict> = {
    switch: { mark: "✓", word: "Switch", says: `${fresh} can take over from ${old}.`, tone: "good" },
    bridge: {
      mark: "⇄",
      word: "Bridge",
      says: `${fresh} can take over from ${old}, and old vectors can be carried over instead of embedded again.`,
      tone: "good",
    },
    keep: { mark: "✗", word: `Keep ${old}`, says: `${fresh} answers worse than tolerated.`, tone: "bad" },
    "cannot tell": {
      mark: "?",
      word: "Cannot tell",
      says: `whether ${fresh} should replace ${old}.`,
      tone: "open",
    },
  };
  return verdicts[decision] ?? verdicts["cannot tell"];
}

/** Whether a reason speaks for the new space, as a mark and in words. */
export function markOf({ favourable }: ReasonRow): { mark: string; says: string; tone: Verdict["tone"] } {
  if (favourable === null) return { mark: "?", says: "speaks for neither", tone: "open" };
  return favourable
    ? { mark: "✓", says: "speaks for new", tone: "good" }
    : { mark: "✗", says: "speaks against new", tone: "bad" };
}

export const asking = (data: AuditData, n: number): string =>
  `${count(n)} ${data.ofDocuments ? (n === 1 ? "document" : "documents") : n === 1 ? "query" : "queries"}`;

/** What the change of a query or a group is of. */
export function changeWords(data: AuditData): string {
  if (data.judged) return `${measureName(data)}@${data.k}, new − old`;
  return `share of ${data.k} results kept`;
}

const SPELLED: Record<string, string> = { ndcg: "nDCG", mrr: "MRR", recall: "recall", hit: "hit rate" };
export const measureName = (data: AuditData): string => spelled(data.model.get("measure"));
export const spelled = (measure: string): string => SPELLED[measure] ?? measure;

/** Small changes of any number of digits, with a sign. */
export function signedShort(v: number | null | undefined): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return "–";
  const text = Math.abs(v).toFixed(2);
  return `${v < 0 && Number(text) > 0 ? "−" : Number(text) > 0 ? "+" : ""}${text}`;
}

export const threshold = (v: number): string => (Math.abs(v) >= 100 ? value(v) : v.toFixed(3).replace("-", "−"));
