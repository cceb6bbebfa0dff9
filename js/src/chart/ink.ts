/** A colour of lines made strong enough for small text: at least 4.5:1. Pure; owns no state. */
import { mix, parseHex, toCss } from "../page/palette";
import { type Theme, tone } from "../page/theme";

const TOWARDS_TEXT = 0.25;

export const inkOf = (colour: string, theme: Theme): string =>
  toCss(mix(parseHex(colour), tone(theme, 1), TOWARDS_TEXT));
