/** Names made short enough for their place and never alike. View state: a canvas to measure on, and what it has measured. */
import { graphemes } from "../page/graphemes";
import { FONT } from "../page/theme";

const WIDE =
  /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\uff60]|[\u{1f000}-\u{1faff}]|[\u{20000}-\u{3ffff}]/u;
const NARROW = /[iljtfrI.,:;'|!()[\]{} /\\-]/;
const BROAD = /[A-HJ-Zmw@%&…—]/;

const MOST_KEPT = 20_000;
const kept = new Map<string, number>();
let ruler: CanvasRenderingContext2D | null | undefined;

/** How wide the text is drawn in bold, in pixels; about as wide where there is no page to ask. */
export function textWidth(text: string, size: number): number {
  let ems = kept.get(text);
  if (ems === undefined) {
    if (kept.size >= MOST_KEPT) kept.clear();
    ems = measure(text);
    kept.set(text, ems);
  }
  return ems * size;
}

function measure(text: string): number {
  if (ruler === undefined) ruler = globalThis.document?.createElement("canvas").getContext?.("2d") ?? null;
  if (!ruler) return estimate(text);
  ruler.font = `bold 100px ${FONT}`;
  return ruler.measureText(text).width / 100;
}

/** In ems, as a sans-serif has them. */
function estimate(text: string): number {
  let ems = 0;
  for (const one of text) ems += WIDE.test(one) ? 1.05 : NARROW.test(one) ? 0.36 : BROAD.test(one) ? 0.76 : 0.6;
  return ems;
}

type Fits = (text: string) => boolean;

/**
 * Names that do not fit lose their end; where that leaves some alike, all of them lose their middle instead, or the
 * words that they share. What is alike even then gets its number.
 */
export function fitNames(names: readonly string[], fits: Fits): string[] {
  const long = names.flatMap((name, i) => (fits(name) ? [] : [i]));
  if (long.length === 0) return [...names];
  const cores = coresOf(long.map((i) => names[i])).map((core) => (long.length < names.length ? core : bare(core)));
  const ways: ((name: string, at: number) => string)[] = [
    (name) => cut(name, 1, fits),
    (name) => cut(name, 0.65, fits),
    (name) => cut(name, 0.4, fits),
    (_, at) => cut(cores[at], 1, fits),
    (_, at) => cut(cores[at], 0.5, fits),
    (name) => cut(name, 0, fits),
  ];
  let best: string[] = [];
  let fewest = Number.POSITIVE_INFINITY;
  for (const way of ways) {
    const short = [...names];
    long.forEach((i, at) => {
      short[i] = way(names[i], at);
    });
    const same = alike(short).length;
    if (same < fewest) [fewest, best] = [same, short];
    if (same === 0) break;
  }
  for (const i of alike(best)) best[i] = cut(`${i + 1} ${names[i]}`, 1, fits);
  return best;
}

/** Without what is left out of every name. */
const bare = (core: string) => core.replace(/^…(?=.)|(?<=.)…$/g, "");

/** The longest `beginning…end` that fits, of which the beginning has this share. */
function cut(name: string, head: number, fits: Fits): string {
  if (fits(name)) return name;
  const all = graphemes(name);
  const keeping = (kept: number) => {
    const first = Math.round(head * kept);
    return `${all.slice(0, first).join("").trimEnd()}…${all
      .slice(all.length - kept + first)
      .join("")
      .trimStart()}`;
  };
  let [kept, many] = [0, all.length];
  while (many - kept > 1) {
    const middle = (kept + many) >> 1;
    if (fits(keeping(middle))) kept = middle;
    else many = middle;
  }
  return keeping(kept).replace("……", "…");
}

/** Places of texts that another has too. */
function alike(texts: readonly string[]): number[] {
  const times = new Map<string, number>();
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  return [...texts.keys()].filter((i) => (times.get(texts[i]) ?? 0) > 1);
}

/** What tells the names apart: words that all have in the same place, and what stands between words, become …. */
export function coresOf(names: readonly string[]): string[] {
  const split = names.map((name) => name.split(/([/\-_.:\s]+)/));
  const words = Math.min(...split.map((one) => one.length));
  const at = (one: string[], word: number) => one.at(word);
  const same = (word: number) => split.every((one) => at(one, word) === at(split[0], word));
  let [first, last] = [0, 0];
  while (first < words && same(first)) first++;
  while (last < words - first && same(-1 - last)) last++;
  const even = split.every((one) => one.length === words);
  return split.map((one) => {
    const inner = one.slice(first, one.length - last);
    const kept = inner.map((word, i) => (even && same(first + i) && word.length > 1 ? "…" : word));
    const text = kept.join("").replace(/(?:[/\-_.:\s]*…[/\-_.:\s]*)+/g, "…");
    return `${first > 0 ? "…" : ""}${text}${last > 0 ? "…" : ""}`;
  });
}
