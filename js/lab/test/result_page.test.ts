import { describe, expect, it } from "vitest";
import type { Desk } from "../desk";
import { resultPage } from "../results/result_page";

interface Reply {
  readonly status: string;
  readonly ename?: string;
  readonly evalue?: string;
}
type Answer = (code: string) => { said?: string; shown?: string; reply?: Reply } | undefined;

const trans = {
  __: (text: string, ...given: string[]) => given.reduce((said, one, i) => said.replace(`%${i + 1}`, one), text),
};

/** A server whose kernel answers each request so; undefined never answers. */
function server(answer: Answer) {
  const asked: string[] = [];
  const begun: { path: string; kernel: { name: string } }[] = [];
  const over = { shutdown: 0 };
  const kernel = {
    statusChanged: { connect: (heard: (kernel: unknown, status: string) => void) => died.push(heard) },
    requestExecute: ({ code }: { code: string }) => {
      asked.push(code);
      const { said, shown, reply } = answer(code) ?? {};
      const future = {
        onIOPub: (_message: unknown) => undefined,
        done: new Promise((resolve) => {
          if (answer(code) === undefined) return;
          queueMicrotask(() => {
            if (said) future.onIOPub({ header: { msg_type: "stream" }, content: { name: "stdout", text: said } });
            if (shown)
              future.onIOPub({ header: { msg_type: "display_data" }, content: { data: { "text/html": shown } } });
            resolve({ content: reply ?? { status: "ok" } });
          });
        }),
      };
      return future;
    },
  };
  const died: ((kernel: unknown, status: string) => void)[] = [];
  const sessions = {
    startNew: async (given: (typeof begun)[number]) => {
      begun.push(given);
      return { kernel, shutdown: async () => over.shutdown++, dispose: () => undefined };
    },
  };
  const specs = {
    default: "r",
    kernelspecs: { r: { name: "r", language: "R" }, py: { name: "py", language: "python", display_name: "Py" } },
  };
  const contents = { localPath: (path: string) => path.replace(/^RTC:/, "") };
  const app = { serviceManager: { sessions, contents, kernelspecs: { specs } } };
  return {
    desk: { app, trans } as unknown as Desk,
    asked,
    begun,
    over,
    die: () => {
      for (const heard of died) heard(kernel, "dead");
    },
  };
}

const silent = { doing: () => undefined, found: () => undefined };
const works: Answer = (code) =>
  code.startsWith("result") ? { said: "Found.\n" } : code.includes("display(") ? { shown: "<page>" } : {};

describe("resultPage", () => {
  it("asks a kernel of Python in the file's folder, tells the finding first, and ends the kernel", async () => {
    const { desk, asked, begun, over } = server(works);
    const told: string[] = [];
    const page = await resultPage(
      desk,
      'RTC:a/it\'s "b".embw',
      { doing: (said) => told.push(said), found: (said) => told.push(said) },
      new AbortController().signal,
    );
    expect(page).toBe("<page>");
    expect(begun[0].kernel.name).toBe("py");
    expect(begun[0].path).toMatch(/^a\/it's "b"\.embw-./);
    expect(asked[1]).toContain('embwidget.load("it\'s \\"b\\".embw")');
    expect(told.indexOf("Found.")).toBe(told.indexOf("Drawing its page…") - 1);
    expect(over.shutdown).toBe(1);
  });
  it.each([
    [
      "import",
      { status: "error", ename: "ModuleNotFoundError", evalue: "No module named 'embwidget'" },
      /No module named 'embwidget'. Install embwidget for the kernel Py/,
    ],
    [
      "result",
      { status: "error", ename: "ValueError", evalue: "expected a file but got another" },
      /^expected a file but got another$/,
    ],
    ["result", { status: "error", ename: "KeyboardInterrupt", evalue: "" }, /^KeyboardInterrupt$/],
    ["from", { status: "ok" }, /expected a page but the kernel sent none/],
    ["from", { status: "aborted" }, /turned the work away/],
  ])("of what fails at %j it says why and ends the kernel", async (at, reply, said) => {
    const { desk, over } = server((code) => (code.startsWith(at) ? { reply } : works(code)));
    await expect(resultPage(desk, "x.embw", silent, new AbortController().signal)).rejects.toThrow(said);
    expect(over.shutdown).toBe(1);
  });
  it("ends the kernel of a page that nobody waits for any more, and says when a kernel dies", async () => {
    const hangs: Answer = (code) => (code.startsWith("result") ? undefined : works(code));
    const left = new AbortController();
    const gone = server(hangs);
    const one = resultPage(gone.desk, "x.embw", silent, left.signal);
    setTimeout(() => left.abort(), 5);
    await expect(one).rejects.toThrow(/abort/i);
    const dead = server(hangs);
    const other = resultPage(dead.desk, "x.embw", silent, new AbortController().signal);
    setTimeout(dead.die, 5);
    await expect(other).rejects.toThrow(/the kernel died/);
    expect([gone.over.shutdown, dead.over.shutdown]).toEqual([1, 1]);
  });
});
