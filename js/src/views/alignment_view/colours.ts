/**
 * What colour each item of an alignment gets: held-out items full, all others faint. Pure, but for buffers kept between
 * draws.
 *   synced  nothing   view  the mode
 */

import { labelStamps } from "../../map/colouring";
import { makeStamp, type PointStyle, type Stamp } from "../../map/splat";
import { CLASS_STYLES, classStyle, mix, otherColour, parseHex, type Rgb, ramp, toPixel } from "../../page/palette";
import { type Theme, tone } from "../../page/theme";
import type { SceneData } from "../../state/data";
import { type AlignmentData, between, HELD_OUT } from "./data";

export type AlignmentMode = "label" | "residual" | "group" | "part";

const STEPS = 256;
/** Share of the residuals beyond each end of the colours; they take the end's colour. */
const BEYOND = 0.02;
/** Below this share of the high end, the low end is 0. */
const NEAR_ZERO = 0.3;
const FAINT = 0.34;

/** Only what the alignment has is offered. */
export function alignmentModes(data: AlignmentData, scene: SceneData): [AlignmentMode, string][] {
  const modes: [AlignmentMode, string, boolean][] = [
    ["label", "label", scene.classes.length > 0],
    ["residual", "residual", true],
    ["group", "group", data.changes.length > 0],
    ["part", "fitted or held out", true],
  ];
  return modes.filter(([, , able]) => able).map(([mode, text]) => [mode, text]);
}

interface ResidualScale {
  low: number;
  high: number;
}

/** The residuals that the ends of the colours stand for, the same before and after. */
function residualScale({ residuals, heldOut }: AlignmentData): ResidualScale {
  const all = new Float32Array(2 * heldOut.length);
  heldOut.forEach((row, i) => {
    all[2 * i] = residuals.before[row];
    all[2 * i + 1] = residuals.after[row];
  });
  all.sort();
  const at = (share: number) => all[Math.floor(share * (all.length - 1))] ?? 0;
  const [low, high] = [at(BEYOND), Math.max(at(1 - BEYOND), 1e-9)];
  return { low: low < NEAR_ZERO * high || low >= high ? 0 : low, high };
}

export const residualShare = (v: number, { low, high }: ResidualScale): number =>
  Math.max(0, Math.min(1, (v - low) / (high - low)));

export class AlignmentColouring {
  private readonly style: Uint16Array;
  private readonly over: Uint8Array;
  private readonly classRanks: Uint16Array;
  private readonly groups: Int16Array;
  readonly scale: ResidualScale;
  private painted: AlignmentMode | undefined;

  constructor(
    private readonly data: AlignmentData,
    private readonly scene: SceneData,
  ) {
    this.style = new Uint16Array(data.n);
    this.over = Uint8Array.from({ length: data.n }, (_, i) => (data.parts[i] === HELD_OUT ? 1 : 0));
    this.classRanks = new Uint16Array(scene.labelNames.length + 1).fill(CLASS_STYLES);
    scene.classes.forEach((c, rank) => {
      this.classRanks[c.code] = Math.min(rank, CLASS_STYLES);
    });
    this.groups = data.groups;
    this.scale = residualScale(data);
  }

  /** Look of the points at a position between before (0) and after (1): their own, dimmed, and a selected one's ring. */
  look(mode: AlignmentMode, position: number, theme: Theme, radius: number) {
    this.fill(mode, position);
    const colours = this.colours(mode, theme);
    const faint = colours.map((c) => mix(theme.background, c, FAINT));
    const opacity = this.data.n > 40_000 ? 1 : 0.85;
    const stamps = [...stampsOf(mode, radius, opacity), ...stampsOf(mode, radius * 0.8, opacity)];
    const paint = (rgbs: readonly Rgb[]) => Uint32Array.from(rgbs, toPixel);
    const look: PointStyle = { style: this.style, colours: paint([...colours, ...faint]), stamps, over: this.over };
    const dim = (c: Rgb) => mix(theme.background, c, 0.16);
    const dimmed = { ...look, colours: paint([...colours, ...colours].map(dim)) };
    const rings = stampsOf(mode, radius + 1.6, 1);
    const ink = paint(look.stamps.map(() => tone(theme, 1)));
    return { look, dimmed, ring: { ...look, colours: ink, stamps: [...rings, ...rings] } };
  }

  private fill(mode: AlignmentMode, position: number): void {
    if (mode !== "residual" && mode === this.painted) return;
    this.painted = mode;
    const { style, over } = this;
    const count = countOf(mode);
    if (mode === "residual") this.fillResiduals(position);
    else for (let i = 0; i < style.length; i++) style[i] = this.entry(mode, i);
    for (let i = 0; i < style.length; i++) if (!over[i]) style[i] += count;
  }

  private fillResiduals(position: number): void {
    const { before, after } = this.data.residuals;
    for (let i = 0; i < this.style.length; i++) {
      const share = residualShare(between(before[i], after[i], position), this.scale);
      this.style[i] = share >= 0 ? Math.round((STEPS - 1) * share) : STEPS;
    }
  }

  private entry(mode: AlignmentMode, row: number): number {
    if (mode === "part") return this.over[row];
    if (mode === "group") return this.groups[row] < 0 ? CLASS_STYLES : Math.min(this.groups[row], CLASS_STYLES);
    const { codes, labelNames } = this.scene;
    return this.classRanks[Math.min(codes[row] ?? labelNames.length, labelNames.length)];
  }

  private colours(mode: AlignmentMode, theme: Theme): Rgb[] {
    const other = parseHex(otherColour(theme.dark));
    if (mode === "part") return [other, parseHex(classStyle(0, theme.dark).colour)];
    if (mode === "residual") {
      return [...Array.from({ length: STEPS }, (_, s) => ramp(s / (STEPS - 1), theme.dark)), other];
    }
    const own = Array.from({ length: CLASS_STYLES }, (_, rank) => parseHex(classStyle(rank, theme.dark).colour));
    return [...own, other];
  }
}

const countOf = (mode: AlignmentMode) => (mode === "part" ? 2 : mode === "residual" ? STEPS + 1 : CLASS_STYLES + 1);

function stampsOf(mode: AlignmentMode, radius: number, opacity: number): Stamp[] {
  if (mode === "label" || mode === "group") return labelStamps(radius, opacity);
  return new Array<Stamp>(countOf(mode)).fill(makeStamp("circle", radius, opacity));
}
