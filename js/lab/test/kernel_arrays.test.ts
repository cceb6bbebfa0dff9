import type { ServiceManager } from "@jupyterlab/services";
import { describe, expect, it } from "vitest";
import { kernelNames, pythonKernels } from "../compare/kernel_arrays";

function services(said: string, status = "ok") {
  const over = { disposed: 0, asked: [] as { code: string; silent?: boolean; store_history?: boolean }[] };
  const kernel = {
    dispose: () => over.disposed++,
    requestExecute: (given: (typeof over.asked)[number]) => {
      over.asked.push(given);
      const future = {
        onIOPub: (_message: unknown) => undefined,
        done: Promise.resolve().then(() => {
          future.onIOPub({ header: { msg_type: "stream" }, content: { name: "stdout", text: said } });
          return { content: { status, ename: "E", evalue: "why" } };
        }),
      };
      return future;
    },
  };
  const running = [
    { path: "b.ipynb", kernel: { id: "1", name: "py" } },
    { path: "a.ipynb", kernel: { id: "2", name: "py" } },
    { path: "r.ipynb", kernel: { id: "3", name: "r" } },
    { path: "none", kernel: null },
  ];
  const manager = {
    sessions: { running: () => running.values() },
    kernelspecs: { specs: { kernelspecs: { py: { language: "Python" }, r: { language: "R" } } } },
    kernels: { findById: async (id: string) => (id === "1" ? { id } : undefined), connectTo: () => kernel },
  };
  return { manager: manager as unknown as ServiceManager.IManager, over };
}

describe("pythonKernels", () => {
  it("lists those of Python by their paths", () => {
    expect(pythonKernels(services("").manager).map((one) => one.path)).toEqual(["a.ipynb", "b.ipynb"]);
  });
});

describe("kernelNames", () => {
  it("asks in silence, and lets go of its connection", async () => {
    const { manager, over } = services('[[["clip", 40, 9]], ["items"]]');
    expect(await kernelNames(manager, "1")).toEqual({
      arrays: [{ name: "clip", rows: 40, width: 9 }],
      taken: ["items"],
    });
    expect(over.asked).toMatchObject([{ silent: true, store_history: false }]);
    expect(over.disposed).toBe(1);
  });
  it("says why there is no answer", async () => {
    const { manager, over } = services("", "error");
    await expect(kernelNames(manager, "1")).rejects.toThrow("expected the kernel to list its arrays but got: why");
    expect(over.disposed).toBe(1);
    await expect(kernelNames(manager, "gone")).rejects.toThrow("expected a running kernel but it has ended");
  });
});
