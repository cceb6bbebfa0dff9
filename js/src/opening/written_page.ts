/**
 * A view as one file, which Python writes.
 *   synced  nothing; asks {type: "page", kind, options}, and Python answers the same message with the file as its buffer
 *   view    whether this one's file is waited for
 */
import type { AnyModel } from "@anywidget/types";
import { sendMessage } from "../page/tell_python";

/** As much of a scene's model as this needs. */
export type Asked = Pick<AnyModel, "get" | "send" | "on" | "off">;

/** What becomes of it. */
interface Hears {
  written(page: Blob): void;
  /** The kernel is gone, or Python could not. */
  failed(why: string): void;
}

/** Asks for the page each time it is called. */
export function pageWriter(model: Asked, kind: string, options: object, hears: Hears, signal: AbortSignal): () => void {
  let waiting = false;
  const heard = (message: { type?: string } | undefined, buffers: DataView[]) => {
    if (!waiting || message?.type !== "page" || !buffers?.length) return;
    waiting = false;
    hears.written(new Blob([buffers[0] as BlobPart], { type: "text/html" }));
  };
  const fail = (why: string) => {
    if (waiting) hears.failed(why);
    waiting = false;
  };
  const failed = () => fail("The page could not be written.");
  model.on("msg:custom", heard);
  model.on("change:error", failed);
  signal.addEventListener("abort", () => {
    model.off("msg:custom", heard);
    model.off("change:error", failed);
  });
  return () => {
    waiting = true;
    if (!sendMessage(model, { type: "page", kind, options })) fail("No kernel is there to write the page.");
  };
}
