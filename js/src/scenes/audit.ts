/** The widget that carries an audit; its view opens on it. Owns no state. */
// First: what a view says of its looks outweighs it.
import "../page/base.css";
import { mountOf } from "../opening/mount";
import type { AuditModel } from "../state/audit";
import type { Mount } from "../state/scene";
import { mountAudit } from "../views/audit_view/audit_view";
import { type AuditContext, auditContext } from "../views/audit_view/context";

const VIEWS = {
  audit_view: mountAudit,
};

function initialize({ model, signal }: { model: AuditModel; signal: AbortSignal }): { mount: Mount } {
  let made: AuditContext | undefined;
  const context = () => {
    made ??= auditContext(model, signal);
    return made;
  };
  return { mount: mountOf(VIEWS, (view, el, given) => view(el, model, context(), given.signal), signal, model) };
}

export default { initialize };
