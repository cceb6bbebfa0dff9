/**
 * Where items are between before (0) and after (1).
 *   synced  position: Python hears of it when it has rested a while   view  whether it plays
 */

import { Frames } from "../../page/frames";
import { saveChanges } from "../../page/tell_python";
import { reducedMotion } from "../../page/theme";
import type { AlignmentModel } from "../../state/alignment";

const REST_MS = 150;
const PLAY_MS = 2600;

/** Slow at both ends. */
const eased = (t: number): number => t * t * (3 - 2 * t);
/** The time at which `eased` has come this far. */
const uneased = (v: number): number => 0.5 - Math.sin(Math.asin(1 - 2 * v) / 3);

export class Position {
  value: number;
  playing = false;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private readonly frames: Frames;

  constructor(
    private readonly model: AlignmentModel,
    private readonly signal: AbortSignal,
  ) {
    this.value = model.get("position");
    const heard = () => {
      const value = model.get("position");
      if (value === this.value) return;
      this.pause();
      this.show(value);
    };
    model.on("change:position", heard);
    this.frames = new Frames(model.get("channel"), signal);
    this.frames.share("position", (value) => {
      if (typeof value !== "number" || !(value >= 0 && value <= 1)) return;
      this.model.set("position", value);
      heard();
    });
    signal.addEventListener("abort", () => {
      model.off("change:position", heard);
      clearTimeout(this.timer);
      cancelAnimationFrame(this.frame);
      this.listeners.clear();
    });
  }

  /** Told of the value, and of play and pause; until `signal` is aborted. */
  on(heard: () => void, signal: AbortSignal): void {
    this.listeners.add(heard);
    signal.addEventListener("abort", () => this.listeners.delete(heard));
  }

  /** Moves there, and ends play. */
  set(value: number): void {
    this.pause();
    this.put(Math.max(0, Math.min(1, value)));
    this.tell();
  }

  /** From here to after, or from before once there; where motion is unwelcome, a jump to the other end. */
  play(): void {
    if (reducedMotion()) {
      this.set(this.value < 0.5 ? 1 : 0);
      return;
    }
    const from = this.value >= 1 ? 0 : uneased(this.value);
    let begun: number | undefined;
    const step = (now: number) => {
      begun ??= now;
      const t = Math.min(1, from + (now - begun) / PLAY_MS);
      if (t < 1) this.frame = requestAnimationFrame(step);
      else this.playing = false;
      this.put(eased(t));
      if (t >= 1) this.tell();
    };
    this.playing = true;
    this.frame = requestAnimationFrame(step);
    this.emit();
  }

  pause(): void {
    if (!this.playing) return;
    cancelAnimationFrame(this.frame);
    this.playing = false;
    this.emit();
    this.tell();
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  private put(value: number): void {
    this.frames.tell("position", value);
    this.show(value);
  }

  private show(value: number): void {
    this.value = value;
    this.emit();
  }

  private emit(): void {
    for (const heard of [...this.listeners]) heard();
  }

  private tell(): void {
    clearTimeout(this.timer);
    if (this.signal.aborted) return;
    this.timer = setTimeout(() => {
      if (this.model.get("position") === this.value) return;
      this.model.set("position", this.value);
      saveChanges(this.model);
    }, REST_MS);
  }
}
