"""The widget that carries an audit into the page: the decision, who loses, what each query finds."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Int64
from traitlets import Bool, Dict, Float, List, Unicode, validate

from embwidget.upgrade.result import Audit
from embwidget.widgets.scenes.item_scene import ItemScene
from embwidget.widgets.state.audit import audit_state, leading_documents
from embwidget.widgets.wire.binary import Array, WireError
from embwidget.widgets.wire.bundle import bundle
from embwidget.widgets.wire.index import Index


class AuditScene(ItemScene):
    """An `Audit` in the page; its items are the documents.

    `query` (the number of the query that is open, or -1), `selected` and `hovered` (documents) are synced both ways.

    Example:
        >>> import embwidget as ew, numpy as np
        >>> X = np.random.default_rng(0).normal(size=(80, 4))
        >>> scene = AuditScene.from_audit(ew.audit(X, X[:, :3], bridges=[], k=5, progress=False))
        >>> scene
        AuditScene(n=80, names=('old', 'new'), decision='cannot tell', queries=80, query=-1)
    """

    _esm = bundle("audit.js")
    _css = bundle("audit.css")
    _from_page = frozenset({"selected", "hovered", "query"})

    decision = Unicode("").tag(sync=True)
    reasons = List(Dict()).tag(sync=True)
    tolerance = Float(0.0).tag(sync=True)
    measure = Unicode("").tag(sync=True)
    of_documents = Bool(False).tag(sync=True)
    queries = Index(0).tag(sync=True)
    query_rows = Array("<u4", ndim=1, stored="<i8")
    query_texts = List(Unicode()).tag(sync=True)
    change = Array("<f4", ndim=1)
    kept = Array("<f4", ndim=1)
    quality = Array("<f4", ndim=2)
    lists_old = Array("<u4", ndim=2)
    lists_new = Array("<u4", ndim=2)
    grades_old = Array("<f4", ndim=2)
    grades_new = Array("<f4", ndim=2)
    relevant_from = Float(None, allow_none=True).tag(sync=True)
    groups = List(Dict()).tag(sync=True)
    group_rows = Array("<u4", ndim=1, stored="<i8")
    curves = Dict().tag(sync=True)
    thresholds = Dict().tag(sync=True)
    joint = Array("<f8", ndim=2)
    joint_edges = Array("<f8", ndim=2)
    edges = Array("<f8", ndim=2)
    passing = Array("<f8", ndim=2)
    bridges = List(Dict()).tag(sync=True)
    table = List(Dict()).tag(sync=True)
    query = Index(-1).tag(sync=True)

    def __init__(self, **state: Any) -> None:
        self._audit: Audit | None = None
        super().__init__(**state)

    @classmethod
    def from_audit(cls, audit: Audit) -> "AuditScene":
        """A scene that shows this audit, no query open."""
        scene = cls(items=audit.items, **audit_state(audit))
        scene._audit = audit
        return scene

    def shows(self, result: Any) -> bool:
        """Whether this scene was made from this very result."""
        return result is not None and result is self._audit

    @property
    def result(self) -> Audit | None:
        """The audit that is shown."""
        return self._audit

    @property
    def curved(self) -> bool:
        """Its k is that of the decision, and does not move."""
        return False

    @property
    def changed(self) -> Int64[np.ndarray, " r"]:
        """Documents that a reader meets first: on the lists of the queries that lose most."""
        if self._audit is None:
            return np.zeros(0, np.int64)
        opened = self.query_rows[self.query_rows == self.query]
        worst = self.query_rows[np.argsort(np.nan_to_num(self.change, nan=np.inf), kind="stable")[:24]]
        found = [leading_documents(self._audit, rows) for rows in (opened, worst)]
        return np.asarray([*dict.fromkeys(np.concatenate(found).tolist())], np.int64)

    @validate("query")
    def _query_is_held(self, proposal: Mapping[str, Any]) -> int:
        query: int = proposal["value"]
        if not -1 <= query < self.queries:
            raise WireError(f"expected query as a number from 0 to {self.queries - 1}, or -1, but got {query}")
        if query >= 0 and query not in self.query_rows:
            raise WireError(
                f"expected one of the {len(self.query_rows):,} queries that the page has room for (scene.query_rows) "
                f"but got {query}"
            )
        return query

    @property
    def _remedy(self) -> str:
        return "use AuditScene.from_audit(a)"

    def __repr__(self) -> str:
        told = f"decision={self.decision!r}, queries={self.queries}, query={self.query}"
        return f"AuditScene(n={self.n}, names={tuple(self.names)}, {told})"
