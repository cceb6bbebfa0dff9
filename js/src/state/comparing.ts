/**
 * A comparison that is still under way (`embwidget/widgets/scenes/comparing_scene.py`); one that is over has none of this.
 *   synced  reads status, progress, failure, pending; asks Python to stop   view  nothing
 */
import type { AnyModel } from "@anywidget/types";
import { sendMessage } from "../page/tell_python";
import type { Progress, Status } from "./alignment";
import type { Model, State } from "./scene";

/** A measure that is still to come. */
export interface PendingRow {
  measure: string;
  title: string;
  /** Its row in the table of all that there will be. */
  row: number;
  leading: boolean;
}

export interface ComparingState extends State {
  status: Status;
  progress: Progress | Record<string, never>;
  failure: string;
  pending: PendingRow[];
}
type Change = `change:${"status" | "progress" | "failure" | "pending" | "scores" | "sentence" | "notes"}`;

export class Comparing {
  private readonly model: Pick<AnyModel<ComparingState>, "get" | "on" | "off" | "send">;

  constructor(model: Model) {
    this.model = model as unknown as typeof this.model;
  }

  get status(): Status {
    return this.model.get("status") ?? "done";
  }

  /** Whether there is nothing to show yet, or never will be. */
  get waits(): boolean {
    return this.status === "fitting" || (this.status === "failed" && !this.model.get("n"));
  }

  get runs(): boolean {
    return this.status === "fitting" || this.status === "scoring";
  }

  get progress(): Progress {
    const found = this.model.get("progress");
    return found && "share" in found
      ? (found as Progress)
      : { step: 0, steps: 1, share: 0, seconds: 0, seconds_left: null, what: "", stopped: false };
  }

  get pending(): readonly PendingRow[] {
    return this.model.get("pending") ?? [];
  }

  get failure(): string {
    return this.model.get("failure") ?? "";
  }

  on(changes: readonly Change[], heard: () => void, signal: AbortSignal): void {
    for (const change of changes) this.model.on(change, heard);
    signal.addEventListener("abort", () => {
      for (const change of changes) this.model.off(change, heard);
    });
  }

  /** Asks Python to end it; whether it could be asked. */
  stop(): boolean {
    return sendMessage(this.model, { type: "stop_comparing" });
  }
}
