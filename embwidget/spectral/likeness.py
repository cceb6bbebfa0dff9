"""Whether two spaces share anything at all: else their rows may be in unlike orders, and groups mean nothing."""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import take_rows
from embwidget.arrays.on_dask.distant import DistantRows
from embwidget.arrays.pair import Pair
from embwidget.measures.cka import cka_of
from embwidget.measures.joined import search_both
from embwidget.measures.neighborhood import nngs_of
from embwidget.moments.two_spaces import SecondMoments

NOTHING_SHARED = "The two spaces share nothing: are the rows in the same order?"
MOST_ROWS = 500
LEAST_ROWS = 20
"""Fewer rows do not tell related spaces from unrelated ones surely enough to ask."""
CHANCE = 1e-3
"""A p above which a similarity is at chance; one shuffle in a thousand looks like less."""
_K = 10


def likeness(pair: Pair, *, device: Any = None, random_state: int = 0) -> dict[str, Any]:
    """Debiased CKA of at most 500 rows and its p; where that is at chance, NNGS too, which sees neighbours alone.

    Both have an exact chance. Plain numbers, for ``params``: ``rows``, ``cka``, ``cka_p``, ``nngs``, ``nngs_p`` (NaN
    where not computed) and whether both are ``at_chance``.
    """
    nan = float("nan")
    rows = min(pair.n, MOST_ROWS)
    found: dict[str, Any] = {"rows": rows, "cka": nan, "cka_p": nan, "nngs": nan, "nngs_p": nan, "at_chance": False}
    if pair.n < LEAST_ROWS:
        return found
    some = _sampled(pair, random_state)
    shape = cka_of(SecondMoments.of(some, device=device), detail=False)
    found |= {"cka": shape.value, "cka_p": shape.p}
    if shape.p <= CHANCE:
        return found
    near = Pair(_directions(some.x), _directions(some.y), some.rows_x, some.rows_y, None, (0, 0))
    hoods = search_both(near, _K + 1, metric="euclidean", method="exact", device=device, random_state=random_state)
    local = nngs_of(hoods, [_K], True, items=False)
    told = [p for p in (shape.p, local.p) if np.isfinite(p)]
    return found | {"nngs": local.value, "nngs_p": local.p, "at_chance": bool(told) and min(told) > CHANCE}


def shares_nothing(params: dict[str, Any]) -> bool:
    """Whether a comparison with these parameters, which may be of an earlier version, was of such spaces."""
    return bool(params.get("likeness", {}).get("at_chance", False))


def likeness_notes(params: dict[str, Any]) -> list[str]:
    """The warning, with its numbers; none where the spaces share something."""
    if not shares_nothing(params):
        return []
    one = params["likeness"]
    of = "" if one["rows"] == params["n"] else f", of {one['rows']:,} drawn rows"
    return [
        f"{NOTHING_SHARED} CKA is {one['cka']:.3f} (p = {one['cka_p']:.2g}) and NNGS at k = {_K} {one['nngs']:.3f} "
        f"(p = {one['nngs_p']:.2g}){of}. Groups found between unrelated rows say nothing of the models; "
        "ids=(ids_x, ids_y) joins rows by name."
    ]


def _sampled(pair: Pair, random_state: int) -> Pair:
    if pair.n <= MOST_ROWS and not isinstance(pair.x, DistantRows):
        return pair
    rows = np.sort(np.random.default_rng([random_state, 3]).permutation(pair.n)[:MOST_ROWS])
    x, y = take_rows(pair.x, rows), take_rows(pair.y, rows)
    return Pair(x, y, rows, rows, None, (0, 0))


def _directions(rows: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    """Rows about their mean, of length 1: neighbours as a cosine sees them."""
    found = rows.double() - rows.double().mean(0)
    return found / torch.linalg.vector_norm(found, dim=1, keepdim=True).clamp(min=1e-300)
