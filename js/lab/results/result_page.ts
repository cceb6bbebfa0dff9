/** The page of a saved result, made by a kernel of its own that ends with it. */
import type { Kernel, KernelMessage } from "@jupyterlab/services";
import { type Desk, pythonSpec } from "../desk";
import { fileName, folderOf, inside, stem } from "../places";
import { pythonString } from "../python_source";

export interface Telling {
  /** What is being done. */
  readonly doing: (said: string) => void;
  /** The finding, known before its page is made. */
  readonly found: (sentence: string) => void;
}

/** Loads the file in a new kernel and returns its page; the kernel is gone when this ends, however it ends. */
export async function resultPage(desk: Desk, path: string, told: Telling, signal: AbortSignal): Promise<string> {
  const { trans, app } = desk;
  const local = app.serviceManager.contents.localPath(path);
  told.doing(trans.__("Starting a kernel…"));
  const { name, display_name } = pythonSpec(desk);
  // By the folder of its path a session knows where to work; the name is nobody else's.
  const place = inside(folderOf(local), `${fileName(local)}-${crypto.randomUUID()}`);
  const label = trans.__("Page of %1", fileName(local));
  const asked = { name: label, path: place, type: "file", kernel: { name } };
  // Nobody here answers the widgets that are made on the way to the page.
  const session = await app.serviceManager.sessions.startNew(asked, {
    kernelConnectionOptions: { handleComms: false },
  });
  try {
    const { kernel } = session;
    if (!kernel) throw new Error(`expected a kernel of ${display_name} but got none; see the server's log`);
    const run = (code: string) => runIn(kernel, code, signal);
    told.doing(trans.__("Loading embwidget in %1…", display_name));
    await run("import embwidget").catch((error: Error) => {
      throw new Error(trans.__("%1. Install embwidget for the kernel %2.", error.message, display_name));
    });
    told.doing(trans.__("Reading %1…", fileName(local)));
    const said = await run(`result = embwidget.load(${pythonString(fileName(local))}); print(result.sentence)`);
    told.found(said.printed.trim());
    told.doing(trans.__("Drawing its page…"));
    const page = `embwidget.to_html(result, title=${pythonString(stem(local))})`;
    const { shown } = await run(`from IPython.display import display; display({"text/html": ${page}}, raw=True)`);
    if (shown === "") throw new Error("expected a page but the kernel sent none");
    return shown;
  } finally {
    await session.shutdown().catch(() => undefined);
    session.dispose();
  }
}

/** What the code prints and displays; an error of Python is an error here. */
async function runIn(
  kernel: Kernel.IKernelConnection,
  code: string,
  signal: AbortSignal,
): Promise<{ printed: string; shown: string }> {
  signal.throwIfAborted();
  let printed = "";
  let shown = "";
  const future = kernel.requestExecute({ code, store_history: false });
  future.onIOPub = (message: KernelMessage.IIOPubMessage) => {
    const { msg_type } = message.header;
    if (msg_type === "stream") {
      const { name, text } = (message as KernelMessage.IStreamMsg).content;
      if (name === "stdout") printed += text;
    }
    if (msg_type === "display_data") {
      shown += String((message as KernelMessage.IDisplayDataMsg).content.data["text/html"] ?? "");
    }
  };
  const gone = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    kernel.statusChanged.connect((_kernel, status) => {
      if (status === "dead" || status === "autorestarting")
        reject(new Error("the kernel died; memory may have run out"));
    });
  });
  const reply = await Promise.race([future.done, gone]);
  if (reply.content.status === "error") throw new Error(reply.content.evalue || reply.content.ename);
  if (reply.content.status !== "ok") throw new Error("the kernel turned the work away");
  return { printed, shown };
}
