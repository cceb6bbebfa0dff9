/**
 * What is kept, and how well old and new answer, over the size k of a list.
 *   synced  nothing   view  the k that is read, the measure
 */
import { drawChart, type Line, type Plot } from "../../chart/line_chart";
import { h, svg } from "../../page/dom";
import { value } from "../../page/format";
import { changeColours, toCss } from "../../page/palette";
import { type Theme, tone } from "../../page/theme";
import type { AuditCurves } from "../../state/audit";
import type { AuditContext } from "./context";
import { makeSlider } from "./slide";
import { measureName, signedShort, spelled } from "./words";

type Values = readonly (number | null)[];

/** At every k from 1 to the last; straight lines between the sizes that there are. */
export function spread(sizes: readonly number[], values: Values): Float64Array {
  const found = new Float64Array(sizes[sizes.length - 1] ?? 0).fill(Number.NaN);
  for (let i = 0; i < sizes.length; i++) {
    const v = values[i] ?? Number.NaN;
    found[sizes[i] - 1] = v;
    const before = values[i - 1] ?? Number.NaN;
    for (let k = (sizes[i - 1] ?? sizes[i]) + 1; k < sizes[i]; k++) {
      found[k - 1] = before + ((v - before) * (k - sizes[i - 1])) / (sizes[i] - sizes[i - 1]);
    }
  }
  return found;
}

interface Drawn {
  title: string;
  lines: (theme: Theme) => Line[];
  bands: (theme: Theme) => { low: Float64Array; high: Float64Array; colour: string; opacity: number }[];
  key: string;
  at(k: number): string;
}

export class AuditCurvesFigure {
  readonly node = h("section", { class: "embw-audit-curves", "aria-label": "Over the size of the list" });
  private readonly figures: { chart: SVGSVGElement; said: HTMLElement; drawn: () => Drawn; plot?: Plot }[] = [];
  private readonly curves: AuditCurves;
  private readonly last: number;
  private readonly box = h("div", { class: "embw-audit-charts" });
  private measure: string;
  private k: number;
  private theme: Theme | undefined;

  constructor(
    private readonly context: AuditContext,
    private readonly signal: AbortSignal,
  ) {
    const { data } = context;
    this.curves = data.model.get("curves");
    this.last = this.curves.sizes[this.curves.sizes.length - 1] ?? 1;
    this.k = data.k;
    this.measure = data.model.get("measure");
    const title = h("h4", {}, "Over the length of the list");
    this.node.append(h("div", { class: "embw-audit-head" }, title, ...this.choice()), this.box);
    this.add("share kept", () => this.kept());
    if (this.measure in this.curves.quality) this.add("quality", () => this.quality());
  }

  draw(theme: Theme): void {
    this.theme = theme;
    for (const figure of this.figures) {
      const width = figure.chart.parentElement?.clientWidth ?? 0;
      if (width === 0) continue;
      const drawn = figure.drawn();
      const lines = drawn.lines(theme);
      const bands = drawn.bands(theme);
      const most = Math.max(
        0.05,
        ...[...lines.map(({ values }) => values), ...bands.map(({ high }) => high)].flatMap((v) =>
          [...v].filter(Number.isFinite),
        ),
      );
      const shape = {
        width,
        height: this.figures.length > 1 ? 168 : 330,
        share: false,
        n: this.context.data.items.n,
        kMax: this.last,
      };
      const range = { from: 0, to: Math.min(1.02, most * 1.06), marks: [], theme, xTitle: "k, results (log scale) →" };
      figure.plot = drawChart(figure.chart, { ...shape, ...range, lines, bands, yTitle: drawn.title });
      this.read(figure, drawn);
    }
  }

  private choice(): HTMLElement[] {
    const names = Object.keys(this.curves.quality);
    if (names.length < 2) return [];
    const select = h("select", { "aria-label": "Quality by" });
    select.append(...names.map((name) => h("option", { value: name }, spelled(name))));
    select.value = this.measure;
    const chosen = () => {
      this.measure = select.value;
      if (this.theme) this.draw(this.theme);
    };
    select.addEventListener("change", chosen, { signal: this.signal });
    return [h("label", { class: "embw-field" }, "Quality by", select)];
  }

