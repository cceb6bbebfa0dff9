/** Names in a sentence on a chart, as short as the room for it asks for. Pure; owns no state. */
import { fitNames, textWidth } from "./text_names";

/** One or two names that fit beside these words; what a short one leaves is the other's. */
export function namesBeside(names: readonly string[], words: string, room: number, size: number): string[] {
  const left = room - textWidth(words, size);
  const least = Math.min(...names.map((name) => textWidth(name, size)));
  const each = names.length > 1 ? Math.max(left / 2, left - least) : left;
  return fitNames(names, (text) => textWidth(text, size) <= each);
}
