/**
 * Which query is open, and the queries of which group are listed.
 *   synced  reads and writes query   view  group
 */
import { Frames } from "../../page/frames";
import { saveChanges } from "../../page/tell_python";
import type { AuditModel } from "../../state/audit";

export class Opened {
  query: number;
  /** Place of the group, or −1 for all queries. */
  group = -1;
  private readonly listeners = new Set<() => void>();
  private readonly frames: Frames;

  constructor(
    private readonly model: AuditModel,
    signal: AbortSignal,
  ) {
    this.query = model.get("query") ?? -1;
    const heard = () => {
      const query = model.get("query") ?? -1;
      if (query === this.query) return;
      this.query = query;
      this.tell();
    };
    model.on("change:query", heard);
    this.frames = new Frames(model.get("channel"), signal);
    const queries = () => model.get("queries");
    this.frames.shareWhole("query", -1, queries, (query) => {
      model.set("query", query);
      heard();
    });
    signal.addEventListener("abort", () => {
      model.off("change:query", heard);
      this.listeners.clear();
    });
  }

  on(heard: () => void, signal: AbortSignal): void {
    this.listeners.add(heard);
    signal.addEventListener("abort", () => this.listeners.delete(heard));
  }

  open(query: number): void {
    if (query === this.query) return;
    this.query = query;
    this.frames.tell("query", query);
    this.tell();
    this.model.set("query", query);
    saveChanges(this.model);
  }

  /** The same group again: all queries. */
  list(group: number): void {
    this.group = group === this.group ? -1 : group;
    this.tell();
  }

  private tell(): void {
    for (const heard of [...this.listeners]) heard();
  }
}
