/** Names of files and variables as data in what is written: a literal of Python, a text of Markdown. */

/** Control, format and private characters, line ends of Unicode, lone halves of pairs: what no editor shows as it is. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A letter as both JSON and Python escape it. */
const escaped = (letter: string): string => {
  const code = letter.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
};

/** A string literal of Python that stands for exactly this text, and shows all of it. */
export function pythonString(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replace(UNSEEN, escaped)}"`;
}

/** The text in one line of Markdown, none of it as marks. */
export function markdownText(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ");
  return line.replace(/[!-/:-@[-`{-~]/g, "\\$&");
}

/** Whether it can name a variable; `NFKC`, since Python reads names so. */
export const isIdentifier = (text: string): boolean =>
  /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(text) && text === text.normalize("NFKC");
