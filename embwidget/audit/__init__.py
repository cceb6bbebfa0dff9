"""Should we switch? The upgrade of an embedding model, decided and explained."""

from embwidget.audit.audit import audit
from embwidget.audit.result import Audit

__all__ = ["Audit", "audit"]
