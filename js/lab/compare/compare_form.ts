/** The fields of the dialog: where the two embeddings are, and how they are compared. */
import type { Dialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";
import type { Desk } from "../desk";
import { make, makeSelect } from "../dom";
import { type KernelArray, type KernelNames, kernelNames, type RunningKernel } from "./kernel_arrays";
import { type SourceDraft, SourceField } from "./source_field";

/** The dialog as it stands. */
export interface Draft {
  readonly sources: readonly [SourceDraft, SourceDraft];
  /** Of the kernel that has the variables. */
  readonly kernel: string;
  readonly metric: string;
  readonly k: number;
  readonly labels: string;
  readonly pictures: string;
}

interface Given {
  readonly kernels: readonly RunningKernel[];
  /** Files that are offered while a path is typed. */
  readonly known: readonly string[];
  /** What was wrong with the answer before. */
  readonly problem: string;
}

export class DraftForm extends Widget implements Dialog.IBodyWidget<Draft> {
  /** Asked for a file dialog, which takes the place of this one. */
  onBrowse = (): void => undefined;
  /** Whose file is looked for. */
  browsing: number | undefined;
  /** Names that the kernel has already. */
  taken: readonly string[] = [];
  private readonly fields: [SourceField, SourceField];
  private readonly kernel: HTMLSelectElement;
  private readonly kernelRow: HTMLElement;
  private readonly said = make("span", { className: "embw-lab-said" }, { role: "status" });
  private readonly metric: HTMLSelectElement;
  private readonly k: HTMLInputElement;
  private readonly labels: HTMLInputElement;
  private readonly pictures: HTMLInputElement;

  constructor(
    private readonly desk: Desk,
    draft: Draft,
    given: Given,
  ) {
    super({ node: make("form", {}, { novalidate: "" }) });
    const { trans } = desk;
    this.addClass("embw-lab-compare");
    const kernels = given.kernels.map(({ id, path }) => [id, path] as const);
    this.kernel = makeSelect("embw-kernel", kernels, draft.kernel);
    this.kernelRow = row(trans.__("Kernel"), this.kernel, this.said);
    const files = make(
      "datalist",
      { id: "embw-known" },
      {},
      ...given.known.map((path) => make("option", { value: path })),
    );
    const field = (place: 0 | 1, legend: string) =>
      new SourceField(desk, draft.sources[place], { place, legend, variables: kernels.length > 0 });
    this.fields = [field(0, trans.__("First embedding")), field(1, trans.__("Second embedding"))];
    const metrics = [
      ["cosine", trans.__("cosine")],
      ["euclidean", trans.__("euclidean")],
    ] as const;
    this.metric = makeSelect("embw-metric", metrics, draft.metric);
    this.k = make("input", { id: "embw-k", type: "number", min: "1", step: "1", required: true, value: `${draft.k}` });
    this.labels = make("input", { id: "embw-labels", type: "text", value: draft.labels, spellcheck: false });
    this.pictures = make("input", { id: "embw-pictures", type: "text", value: draft.pictures, spellcheck: false });
    this.node.append(this.problem(given.problem), files, ...this.fields.map((one) => one.node), this.kernelRow);
    this.node.append(this.how(), this.described(draft));
    this.listen();
  }

  /** Variables of the chosen kernel, by name. */
  get variables(): ReadonlySet<string> {
    return this.fields[0].variables;
  }

  getValue(): Draft {
    return {
      sources: [this.fields[0].value, this.fields[1].value],
      kernel: this.kernel.value,
      metric: this.metric.value,
      k: Number(this.k.value),
      labels: this.labels.value.trim(),
      pictures: this.pictures.value.trim(),
    };
  }

  protected onAfterAttach(): void {
    this.refill();
    void this.ask();
  }

  private problem(said: string): HTMLElement {
    return make("p", { className: "embw-lab-problem", textContent: said, hidden: said === "" }, { role: "alert" });
  }

  private how(): HTMLElement {
    const { trans } = this.desk;
    const one = row(trans.__("Metric"), this.metric);
    const other = row(trans.__("Neighbours (k)"), this.k);
    return make("div", { className: "embw-lab-pair" }, {}, one, other);
  }

  private described(draft: Draft): HTMLElement {
    const { trans } = this.desk;
    const hint = make("p", {
      id: "embw-described",
      className: "embw-lab-hint",
      textContent: trans.__(
        "A column of the first file, a variable of the kernel, or (labels) another file. Columns called label or image are found by themselves.",
      ),
    });
    for (const input of [this.labels, this.pictures]) input.setAttribute("aria-describedby", hint.id);
    const rows = [row(trans.__("Labels"), this.labels), row(trans.__("Pictures"), this.pictures)];
    const summary = make("summary", { textContent: trans.__("What the items are (optional)") });
    const open = draft.labels !== "" || draft.pictures !== "";
    return make("details", { open }, {}, summary, hint, make("div", { className: "embw-lab-pair" }, {}, ...rows));
  }

  private listen(): void {
    this.fields.forEach((field, i) => {
      field.onChange = () => this.refill();
      field.onBrowse = () => {
        this.browsing = i;
        this.onBrowse();
      };
    });
    this.kernel.addEventListener("change", () => void this.ask());
    this.node.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Shows what the choices ask for, and lets the dialog see whether all is filled in. */
  private refill(): void {
    this.kernelRow.hidden = this.fields.every((field) => field.value.kind === "file");
    this.node.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  private async ask(): Promise<void> {
    const id = this.kernel.value;
    if (id === "") return;
    const { trans } = this.desk;
    this.said.textContent = trans.__("Asking for its arrays; a busy kernel answers when its cell is done.");
    try {
      const found = await kernelNames(this.desk.app.serviceManager, id);
      if (this.isDisposed || this.kernel.value !== id) return;
      this.list(found);
    } catch (error) {
      this.said.textContent = (error as Error).message;
    }
  }

  private list({ arrays, taken }: KernelNames): void {
    const { trans } = this.desk;
    this.taken = taken;
    this.said.textContent = trans._n("%1 array of two dimensions", "%1 arrays of two dimensions", arrays.length);
    const listed = arrays.map((one: KernelArray) => [one.name, `${one.name} (${one.rows} × ${one.width})`] as const);
    for (const field of this.fields) field.offer(listed);
    this.refill();
  }
}

function row(text: string, ...[input, ...after]: [HTMLElement, ...HTMLElement[]]): HTMLElement {
  if (!(input instanceof HTMLSelectElement)) input.classList.add("jp-mod-styled");
  return make(
    "div",
    { className: "embw-lab-row" },
    {},
    make("label", { textContent: text }, { for: input.id }),
    input,
    ...after,
  );
}
