"""Should we switch? The upgrade of an embedding model, decided and explained."""

from embwidget.upgrade.audit import audit
from embwidget.upgrade.result import Audit

__all__ = ["Audit", "audit"]
