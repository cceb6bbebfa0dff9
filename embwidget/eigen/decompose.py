"""Which way to the leading eigenpairs of a kernel difference, and the way itself."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float

from embwidget.arrays.on_dask.distant import DistantRows
from embwidget.eigen.difference import (
    MATRIX_BYTES,
    Difference,
    Spaces,
    TiledDifference,
    feature_difference,
    in_float64,
    in_order,
    stored_difference,
)
from embwidget.eigen.eigenpairs import Eigenpairs, leading_eigenpairs
from embwidget.eigen.gram import by_qr, gram_of
from embwidget.eigen.held_out import LEAST_ITEMS, HeldOut, folds, held_out_of_gram, held_out_of_items
from embwidget.work.progress import Progress, part

ROUTES = ("dense", "gram", "qr", "lanczos")

_DENSE_ITEMS = 1200
_DENSE_FIRST = 400
_GRAM_WIDTH = 4096
_TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-6}
_TOO_CLOSE = {torch.float64: 1e-6, torch.float32: 1e-4}
"""Below this share of a kernel's diagonal, the chosen way's rounding would be seen: double precision over the items."""
_NOTHING = 1e-2
_RESOLUTION = {torch.float64: 1e-13, torch.float32: 1e-6}


@dataclass(frozen=True, eq=False, kw_only=True)
class Decomposition:
    """Leading eigenpairs over the items, their held-out eigenvalues, how they were found and what they resolve."""

    values: Float[np.ndarray, " m"]
    vectors: Float[np.ndarray, "n m"]
    residuals: Float[np.ndarray, " m"]
    held_out: HeldOut
    method: str
    reason: str
    resolution: float


@dataclass(frozen=True)
class Task:
    """What is asked of the decomposition."""

    eta: float
    centered: bool
    count: int
    splits: int
    random_state: int
    resolution: float = 0.0
    """Eigenvalues up to this size are 0 within rounding."""
    turned: bool = False
    """Whether the vectors of halves are needed at their items, to turn them."""
    by_root: bool = False
    """Whether products of features are taken apart whole, which costs more and loses less."""


def choose_route(spaces: Spaces, method: str) -> tuple[str, str]:
    """The route and why.

    Raises:
        ValueError: a route over features where the kernel has none.

    """
    n, wide = spaces[0].n, spaces[0].width
    if isinstance(spaces[0].x, DistantRows):
        return _distant_route(spaces, method)
    if wide is None or spaces[1].width is None:
        if method in ("gram", "qr"):
            raise ValueError(
                f"expected method to be 'auto', 'dense' or 'lanczos' for the exact Gaussian but got {method!r}; "
                "features='rff' makes it a product of features"
            )
        if method != "auto":
            return method, "asked for"
        return ("dense", f"n at most {_DENSE_ITEMS:,}") if n <= _DENSE_ITEMS else ("lanczos", "no finite features")
    if method != "auto":
        return method, "asked for"
    wide += spaces[1].width
    if n <= _DENSE_FIRST or (n <= _DENSE_ITEMS and n < wide):
        return "dense", "few items"
    if wide <= _GRAM_WIDTH and n >= wide:
        return "gram", f"{wide:,} features, fewer than items"
    return "lanczos", f"{wide:,} features"


def _distant_route(spaces: Spaces, method: str) -> tuple[str, str]:
    """The one way that is all sums over rows.

    Raises:
        ValueError: another, or spaces whose kernels have none.

    """
    widths = [space.width for space in spaces if space.width is not None]
    if len(widths) < 2:
        raise ValueError(
            "expected a kernel of dask arrays that is a product of features but got the exact Gaussian, which compares "
            "all rows with all; pass features='landmarks' (or 'rff')"
        )
    if method not in ("auto", "gram"):
        raise ValueError(
            f"expected method='gram' (or 'auto') of dask arrays but got {method!r}; take a sample of rows to memory"
        )
    if sum(widths) > _GRAM_WIDTH:
        raise ValueError(
            f"expected at most {_GRAM_WIDTH:,} features of both dask arrays together but got {sum(widths):,}; take "
            "fewer (n_features), or the leading principal components of each space first"
        )
    return "gram", f"{sum(widths):,} features, as tasks on dask"


def decompose(spaces: Spaces, task: Task, method: str, report: Progress) -> Decomposition:
    """Leading eigenpairs by the route asked for, or by double precision over the items where that one is too coarse."""
    route, reason = choose_route(spaces, method)
    usual = _diagonal(spaces, task.eta)
    task = replace(task, resolution=_RESOLUTION[spaces[0].dtype] * usual)
    pairs, held_out = _by(route, spaces, task, report)
    largest, dtype = _largest(pairs), spaces[0].dtype
    distant = isinstance(spaces[0].x, DistantRows)
    coarse = largest < _TOO_CLOSE[dtype] * usual or bool((pairs.residuals > 1e-3 * largest).any())
    if coarse and distant:
        report(0.5, "again in float64")
        pairs, held_out = _by("gram", in_float64(spaces), replace(task, by_root=True), part(report, 0.5, 1.0))
        reason += "; in float64, by a root of the products of features, as the spaces nearly agree"
    elif coarse and not distant and (route == "gram" or (dtype == torch.float32 and route == "lanczos")):
        # The spaces nearly agree, so that what is left is a small difference of large numbers.
        report(0.5, "again in float64")
        pairs, held_out = _by("lanczos", in_float64(spaces), task, part(report, 0.5, 1.0))
        route, reason = "lanczos", f"the {route} route left too little precision; float64 over the items"
    return _signed(pairs, held_out, route, reason, task.resolution)


def _signed(pairs: Eigenpairs, held_out: HeldOut, route: str, reason: str, resolution: float) -> Decomposition:
    values, vectors, residuals = (part.cpu().numpy() for part in (pairs.values, pairs.vectors, pairs.residuals))
    kept = np.abs(values) > resolution
    if not kept.any():
        # Equal kernels: a spectrum of zeros, which is a finding.
        kept[:] = True
    if not kept.all():
        values, vectors, residuals = values[kept], vectors[:, kept], residuals[kept]
    vectors *= sign_of(vectors)
    return Decomposition(
        values=values,
        vectors=vectors,
        residuals=residuals,
        held_out=held_out.of(kept),
        method=route,
        reason=reason,
        resolution=resolution,
    )


def sign_of(vectors: Float[np.ndarray, "n m"]) -> Float[np.ndarray, " m"]:
    """The sign that makes the sum of cubes positive (the heavier tail); if that is 0, the first largest entry."""
    signs = np.ones(vectors.shape[1])
    # Column by column: nothing as large as all vectors stands beside them, and a power is slower than products.
    for j, u in enumerate(vectors.T):
        size = np.abs(u)
        squares = size * size
        cubes = float(squares @ u)
        if abs(cubes) <= 1e-9 * float(squares @ size):
            cubes = float(u[np.argmax(size >= size.max(initial=0.0) * (1 - 1e-6))])
        signs[j] = -1.0 if cubes < 0 else 1.0
    return signs


def _by(route: str, spaces: Spaces, task: Task, report: Progress) -> tuple[Eigenpairs, HeldOut]:
    with_splits = task if spaces[0].n >= LEAST_ITEMS else replace(task, splits=0)
    if route == "gram":
        return _by_gram(spaces, with_splits, report)
    return _by_items(route, spaces, with_splits, report)


def _by_gram(spaces: Spaces, task: Task, report: Progress) -> tuple[Eigenpairs, HeldOut]:
    order, sizes = folds(spaces[0].n, task.random_state) if task.splits else (np.arange(spaces[0].n), (spaces[0].n,))
    fold = torch.from_numpy(np.repeat(np.arange(len(sizes), dtype=np.int8), sizes)[np.argsort(order)])
    gram = gram_of(spaces, task.eta, fold, sizes, lambda done: report(0.6 * done, "products of features"))
    gram = replace(gram, by_root=task.by_root)
    tolerance = _TOLERANCE[spaces[0].dtype]
    report(0.6, "eigenvectors")
    found = gram.leading(gram.of(tuple(range(len(sizes)))), task.count, tolerance, task.random_state)
    pairs = gram.unfolded(found.vectors)
    if not task.splits or _largest(pairs) <= task.resolution:
        return pairs, HeldOut.none(len(pairs.values))
    told = part(report, 0.75, 1.0)
    held_out = held_out_of_gram(
        gram,
        order,
        pairs.values,
        splits=task.splits,
        random_state=task.random_state,
        at_items=task.turned,
        report=lambda done: told(done, "held-out rows"),
    )
    return pairs, held_out


def _by_items(route: str, spaces: Spaces, task: Task, report: Progress) -> tuple[Eigenpairs, HeldOut]:
    order, sizes = folds(spaces[0].n, task.random_state)
    rows = torch.from_numpy(order)
    report(0.0, "kernels")
    ordered = in_order(in_float64(spaces) if route == "dense" else spaces, rows)
    difference = operator_of(ordered, task.eta, task.centered, stored=route == "dense")
    report(0.4, "eigenvectors")
    pairs = _solve(route, difference, task, part(report, 0.4, 0.7))
    told = part(report, 0.7, 1.0)
    held_out = (
        held_out_of_items(
            difference,
            order,
            sizes,
            pairs.values,
            splits=task.splits,
            random_state=task.random_state,
            report=lambda done: told(done, "held-out rows"),
        )
        if task.splits and _largest(pairs) > task.resolution
        else HeldOut.none(len(pairs.values))
    )
    vectors = torch.empty_like(pairs.vectors)
    vectors[rows.to(vectors.device)] = pairs.vectors
    return replace(pairs, vectors=vectors), held_out


def operator_of(spaces: Spaces, eta: float, centered: bool, stored: bool = False) -> Difference:
    """The difference of two kernels as an operator: ``stored`` as a matrix, else as it costs least."""
    if not stored and spaces[0].width is not None:
        return feature_difference(spaces, eta)
    if stored or spaces[0].n ** 2 * torch.finfo(spaces[0].dtype).bits // 8 <= MATRIX_BYTES:
        return stored_difference(spaces, eta, centered)
    return TiledDifference(spaces, eta, centered)


def _solve(route: str, difference: Difference, task: Task, report: Progress) -> Eigenpairs:
    if route == "qr":
        return by_qr(difference.spaces, task.eta, task.count)
    if route == "dense":
        return _by_dense(difference, task.count)
    return leading_eigenpairs(
        lambda vectors, _: difference.apply(vectors),
        difference.n,
        task.count,
        tolerance=_TOLERANCE[difference.spaces[0].dtype],
        device=difference.spaces[0].device,
        negligible=_NOTHING * task.resolution,
        seed=task.random_state,
        report=lambda done: report(done, "eigenvectors"),
    )


def _by_dense(difference: Difference, count: int) -> Eigenpairs:
    matrix = difference.apply(torch.eye(difference.n, dtype=torch.float64, device=difference.spaces[0].device))
    values, vectors = torch.linalg.eigh((matrix + matrix.T) / 2)
    order = values.abs().argsort(descending=True, stable=True)[:count]
    values, vectors = values[order], vectors[:, order]
    return Eigenpairs(values, vectors, torch.linalg.vector_norm(matrix @ vectors - vectors * values, dim=0))


def _diagonal(spaces: Spaces, eta: float) -> float:
    """Mean of a kernel's diagonal, the size by which its eigenvalues over n are to be read: 1 for unit kernels."""
    found = []
    for space in spaces:
        if space.features is None:
            return 1.0
        some = space.mapped(space.x[:1000]).double()
        found.append(float((some * some).sum(1).mean()))
    return max(found[0], eta * found[1], 1e-300)


def _largest(pairs: Eigenpairs) -> float:
    return float(pairs.values.abs().max()) if len(pairs.values) else 0.0
