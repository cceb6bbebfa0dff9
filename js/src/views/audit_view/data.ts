/** An audit, decoded once. Written by Python only; owns no state but caches. */
import { namesBeside } from "../../chart/names_beside";
import { decode, type Numbers } from "../../state/arrays";
import type { AuditGroup, AuditModel } from "../../state/audit";
import type { SceneData } from "../../state/data";
import { type Change, changeOf } from "./change";

/** Of both, in pixels: about twenty letters each. */
const NAME_ROOM = 280;
const NAME_SIZE = 12;

export class AuditData {
  readonly names: readonly [string, string];
  /** The same where there is little room, never alike. */
  readonly shortNames: readonly [string, string];
  readonly k: number;
  /** Numbers of the queries that are here. */
  readonly rows: Numbers;
  readonly change: Numbers;
  readonly kept: Numbers;
  readonly judged: boolean;
  readonly groups: readonly AuditGroup[];
  readonly ofDocuments: boolean;
  private readonly quality: Numbers;
  private readonly lists: readonly [Numbers, Numbers];
  private readonly grades: readonly [Numbers, Numbers];
  private readonly width: number;
  private readonly members: Numbers;
  private readonly places: Map<number, number>;
  private readonly texts: readonly string[];

  constructor(
    readonly model: AuditModel,
    readonly items: SceneData,
  ) {
    const [old = "old", fresh = "new"] = model.get("names") ?? [];
    this.names = [old, fresh];
    const [shortOld = old, shortNew = fresh] = namesBeside([old, fresh], "", NAME_ROOM, NAME_SIZE);
    this.shortNames = [shortOld, shortNew];
    this.k = model.get("k");
    this.rows = decode(model.get("query_rows"));
    this.change = decode(model.get("change"));
    this.kept = decode(model.get("kept"));
    this.quality = decode(model.get("quality"));
    this.judged = this.quality.length > 0;
    this.groups = model.get("groups") ?? [];
    this.ofDocuments = model.get("of_documents");
    this.lists = [decode(model.get("lists_old")), decode(model.get("lists_new"))];
    this.grades = [decode(model.get("grades_old")), decode(model.get("grades_new"))];
    this.width = model.get("lists_old")?.shape?.[1] ?? 0;
    this.members = decode(model.get("group_rows"));
    this.texts = model.get("query_texts") ?? [];
    this.places = new Map(Array.from(this.rows, (row, at) => [row, at]));
  }

  /** Where a query is among those that are here; −1 where it is not. */
  placeOf(query: number): number {
    return this.places.get(query) ?? -1;
  }

  /** Places of the queries about a group. */
  membersOf(group: number): number[] {
    const start = this.groups.slice(0, group).reduce((sum, one) => sum + one.members, 0);
    const rows = this.members.subarray(start, start + (this.groups[group]?.members ?? 0));
    return Array.from(rows, (row) => this.placeOf(row));
  }

  qualityOf(place: number): readonly [number, number] {
    return this.judged ? [this.quality[2 * place], this.quality[2 * place + 1]] : [Number.NaN, Number.NaN];
  }

  /** How many of its results are kept; a mean over ties need not be whole. */
  keptOf(place: number): number {
    return Math.round(1e4 * this.kept[place] * this.k) / 1e4;
  }

  /** A query in words: a document where these ask. */
  describe(place: number): string {
    const row = this.rows[place];
    if (this.ofDocuments) return this.items.describe(row);
    return this.texts[place] || `query ${row}`;
  }

  /** What of its results is kept, lost and gained. */
  changeOf(place: number): Change {
    const [from, to] = [place * this.width, (place + 1) * this.width];
    const [old, fresh] = this.lists.map((list) => list.subarray(from, to));
    const [a, b] = this.grades.map((grade) => grade.subarray(from, to));
    return changeOf({ rows: old, grades: a }, { rows: fresh, grades: b });
  }

  /** Whether a grade is that of a relevant document. */
  isRelevant(grade: number): boolean {
    const from = this.model.get("relevant_from");
    return from !== null && grade >= from;
  }
}
