/** One embedding in the dialog: a file, or a variable of a running kernel. */
import type { Desk } from "../desk";
import { fillSelect, make, makeSelect } from "../dom";

export interface SourceDraft {
  readonly kind: "file" | "variable";
  readonly path: string;
  readonly variable: string;
}

interface Given {
  readonly place: 0 | 1;
  readonly legend: string;
  /** Whether a kernel runs that could have some. */
  readonly variables: boolean;
}

type Options = readonly (readonly [value: string, text: string])[];

export class SourceField {
  readonly node: HTMLFieldSetElement;
  onChange = (): void => undefined;
  onBrowse = (): void => undefined;
  variables: ReadonlySet<string> = new Set();
  private readonly file: HTMLInputElement;
  private readonly kernel: HTMLInputElement;
  private readonly path: HTMLInputElement;
  private readonly variable: HTMLSelectElement;
  private readonly rows: [HTMLElement, HTMLElement];
  private readonly place: number;
  private wanted: string;

  constructor(
    private readonly desk: Desk,
    draft: SourceDraft,
    given: Given,
  ) {
    const { trans } = desk;
    const name = `embw-kind-${given.place}`;
    const of = draft.kind;
    this.wanted = draft.variable;
    this.place = given.place;
    this.file = make("input", { type: "radio", name, id: `${name}-file`, checked: of === "file" });
    this.kernel = make("input", { type: "radio", name, id: `${name}-variable`, checked: of === "variable" });
    this.kernel.disabled = !given.variables;
    this.path = make(
      "input",
      { id: `embw-path-${given.place}`, type: "text", value: draft.path },
      { list: "embw-known" },
    );
    this.path.className = "jp-mod-styled";
    this.path.spellcheck = false;
    this.variable = makeSelect(`embw-variable-${given.place}`, [["", trans.__("none")]], "");
    this.rows = [this.fileRow(given), this.variableRow(given)];
    const legend = make("legend", { textContent: given.legend });
    this.node = make("fieldset", {}, {}, legend, this.kinds(given), ...this.rows);
    this.show();
    for (const one of [this.file, this.kernel]) one.addEventListener("change", () => this.changed());
    this.variable.addEventListener("change", () => {
      this.wanted = this.variable.value;
      this.onChange();
    });
  }

  get value(): SourceDraft {
    const kind = this.kernel.checked ? "variable" : "file";
    return { kind, path: this.path.value.trim().replace(/^\/+/, ""), variable: this.variable.value };
  }

  /** The arrays of the kernel. */
  offer(options: Options): void {
    this.variables = new Set(options.map(([name]) => name));
    const usual = options[this.place]?.[0] ?? "";
    const listed = options.length > 0 ? options : ([["", this.desk.trans.__("none")]] as const);
    fillSelect(this.variable, listed, this.variables.has(this.wanted) ? this.wanted : usual);
  }

  private kinds({ variables }: Given): HTMLElement {
    const { trans } = this.desk;
    const hint = variables
      ? trans.__("Variable of a running kernel")
      : trans.__("Variable (no kernel of Python is running)");
    const choice = (input: HTMLInputElement, text: string) => make("label", {}, {}, input, ` ${text}`);
    return make(
      "div",
      { className: "embw-lab-kinds" },
      {},
      choice(this.file, trans.__("File")),
      choice(this.kernel, hint),
    );
  }

  private fileRow({ legend }: Given): HTMLElement {
    const { trans, browser } = this.desk;
    this.path.setAttribute("aria-label", trans.__("%1: file", legend));
    this.path.placeholder = trans.__("a path, such as data/old.npy");
    const said = trans.__("Browse…");
    const browse = make("button", { type: "button", textContent: said }, { "aria-label": `${said} ${legend}` });
    browse.className = "jp-Button jp-mod-styled jp-mod-reject";
    browse.hidden = !browser;
    browse.addEventListener("click", () => this.onBrowse());
    return make("div", { className: "embw-lab-row" }, {}, this.path, browse);
  }

  private variableRow({ legend }: Given): HTMLElement {
    this.variable.setAttribute("aria-label", this.desk.trans.__("%1: variable", legend));
    return make("div", { className: "embw-lab-row" }, {}, this.variable);
  }

  private changed(): void {
    this.show();
    this.onChange();
  }

  private show(): void {
    const [file, variable] = this.rows;
    file.hidden = this.kernel.checked;
    variable.hidden = !this.kernel.checked;
    this.path.required = !this.kernel.checked;
    this.variable.required = this.kernel.checked;
  }
}
