/** Letters as people see them: an accent, a flag or a family of emoji is one, however long. Owns no state. */
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** No letter is longer in earnest: what piles up more marks is cut like any other text. */
const MOST_UNITS = 64;

/** The letters of a text, of a long one only as many as asked for. */
export function graphemes(text: string, most = Number.POSITIVE_INFINITY): string[] {
  const found: string[] = [];
  for (const { segment } of segmenter.segment(text.slice(0, most * MOST_UNITS))) {
    if (found.length >= most) break;
    found.push(segment);
  }
  return found;
}

/** The text, or its beginning and an ellipsis, of at most so many letters in all. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const letters = graphemes(text, length + 1);
  if (letters.length <= length && letters.join("").length === text.length) return text;
  const beginning = letters.slice(0, length - 1).join("");
  return `${beginning.trimEnd()}…`;
}
