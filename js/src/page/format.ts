/** Numbers as a person reads them. Pure; owns no state. */
const MINUS = "−";
const signed = (text: string) => text.replace(/^-/, MINUS);

export const count = (n: number): string => n.toLocaleString("en");

export function value(v: number | null | undefined): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return "–";
  if (Math.abs(v) < 5e-5) return "0.000";
  return signed(Math.abs(v) >= 0.0995 ? v.toFixed(3) : v.toFixed(4));
}

/** A number of things that may be a mean. */
export const amount = (x: number): string => (Number.isInteger(x) ? count(x) : x.toFixed(1));

/** Without trailing zeros, for the marks of an axis. */
export const tidy = (v: number): string => signed(String(Number(v.toPrecision(3)) || 0));

/** With its sign, whichever it is. */
export const signedValue = (v: number): string => `${v > 0 ? "+" : ""}${value(v)}`;

export function zScore(v: number | null | undefined): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return "–";
  return signed(Math.abs(v) >= 10 ? count(Math.round(v)) : v.toFixed(1));
}

export function pValue(v: number | null | undefined): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return "–";
  if (v < 1e-4) return v === 0 ? "≈ 0" : `${v.toExponential(0)}`.replace("-", MINUS);
  return v < 0.01 ? v.toFixed(4) : v.toFixed(3);
}

export const percent = (share: number): string => {
  const p = 100 * share;
  return `${p >= 9.95 ? p.toFixed(0) : p >= 0.995 ? p.toFixed(1) : p.toFixed(2)}%`;
};

/** Seconds as one would say them. */
export function timeText(seconds: number): string {
  if (seconds < 1.5) return "a moment";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
