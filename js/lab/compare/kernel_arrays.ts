/** Which variables of a running kernel are arrays of two dimensions: asked for by name and shape, and nothing changed. */
import type { Kernel, KernelMessage, ServiceManager, Session } from "@jupyterlab/services";
import { pythonString } from "../python_source";

export interface KernelArray {
  readonly name: string;
  readonly rows: number;
  readonly width: number;
}

export interface KernelNames {
  readonly arrays: readonly KernelArray[];
  /** Those of the names that a notebook would make which the kernel has already. */
  readonly taken: readonly string[];
}

/** A kernel that runs Python, and what it belongs to. */
export interface RunningKernel {
  readonly id: string;
  /** The notebook or console, as the file browser has it. */
  readonly path: string;
}

export const OWN_NAMES = ["first", "second", "items", "comparison"] as const;

/** Types are known by their module: no attribute of what anybody else has made is touched. */
const PROBE = `
import json
arrays = []
for name, value in sorted(space.items()):
    module = type(value).__module__.partition(".")[0]
    if name.startswith("_") or module not in ("numpy", "torch", "dask", "jax", "jaxlib", "cupy", "embwidget"):
        continue
    shape = getattr(value, "shape", ())
    if isinstance(shape, tuple) and len(shape) == 2 and all(isinstance(one, int) for one in shape):
        arrays.append([name, *shape])
print(json.dumps([arrays, [name for name in own if name in space]]))
`;

const CODE = `exec(${pythonString(PROBE)}, {"space": globals(), "own": ${JSON.stringify(OWN_NAMES)}})`;

/** Sessions whose kernel runs Python, in the order of their paths. */
export function pythonKernels({ sessions, kernelspecs }: ServiceManager.IManager): RunningKernel[] {
  const running = [...sessions.running()].filter((one: Session.IModel) => {
    const spec = kernelspecs.specs?.kernelspecs[one.kernel?.name ?? ""];
    return spec?.language.toLowerCase() === "python";
  });
  const found = running.map((one) => ({ id: one.kernel?.id ?? "", path: one.path }));
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Asks the kernel, which answers when what it runs is done. */
export async function kernelNames(services: ServiceManager.IManager, id: string): Promise<KernelNames> {
  const model = await services.kernels.findById(id);
  if (!model) throw new Error("expected a running kernel but it has ended; choose another");
  const kernel = services.kernels.connectTo({ model, handleComms: false });
  try {
    const said = await printed(kernel, CODE);
    const [arrays, taken] = JSON.parse(said) as [[string, number, number][], string[]];
    return { arrays: arrays.map(([name, rows, width]) => ({ name, rows, width })), taken };
  } finally {
    kernel.dispose();
  }
}

/** What the code prints, not shown anywhere and not in the kernel's history. */
async function printed(kernel: Kernel.IKernelConnection, code: string): Promise<string> {
  const future = kernel.requestExecute({ code, silent: true, store_history: false });
  let said = "";
  future.onIOPub = (message: KernelMessage.IIOPubMessage) => {
    if (message.header.msg_type === "stream") said += (message as KernelMessage.IStreamMsg).content.text;
  };
  const reply = await future.done;
  if (reply.content.status !== "ok") {
    const why = reply.content.status === "error" ? reply.content.evalue : "it turned the question away";
    throw new Error(`expected the kernel to list its arrays but got: ${why}`);
  }
  return said;
}
