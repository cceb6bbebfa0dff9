"""Sums over the edges of a neighbour graph whose places are shared out among what is equally far.

The weight of an edge at k is its chance to be among the first k under a random order of ties (`neighbors.ties.ramp`).
"""

import numpy as np
from jaxtyping import Float, Integer

from embwidget.neighbors.search import Neighbors
from embwidget.neighbors.ties import Ties, ramp
from embwidget.scores.overlap_chance import EdgePairs

_CELLS = 1 << 24


def tied_edge_pairs(lists: Neighbors, ties: Ties) -> EdgePairs:
    """The sums at every k that the lists reach, exact, from lists of all items."""
    n, wide = lists.indices.shape
    k = np.arange(1, wide + 1, dtype=np.float64)
    total = n * k
    # Of a run cut at k all t members have weight r / t, so their squares sum to r² / t.
    inside = k - ties.start
    squares = (ties.start + inside**2 / (ties.stop - ties.start)).sum(0)
    incoming = _incoming(lists.indices, ties)
    mutual = _mutual_listed(lists.indices, ties) + _mutual_of_shells(ties, n)
    return EdgePairs(
        total=total,
        squares=squares,
        mutual=mutual,
        fan_out=n * k**2 - squares,
        fan_in=np.square(incoming).sum(0) - squares,
        paths=total * k - mutual,
    )


def _incoming(indices: Integer[np.ndarray, "n k"], ties: Ties) -> Float[np.ndarray, "n k"]:
    """Sum of the weights of the edges into each item, at every k."""
    n, wide = indices.shape
    # A ramp's slope is 1 / t from its start to its stop: slopes are summed up, then once more to weights.
    listed, share = ~ties.open, 1 / (ties.stop - ties.start)
    item, each = indices[listed].astype(np.int64) * (wide + 1), share[listed]
    begun, ended = (np.bincount(item + at[listed], each, n * (wide + 1)) for at in (ties.start, ties.stop))
    slope = (begun - ended).astype(np.float64).reshape(n, wide + 1)
    rows = np.flatnonzero(ties.shell >= 0)
    for block in np.array_split(rows, max(1, len(rows) * n // _CELLS)):
        if not len(block):
            continue
        start, each = ties.start[block, -1], share[block, -1]
        inside = ties.members(block, n)
        inside[np.arange(len(block)), block] = 0
        begins = np.zeros((len(block), wide + 1))
        begins[np.arange(len(block)), start] = each
        slope += inside.T.astype(np.float64) @ begins
    return slope[:, :wide].cumsum(1).cumsum(1)


def _mutual_listed(indices: Integer[np.ndarray, "n k"], ties: Ties) -> Float[np.ndarray, " k"]:
    """Products of the weights of edges and their reverses, of which at least one is listed outside a shell."""
    n, wide = indices.shape
    source, place = np.nonzero(~ties.open)
    target = indices[source, place].astype(np.int64)
    start, stop = ties.start[source, place], ties.stop[source, place]
    # The reverse is in the target's shell …
    in_shell = ties.is_in_shell(target, source[:, None])[:, 0]
    # … or listed as well: both directions of a pair lie side by side once sorted.
    key = np.minimum(source, target) * n + np.maximum(source, target)
    order = np.argsort(key, kind="stable")
    both = np.flatnonzero(key[order][1:] == key[order][:-1])
    one, other = order[both], order[both + 1]
    ends = ties.start[target[in_shell], -1], ties.stop[target[in_shell], -1]
    out = np.empty(wide)
    for k in range(1, wide + 1):
        listed = ramp(start[one], stop[one], k) @ ramp(start[other], stop[other], k)
        shelled = ramp(start[in_shell], stop[in_shell], k) @ ramp(*ends, k)
        out[k - 1] = 2 * (listed + shelled)
    return out


def _mutual_of_shells(ties: Ties, n: int) -> Float[np.ndarray, " k"]:
    """Products of the weights of edges and their reverses that are both in shells."""
    wide = ties.start.shape[1]
    rows = np.flatnonzero(ties.shell >= 0)
    out = np.zeros(wide)
    if not len(rows):
        return out
    weights = np.stack([ramp(ties.start[rows, -1], ties.stop[rows, -1], k) for k in range(1, wide + 1)], 1)
    for block in np.array_split(np.arange(len(rows)), max(1, len(rows) * n // _CELLS)):
        there = ties.members(rows[block], n)[:, rows]
        first, last = rows[block[0]] >> 3, (rows[block[-1]] >> 3) + 1
        # Whether the others have these rows in their shells: the bytes that hold the rows of the block.
        bits = np.unpackbits(ties.bits[:, first:last], axis=1)[ties.shell[rows]]
        back = bits[:, rows[block] - 8 * first].T
        both = (there & back).astype(np.float64)
        both[np.arange(len(block)), block] = 0
        out += (weights[block] * (both @ weights)).sum(0)
    return out
