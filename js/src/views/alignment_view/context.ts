/**
 * What every part of the view of an alignment is given. Owns no state, but puts together those that do: Linked, Position,
 * Tiles.
 */

import { value } from "../../page/format";
import { type AlignmentModel, asScene } from "../../state/alignment";
import type { Context } from "../../state/context";
import { SceneData } from "../../state/data";
import { Linked } from "../../state/linked";
import { Tiles } from "../../state/tiles";
import { type AlignmentData, HELD_OUT } from "./data";
import { Position } from "./position";

export interface AlignmentContext {
  data: AlignmentData;
  /** What the rows are. */
  scene: SceneData;
  linked: Linked;
  tiles: Tiles;
  position: Position;
  /** An item in words. */
  tell(row: number): string;
}

export function alignmentContext(model: AlignmentModel, data: AlignmentData, signal: AbortSignal): AlignmentContext {
  const scene = new SceneData(asScene(model));
  const { before, after } = data.residuals;
  const residual = (row: number) =>
    data.parts[row] === HELD_OUT ? `, residual ${value(before[row])} before, ${value(after[row])} after` : "";
  return {
    data,
    scene,
    linked: new Linked(asScene(model), signal),
    tiles: new Tiles(asScene(model), signal),
    position: new Position(model, signal),
    tell: (row) => `${scene.describe(row)}${residual(row)}.`,
  };
}

/** The same for what is made for views of comparisons. */
export function plainContext({ scene, linked, tiles }: AlignmentContext): Context {
  const mount = () => {
    throw new Error("expected no view within the view of an alignment");
  };
  return { data: scene, linked, tiles, mount };
}
