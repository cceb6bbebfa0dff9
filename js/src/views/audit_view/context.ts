/** What every part of the view of an audit is given. Owns no state, but puts together those that do: Linked, Opened, Tiles. */
import { type AuditModel, asItems } from "../../state/audit";
import type { Context } from "../../state/context";
import { SceneData } from "../../state/data";
import { Linked } from "../../state/linked";
import { Tiles } from "../../state/tiles";
import { AuditData } from "./data";
import { Opened } from "./opened";

export interface AuditContext {
  data: AuditData;
  /** Of documents. */
  linked: Linked;
  tiles: Tiles;
  opened: Opened;
}

export function auditContext(model: AuditModel, signal: AbortSignal): AuditContext {
  return {
    data: new AuditData(model, new SceneData(asItems(model))),
    linked: new Linked(asItems(model), signal),
    tiles: new Tiles(asItems(model), signal),
    opened: new Opened(model, signal),
  };
}

/** The same for what is made for views of comparisons. */
export function plainContext({ data, linked, tiles }: AuditContext): Context {
  const mount = () => {
    throw new Error("expected no view within the view of an audit");
  };
  return { data: data.items, linked, tiles, mount };
}
