"""What rows and neighbourhood sizes must be before anything is computed from them."""

from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.options import as_number, check_share

MINIMUM_ITEMS = 3
_MOST_VALUE = 1e145


def check_finite(x: Float[Tensor, "n d"], name: str, beside: str | None = None) -> None:
    """Raise a ValueError that names the first offending row when ``x`` holds NaN or infinity.

    ``beside`` is what else has these rows.
    """
    bad: list[int] = []
    for block in row_blocks(len(x), x.shape[1] * x.element_size()):
        if not adds_up(x[block]):
            rows = (~torch.isfinite(x[block]).all(1)).nonzero()[:, 0]
            bad += (rows + block.start).tolist()
    if bad:
        missing = ", which is missing" if x[bad[0]].isnan().all() else ""
        raise ValueError(
            f"expected finite values in {name} but got NaN or infinity in {len(bad)} of {len(x)} rows "
            f"(first: row {bad[0]}{missing}); drop or repair these rows{_finite_rows(name, beside)}"
        )


def adds_up(x: Float[Tensor, "n d"]) -> bool:
    """Whether the values have a finite sum, as they have unless one is not finite, or the sum overflows.

    One cheap pass, which decides for almost all data that all values are finite.
    """
    return bool(torch.isfinite(x.sum(dtype=torch.float32 if x.element_size() < 4 else x.dtype)))


def check_values(x: Float[Tensor, "n d"], name: str, beside: str | None = None) -> None:
    """Raise a ValueError where values are not finite, or their squares are none that float64 can hold."""
    check_finite(x, name, beside)
    check_range(x, name)


def _finite_rows(name: str, beside: str | None) -> str:
    """Where, and code that keeps the others, of whatever `as_matrix` takes."""
    taken = "from embwidget.arrays import as_matrix; "
    if name[:1] in "'\"":
        return (
            f" in every space (and in what describes the rows): {taken}"
            "taken = {name: as_matrix(space, name) for name, space in spaces.items()}; "
            "keep = sum(~rows.isfinite().all(1) for rows in taken.values()) == 0; "
            "spaces = {name: rows[keep] for name, rows in taken.items()}"
        )
    if not name.isidentifier():
        return ""
    if beside is None:
        return (
            f" (and in what describes the rows): {taken}{name} = as_matrix({name}, '{name}'); "
            f"keep = {name}.isfinite().all(1); {name} = {name}[keep]"
        )
    first, second = sorted((name, beside))
    return (
        f" in both embeddings (and in what describes the rows): {taken}"
        f"{first}, {second} = as_matrix({first}, '{first}'), as_matrix({second}, '{second}'); "
        f"keep = {first}.isfinite().all(1) & {second}.isfinite().all(1); "
        f"{first}, {second} = {first}[keep], {second}[keep]"
    )


def check_nonzero_rows(x: Float[Tensor, "n d"], name: str) -> None:
    """Raise a ValueError that names the first row of zeros: it has no direction, so no cosine."""
    zero = _zero_rows(x).nonzero()[:, 0]
    if len(zero):
        raise ValueError(
            f"expected rows with a direction for metric='cosine' but got {len(zero)} zero rows in {name} "
            f"(first: row {int(zero[0])}), often empty texts or missing pictures; drop them in both embeddings (and in "
            f"what describes the rows): {_without_zero_rows(name)}"
        )


def _without_zero_rows(name: str) -> str:
    """Code that drops them: of arrays, tensors and data frames X and Y, or of a mapping of spaces."""
    # The names of a mapping's spaces come in quotes.
    if name[:1] in "'\"":
        return (
            "keep = np.all([np.asarray(space != 0).any(axis=1) for space in spaces.values()], axis=0); "
            "spaces = {name: space[keep] for name, space in spaces.items()}"
        )
    if name == "queries":
        return "keep = (queries != 0).any(axis=1); queries = queries[keep]"
    if name.startswith("queries["):
        keep = "keep = (queries[0] != 0).any(axis=1) & (queries[1] != 0).any(axis=1)"
        return f"{keep}; queries = queries[0][keep], queries[1][keep]"
    return "keep = (X != 0).any(axis=1) & (Y != 0).any(axis=1); X, Y = X[keep], Y[keep]"


def check_ks(k: Any, n: int, alpha: Any = None) -> tuple[list[int], bool]:
    """Return the neighbourhood sizes asked for, ascending as given, and whether one scalar was asked for.

    Args:
        k: an int or a sequence of ints in ``1 … n - 1``; ignored where ``alpha`` is given.
        n: number of items.
        alpha: a share (0, 1] of the ``n - 1`` possible neighbours, or a sequence of shares.

    Raises:
        ValueError: a size outside the range, not a whole number, a bool, or none at all.

    Example:
        >>> check_ks(10, 100), check_ks(None, 101, alpha=[0.1, 0.5])
        (([10], True), ([10, 50], False))

    """
    if alpha is not None:
        shares, scalar = _as_list(alpha)
        if not shares:
            raise ValueError(f"expected alpha to be a share of the n - 1 neighbours in (0, 1] but got {alpha!r}")
        checked = [check_share("alpha", one, of="the n - 1 neighbours") for one in shares]
        return [max(1, int(share * (n - 1) + 1e-9)) for share in checked], scalar
    asked, scalar = _as_list(k)
    if not asked:
        raise ValueError(f"expected at least one k in 1 … {n - 1} but got none")
    return [_size(one, n) for one in asked], scalar


def _size(k: Any, n: int) -> int:
    size = as_number(k)
    if not isinstance(size, int):
        raise ValueError(
            f"expected k to be a whole number in 1 … {n - 1} but got {k!r}; for a share of the items use alpha="
        )
    if not 1 <= size <= n - 1:
        raise ValueError(f"expected k in 1 … {n - 1} (n = {n} items) but got {k}")
    return size


def check_range(x: Float[Tensor, "n d"], name: str, most: float = _MOST_VALUE) -> None:
    """Raise a ValueError where sums of squares would overflow, or vanish, or a value is beyond ``most``."""
    if x.dtype != torch.float64:
        return
    ends = [end for block in row_blocks(len(x), 8 * x.shape[1]) for end in torch.aminmax(x[block])]
    largest = max((abs(float(end)) for end in ends), default=0.0)
    if largest and not 1 / most <= largest <= most:
        plain = name if name.isidentifier() else "them"
        raise ValueError(
            f"expected rows of {name} whose squares are finite and above 0 in float64, of largest values between "
            f"{1 / most:g} and {most:g}, but got values up to {largest:.0e}; scale them: "
            f"{plain} / abs({plain}).max()"
        )


def _zero_rows(x: Float[Tensor, "n d"]) -> Bool[Tensor, " n"]:
    return torch.cat([(x[block] == 0).all(1) for block in row_blocks(len(x), x.shape[1] * x.element_size())])


def _as_list(value: Any) -> tuple[list[Any], bool]:
    if isinstance(value, (list, tuple, range)) or (isinstance(value, (np.ndarray, Tensor)) and value.ndim):
        return list(value.tolist() if hasattr(value, "tolist") else value), False
    return [value], True