  private add(name: string, drawn: () => Drawn): void {
    const chart = svg("svg", {
      role: "slider",
      tabindex: 0,
      "aria-label": `k at which the ${name} is read`,
      "aria-valuemin": 1,
      "aria-valuemax": this.last,
    });
    const said = h("p", { class: "embw-muted embw-number" });
    const figure: (typeof this.figures)[number] = { chart, said, drawn };
    this.figures.push(figure);
    const put = (k: number) => {
      this.k = Math.max(1, Math.min(this.last, Math.round(k)));
      if (this.theme) this.draw(this.theme);
    };
    const slide = {
      to: (pixel: number) => figure.plot && put(figure.plot.x.invert(pixel)),
      step: (by: number) => put(this.k + by),
    };
    makeSlider(chart, slide, this.signal);
    this.box.append(h("figure", {}, chart, said));
  }

  private read(figure: (typeof this.figures)[number], drawn: Drawn): void {
    const { chart, plot, said } = figure;
    if (!plot || !this.theme) return;
    const x = plot.x(this.k);
    chart.append(
      svg("line", {
        x1: x,
        x2: x,
        y1: plot.top - 4,
        y2: plot.bottom,
        stroke: toCss(tone(this.theme, 0.6)),
        "data-part": "k",
      }),
    );
    const words = `k = ${this.k}: ${drawn.at(this.k)}`;
    said.textContent = `${words}. ${drawn.key}`;
    chart.setAttribute("aria-valuenow", String(this.k));
    chart.setAttribute("aria-valuetext", words);
  }

  private kept(): Drawn {
    const { sizes, kept, noise } = this.curves;
    const [values, low, high, chance] = [kept.values, kept.low, kept.high, kept.chance].map((one) =>
      spread(sizes, one),
    );
    const grey = (theme: Theme) => toCss(tone(theme, 0.5));
    const reruns = noise ? { low: spread(sizes, noise.low), high: spread(sizes, noise.high) } : undefined;
    const within = (k: number) =>
      Number.isFinite(low[k - 1]) ? ` (${value(low[k - 1])} to ${value(high[k - 1])})` : "";
    return {
      title: "share of results kept",
      lines: (theme) => [
        { id: "chance", name: "chance", values: chance, colour: grey(theme), width: 1.5, dash: "2 3" },
        { id: "kept", name: "kept", values, colour: toCss(tone(theme, 0.95)), width: 2.4 },
      ],
      bands: (theme) => [
        ...(reruns ? [{ ...reruns, colour: changeColours(theme.dark).kept, opacity: 0.35 }] : []),
        { low, high, colour: changeColours(theme.dark).onlyY, opacity: 0.2 },
      ],
      key: `Band: 95 % interval; dotted: chance${reruns ? "; green: re-runs of old, of documents" : ""}.`,
      at: (k) => `${value(values[k - 1])}${within(k)} kept, chance ${value(chance[k - 1])}`,
    };
  }

  private quality(): Drawn {
    const { sizes, quality } = this.curves;
    const one = quality[this.measure];
    const [old, fresh, difference, low, high] = [one.old, one.new, one.difference, one.low, one.high].map((v) =>
      spread(sizes, v),
    );
    const [oldName, newName] = this.context.data.names;
    const name =
      this.measure === this.context.data.model.get("measure") ? measureName(this.context.data) : spelled(this.measure);
    const band = { low: old.map((v, i) => v + low[i]), high: old.map((v, i) => v + high[i]) };
    return {
      title: `${name} of both`,
      lines: (theme) => [
        { id: "old", name: oldName, values: old, colour: toCss(tone(theme, 0.72)), width: 1.8, dash: "7 3" },
        { id: "new", name: newName, values: fresh, colour: toCss(tone(theme, 0.95)), width: 2.4 },
      ],
      bands: (theme) => [{ ...band, colour: changeColours(theme.dark).onlyY, opacity: 0.2 }],
      key: "Dashed: old; solid: new, with the 95 % interval of what it has more.",
      at: (k) =>
        `${value(old[k - 1])} → ${value(fresh[k - 1])} (${signedShort(difference[k - 1])}: ${signedShort(low[k - 1])} to ${signedShort(high[k - 1])})`,
    };
  }
}
