/** The two ends of a scale of colours, and where a value stands between them. Pure; owns no state. */

/** Of a distance the less similar end is the larger number. */
export interface Ends {
  less: number;
  more: number;
}

/** Where a value stands between the ends, 0 to 1. */
export const share = (v: number, { less, more }: Ends): number => Math.max(0, Math.min(1, (v - less) / (more - less)));
