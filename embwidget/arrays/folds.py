"""Folds of rows, each to be scored by what was fitted on the others."""

import reprlib
from collections.abc import Hashable, Iterable, Mapping, Set
from typing import Any

import numpy as np
from jaxtyping import Int
from torch import Tensor

from embwidget.arrays.options import check_whole


def row_folds(n: int, folds: Any, groups: Any, random_state: int) -> Int[np.ndarray, " n"]:
    """The fold of each row, at random and of nearly equal sizes; rows of one group are in one fold.

    Raises:
        ValueError: fewer than two folds, so many that one would hold a single row or group (chance is that of
            permutations within folds), a group for each row missing.

    """
    folds = check_whole("folds", folds, 2)
    members = np.arange(n) if groups is None else group_numbers(groups, n)
    sizes = np.bincount(members)
    if 2 * folds > len(sizes):
        what = "rows" if groups is None else "groups"
        raise ValueError(
            f"expected at least two {what} in each fold but got {folds} folds of {len(sizes)} {what}: chance is that "
            f"of permutations within folds; ask for at most {len(sizes) // 2}"
        )
    order = np.random.default_rng(random_state).permutation(len(sizes))
    fold_of, filled = np.empty(len(sizes), np.int64), np.zeros(folds, np.int64)
    # The largest first, each into the fold with the fewest rows so far.
    for group in order[np.argsort(-sizes[order], kind="stable")]:
        fold_of[group] = filled.argmin()
        filled[fold_of[group]] += sizes[group]
    return fold_of[members]


def group_numbers(groups: Any, n: int) -> Int[np.ndarray, " n"]:
    """A number for each row's group, in the order in which they come.

    Raises:
        TypeError, ValueError: not one group for each row, groups that cannot be told apart: lists, NaN, None.

    """
    listed = _listed(groups)
    for row, group in enumerate(listed):
        # A tensor is hashed as the object that it is: equal ones would be groups of their own.
        if isinstance(group, Tensor) or not _hashes(group):
            raise TypeError(
                f"expected groups as one label for each row (strings or numbers) but got a {type(group).__name__} "
                f"for row {row}; pass one column, as plain values"
            )
    if bad := [row for row, group in enumerate(listed) if _missing(group)]:
        raise ValueError(
            f"expected a group for each row but got {len(bad)} missing (first: row {bad[0]}); give each row without "
            "one a group of its own"
        )
    if len(listed) != n:
        raise ValueError(
            f"expected one group for each of the {n} rows but got {len(listed)}; label every row of X as given"
        )
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(group, len(numbers)) for group in listed], dtype=np.int64)


def _listed(groups: Any) -> list[Any]:
    # A text's letters, a dict's keys and a set's members have no rows that they belong to.
    if not isinstance(groups, (str, bytes, Mapping, Set)):
        listed = groups.tolist() if hasattr(groups, "tolist") else groups
        if isinstance(listed, Iterable):
            return list(listed)
    got = f"a {type(groups).__name__}" if isinstance(groups, (Mapping, Set)) else reprlib.repr(groups)
    hint = "; the networks of spaces are given as networks=" if isinstance(groups, Mapping) else ""
    raise TypeError(f"expected groups as one label for each row, in a list in the rows' order, but got {got}{hint}")


def _hashes(group: Any) -> bool:
    try:
        hash(group)
    except TypeError:  # a tuple of lists
        return False
    return True


def _missing(group: Any) -> bool:
    try:
        return group is None or bool(group != group)
    except TypeError:  # pandas.NA
        return True
