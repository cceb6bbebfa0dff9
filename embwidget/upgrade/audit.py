"""audit(old, new): can a new embedding replace an old one, who loses, and what would a bridge keep?"""

from typing import Any

from embwidget.upgrade.bridges import METHODS
from embwidget.upgrade.options import TOLERANCE, Options
from embwidget.upgrade.plan import Plan
from embwidget.upgrade.result import Audit
from embwidget.work.progress import progress_bar


def audit(
    old: Any,
    new: Any,
    *,
    queries: Any = None,
    relevant: Any = None,
    items: Any = None,
    query_items: Any = None,
    baseline: Any = None,
    tolerance: Any = TOLERANCE,
    measure: Any = "ndcg",
    k: Any = 10,
    max_k: Any = 100,
    metric: Any = "cosine",
    at: Any = None,
    bridges: Any = METHODS,
    names: Any = ("old", "new"),
    ids: Any = None,
    query_ids: Any = None,
    device: Any = None,
    random_state: Any = 0,
    progress: Any = True,
) -> Audit:
    """Decide whether a new embedding can replace the old one that a search runs on, and say why.

    The decision is made of 95 % intervals and a tolerance that you state, of the quality of answers where it is known
    which documents are relevant:

    - ``"keep"``: new answers worse than tolerated, whatever is true within the interval;
    - ``"switch"``: new answers no worse than tolerated;
    - ``"bridge"``: so it does, and old vectors carried into the new space do as well: no re-embedding;
    - ``"cannot tell"``: the interval holds both, and how many queries would tell is said.

    Without judgements what new finds instead may be better or worse. Then ``"switch"`` says that the coordinates are
    the same, that no difference from re-runs of the old model (``baseline``) is seen where one of twice the tolerance
    would have been, or that all results but the tolerance are kept.

    Args:
        old, new: ``(n, dx)`` and ``(n, dy)`` array-likes: the documents by either model, in the same order or joined by
            ``ids``.
        queries: ``(queries_old, queries_new)``: queries by either model; without, every document asks for its
            neighbours.
        relevant: which documents answer which queries; see `embwidget.compare_retrieval`.
        items, query_items: an `Items`: what documents and queries are. Groups are their labels (a query's own, else
            those of what it is about), and the groups that `embwidget.spec` finds.
        baseline: re-runs of the old model over the documents (another seed, float16, encoded again): what changes
            between them is noise.
        tolerance: how much worse (of ``measure``, or of the share of results kept) is still accepted.
        measure: ``"ndcg"``, ``"recall"``, ``"mrr"`` or ``"hit"``.
        k, max_k: the length of lists that the decision is of, and the last of the curves.
        metric: ``"cosine"``, ``"euclidean"`` or ``"dot"``.
        at: a threshold on similarity in use in old, to be carried over; by default the one that as many pairs pass as
            there are neighbours (k an item).
        bridges: of ``"procrustes"``, ``"ridge"``, ``"cca"`` and ``"spec"``, those to try; ``[]`` for none.
        names: what to call the two.
        ids, query_ids: ``(ids_old, ids_new)`` to join documents, and queries, by.
        device: where to compute.
        random_state: seed of everything random.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).

    Returns:
        `Audit`.

    Raises:
        TypeError, ValueError: bad arrays, ids, judgements or options, before any search.

    Example:
        >>> import numpy as np
        >>> random = np.random.default_rng(0)
        >>> documents, asked = random.normal(size=(300, 16)), random.normal(size=(40, 16))
        >>> found = audit(documents, documents[:, :12], queries=(asked, asked[:, :12]), bridges=[], progress=False)
        >>> found.decision
        'cannot tell'

    """
    options = Options.of(
        tolerance=tolerance,
        measure=measure,
        k=k,
        max_k=max_k,
        metric=metric,
        bridges=bridges,
        names=names,
        random_state=random_state,
    )
    plan = Plan.of(
        old,
        new,
        queries,
        options=options,
        relevant=relevant,
        items=items,
        query_items=query_items,
        baseline=baseline,
        at=at,
        ids=ids,
        query_ids=query_ids,
        device=device,
    )
    with progress_bar(progress) as report:
        return plan.run(report)
