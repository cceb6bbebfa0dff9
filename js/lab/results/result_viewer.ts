/** The viewer of saved results: a double click on a .embw file shows its page, and a notebook is a button away. */
import type { ILayoutRestorer, JupyterFrontEnd } from "@jupyterlab/application";
import { Notification, ToolbarButton, WidgetTracker } from "@jupyterlab/apputils";
import { ABCWidgetFactory, type DocumentRegistry, DocumentWidget, TextModelFactory } from "@jupyterlab/docregistry";
import { Widget } from "@lumino/widgets";
import { openResultNotebook } from "../compare/compare";
import type { Desk } from "../desk";
import { make } from "../dom";
import { fileName } from "../places";
import { followTheme, readPageTheme, themedPage } from "./framed_page";
import { resultPage } from "./result_page";

export const VIEWER = "embwidget result";
const FILE_TYPE = "embwidget-result";
const MODEL = "embwidget-reference";

/** A file that is named, and never loaded into the browser. */
class ReferenceModelFactory extends TextModelFactory {
  get name(): string {
    return MODEL;
  }
  get fileFormat(): null {
    return null;
  }
}

class ResultPanel extends Widget {
  private readonly told = make("p", { className: "embw-lab-doing" }, { role: "status" });
  private readonly finding = make("p", { className: "embw-lab-finding", hidden: true });
  private readonly problem = make("p", { className: "embw-lab-problem", hidden: true }, { role: "alert" });
  private readonly bar = make("progress", {}, { "aria-label": "…" });
  private readonly waiting: HTMLElement;
  private frame: HTMLIFrameElement | undefined;
  private work = new AbortController();

  constructor(
    private readonly desk: Desk,
    private readonly context: DocumentRegistry.Context,
  ) {
    super({ node: make("div", { className: "embw-lab-result" }) });
    this.waiting = make("div", { className: "embw-lab-waiting" }, {}, this.finding, this.bar, this.told, this.problem);
    this.node.append(this.waiting);
    void context.ready.then(() => (this.opensNotebook() ? undefined : this.refresh()));
  }

  dispose(): void {
    this.work.abort();
    super.dispose();
  }

  /** Where the settings say so, a notebook takes the place of the page. */
  private opensNotebook(): boolean {
    if (this.isDisposed || this.desk.preferences().opens !== "notebook") return false;
    void openResultNotebook(this.desk, this.context.path).then(() => this.parent?.dispose());
    return true;
  }

  /** Makes the page, again where there is one. */
  async refresh(): Promise<void> {
    if (this.isDisposed) return;
    this.work.abort();
    this.work = new AbortController();
    const { signal } = this.work;
    this.frame?.remove();
    this.problem.hidden = this.finding.hidden = true;
    this.waiting.hidden = this.bar.hidden = false;
    const made = resultPage(this.desk, this.context.path, this, signal);
    this.notify(made);
    try {
      const page = await made;
      if (!signal.aborted) this.place(page, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.bar.hidden = true;
      this.told.textContent = "";
      this.problem.hidden = false;
      this.problem.textContent = this.desk.trans.__(
        "%1 could not be shown: %2",
        fileName(this.context.path),
        (error as Error).message,
      );
    }
  }

  readonly doing = (said: string): void => {
    this.told.textContent = said;
    this.bar.setAttribute("aria-label", said);
  };

  readonly found = (sentence: string): void => {
    this.finding.textContent = sentence;
    this.finding.hidden = sentence === "";
  };

  /** Told to who has gone to another tab; who looks on sees it here. */
  private notify(made: Promise<string>): void {
    const { trans, app } = this.desk;
    const name = fileName(this.context.path);
    const away = () => !this.isDisposed && !this.isVisible;
    const show = { label: trans.__("Show"), callback: () => app.shell.activateById(this.parent?.id ?? "") };
    const options = { actions: [show], autoClose: 10_000 };
    made.then(
      () => away() && Notification.success(trans.__("The page of %1 is there.", name), options),
      () => away() && Notification.error(trans.__("%1 could not be shown.", name), options),
    );
  }

  private place(page: string, signal: AbortSignal): void {
    const url = URL.createObjectURL(new Blob([themedPage(page, readPageTheme())], { type: "text/html" }));
    signal.addEventListener("abort", () => URL.revokeObjectURL(url));
    const title = this.desk.trans.__("Views of %1", fileName(this.context.path));
    // No allow-same-origin: what the page runs reaches neither JupyterLab nor the server.
    const frame = make(
      "iframe",
      { src: url, title },
      { sandbox: "allow-scripts allow-downloads", allow: "clipboard-write" },
    );
    followTheme(frame, signal);
    this.frame = frame;
    this.waiting.hidden = true;
    this.node.append(frame);
  }
}

class ResultFactory extends ABCWidgetFactory<DocumentWidget<ResultPanel>> {
  constructor(
    private readonly desk: Desk,
    options: DocumentRegistry.IWidgetFactoryOptions,
  ) {
    super(options);
  }

  protected createNewWidget(context: DocumentRegistry.Context): DocumentWidget<ResultPanel> {
    const { trans } = this.desk;
    const content = new ResultPanel(this.desk, context);
    const widget = new DocumentWidget({ content, context });
    const button = (label: string, tooltip: string, onClick: () => void) =>
      new ToolbarButton({ label, tooltip, onClick });
    const asNotebook = () => void openResultNotebook(this.desk, context.path);
    const toNotebook = button(
      trans.__("Open as notebook"),
      trans.__("Load it in a notebook, linked to Python"),
      asNotebook,
    );
    const again = button(trans.__("Refresh"), trans.__("Read the file again"), () => void content.refresh());
    widget.toolbar.addItem("notebook", toNotebook);
    widget.toolbar.addItem("refresh", again);
    return widget;
  }
}

/** Registers the file type, the viewer and its place in a layout that comes again. */
export function addResultViewer(
  desk: Desk,
  restorer: ILayoutRestorer | null,
  icon: DocumentRegistry.IFileType["icon"],
): void {
  const { app, trans } = desk;
  const { docRegistry } = app as JupyterFrontEnd;
  docRegistry.addFileType({
    name: FILE_TYPE,
    displayName: trans.__("embwidget result"),
    extensions: [".embw"],
    mimeTypes: ["application/x-embwidget-result"],
    contentType: "file",
    fileFormat: "base64",
    icon,
  });
  docRegistry.addModelFactory(new ReferenceModelFactory(false));
  const factory = new ResultFactory(desk, {
    name: VIEWER,
    label: trans.__("embwidget result"),
    modelName: MODEL,
    fileTypes: [FILE_TYPE],
    defaultFor: [FILE_TYPE],
    readOnly: true,
  });
  const tracker = new WidgetTracker<DocumentWidget<ResultPanel>>({ namespace: "embwidget-results" });
  factory.widgetCreated.connect((_factory, widget) => {
    widget.title.icon = icon;
    widget.context.pathChanged.connect(() => void tracker.save(widget));
    void tracker.add(widget);
  });
  docRegistry.addWidgetFactory(factory);
  void restorer?.restore(tracker, {
    command: "docmanager:open",
    args: ({ context }) => ({ path: context.path, factory: VIEWER }),
    name: ({ context }) => context.path,
  });
}
