/** Scales and ticks for hand-drawn charts. Pure; owns no state. */
export interface Scale {
  (value: number): number;
  invert(position: number): number;
}

export function linear(from: number, to: number, start: number, end: number): Scale {
  const span = to - from || 1;
  const scale = (v: number) => start + ((v - from) / span) * (end - start);
  return Object.assign(scale, { invert: (p: number) => from + ((p - start) / (end - start)) * span });
}

export function logarithmic(from: number, to: number, start: number, end: number): Scale {
  const inner = linear(Math.log(from), Math.log(to), start, end);
  const scale = (v: number) => inner(Math.log(v));
  return Object.assign(scale, { invert: (p: number) => Math.exp(inner.invert(p)) });
}

/** 1, 2, 5, 10 … up to `most`, and `most` itself where there is room. */
export function logTicks(most: number): number[] {
  const ticks: number[] = [];
  for (let decade = 1; decade <= most; decade *= 10) {
    for (const step of [1, 2, 5]) if (step * decade <= most) ticks.push(step * decade);
  }
  if (most / ticks[ticks.length - 1] > 1.3) ticks.push(most);
  return ticks;
}

export function niceTicks(from: number, to: number, about = 5): number[] {
  const step = niceStep((to - from) / about);
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) ticks.push(i * step);
  return ticks;
}

export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}
