/**
 * Single pictures as large as a page shows them. View state: those that are waited for.
 * The page asks {type: "picture", row}; Python answers the same message with the picture as its buffer.
 */
import { sendMessage } from "../page/tell_python";
import type { Model } from "./scene";

type Got = (picture: ImageBitmap) => void;

export class FullPictures {
  private readonly waiting = new Map<number, Got[]>();

  constructor(private readonly model: Model) {}

  /** Calls back with the picture, which is then the caller's to close; where no kernel answers, never. */
  ask(row: number, got: Got): void {
    const others = this.waiting.get(row);
    this.waiting.set(row, [...(others ?? []), got]);
    if (!others && !sendMessage(this.model, { type: "picture", row })) this.waiting.delete(row);
  }

  async receive(row: number, file: Blob, signal: AbortSignal): Promise<void> {
    const all = this.waiting.get(row) ?? [];
    this.waiting.delete(row);
    for (const got of all) {
      const bitmap = await createImageBitmap(file);
      if (signal.aborted) bitmap.close();
      else got(bitmap);
    }
  }

  close(): void {
    this.waiting.clear();
  }
}
