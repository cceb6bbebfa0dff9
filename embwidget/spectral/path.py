"""How groups fare as the other space's kernel is given more weight: strong here and weak there, or strong in both."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.options import check_real
from embwidget.eigen.decompose import Task, decompose, operator_of
from embwidget.eigen.difference import Spaces
from embwidget.spectral.result import SpectralComparison
from embwidget.spectral.spec import spec
from embwidget.work.progress import Progress, part, progress_bar

_ETAS = (1.0, 1.5, 2.0, 4.0, 8.0)


def spec_path(X: Any, Y: Any, *, etas: Any = _ETAS, progress: Any = True, **how: Any) -> list[dict[str, Any]]:
    r"""How each group's eigenvalue falls as the other space's kernel weighs more.

    .. math:: \lambda_u(\eta) = u^\top (K - \eta K') u / n

    with the group's vector u, the kernel K of the space that holds it together and K' of the other. It reaches 0 at
    :math:`\eta = u^\top K u / u^\top K' u`: near 1 the other space holds the items almost as tightly; a group that is
    left at η = 8 is one that the other does not hold at all. At each η the leading vectors are also found anew.

    Args:
        X, Y: as for `spec`.
        etas: weights of the other space's kernel, each at least 0; the groups are those at the ``eta`` of ``how``.
        progress: as for `spec`.
        how: as for `spec`, which finds the groups.

    Returns:
        A row for each group and η: ``cluster``, ``title``, ``side``, ``eta``, ``eigenvalue``, ``found`` (the share of
        u, 0 … 1, that lies on the leading vectors of its side at that η), ``ends`` (the η of 0; infinite where the
        other space sees nothing of it). For a table: ``pandas.DataFrame(...)``.

    Raises:
        TypeError, ValueError: as `spec`; an η below 0, or none.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(80, 6))
        >>> Y = X.copy()
        >>> X[:20, 0] += 9  # a group that only X holds together
        >>> rows = spec_path(X, Y, etas=(1, 4), n_components=2, progress=False)
        >>> rows[0]["eigenvalue"] > rows[1]["eigenvalue"] > 0
        True

    Source: after the constraint on the other space's tightness of Wu, Jalali and Farnia (2026), arXiv 2606.04180.

    """
    single = isinstance(etas, str) or not isinstance(etas, Iterable) or getattr(etas, "ndim", 1) == 0
    given = [etas] if single else list(etas)
    weights = [check_real("etas", eta, least=0) for eta in given]
    if not weights:
        raise ValueError(f"expected etas to be numbers of at least 0, at least one, but got {etas!r}")
    with progress_bar(progress) as report:
        result = spec(X, Y, progress=part(report, 0.0, 0.6), **how)
        with full_precision():
            return _path(result, weights, part(report, 0.6, 1.0))


def _path(result: SpectralComparison, etas: list[float], report: Progress) -> list[dict[str, Any]]:
    assert result.source is not None, "a fresh result has its embeddings"
    both = result.source[2]
    rows: list[dict[str, Any]] = []
    for step, side in enumerate("XY"):
        groups = result.side(side)
        if not groups:
            continue
        own_first: Spaces = both.spaces if side == "X" else (both.spaces[1], both.spaces[0])
        vectors = np.stack([one.loadings / np.linalg.norm(one.loadings) for one in groups], 1)
        own, other = (_quotients(pair, both.choice.centered, vectors) for pair in (own_first, own_first[::-1]))
        for i, eta in enumerate(etas):
            report((step + i / len(etas)) / 2, f"η = {eta:g}")
            task = Task(eta, both.choice.centered, len(result.eigenvalues), 0, both.choice.random_state)
            found = decompose(own_first, task, "auto", lambda done, what: None)
            share = np.square(found.vectors[:, found.values > 0].T @ vectors).sum(0)
            for j, one in enumerate(groups):
                row = {"cluster": one.index, "title": one.title, "side": side, "eta": eta}
                ends = own[j] / other[j] if other[j] > 0 else float("inf")
                row |= {"eigenvalue": float(own[j] - eta * other[j]), "found": float(min(1.0, share[j]))}
                rows.append(row | {"ends": float(ends)})
    report(1.0, "done")
    return sorted(rows, key=lambda row: row["cluster"])


def _quotients(spaces: Spaces, centered: bool, vectors: Float[np.ndarray, "n g"]) -> Float[np.ndarray, " g"]:
    """uᵀKu / n with the kernel of the first space."""
    columns = torch.from_numpy(vectors).to(spaces[0].device)
    found = (columns * operator_of(spaces, 0.0, centered).apply(columns)).sum(0)
    values: np.ndarray = found.cpu().numpy()
    return values
