"""A cluster's kind, by one rule, and its title: given, else tested, else its leading members."""

from dataclasses import replace

import numpy as np
import pytest
from planted_groups import clusters_of, cosine, rows_with_groups, spectral_comparison

from embwidget import Items
from embwidget.spectral import Cluster

N = 60
TEXTS = [f"item {i}\nof <b>text</b>" for i in range(N)]


def one_of(items: Items, **changes) -> Cluster:
    kernels = cosine(rows_with_groups(N, [np.arange(12)], seed=1)), cosine(rows_with_groups(N, [], seed=2))
    return replace(clusters_of(*kernels, items, m=1)[0], **changes)


@pytest.mark.parametrize(
    ("survives", "ranking", "kind", "exclusive"),
    [
        (True, (0.75, 0.5), "tight", True),
        (True, (0.95, 0.75), "tight", False),
        (True, (0.74, 0.2), "broad", None),
        (None, (0.99, 0.5), "tight", True),
        (None, (np.nan, np.nan), "broad", None),
        (False, (0.99, 0.5), "not found again", True),
    ],
)
def test_three_kinds_by_one_rule(survives, ranking, kind, exclusive) -> None:
    one = one_of(Items(), survives=survives, ranking=ranking)
    assert (one.kind, one.exclusive) == (kind, exclusive)
    other = replace(one, side="Y", ranking=ranking[::-1])
    assert (other.kind, other.exclusive) == (kind, exclusive)


def test_the_title_is_given_else_tested_else_its_leading_members() -> None:
    one = one_of(Items(texts=TEXTS))
    leading = [" ".join(TEXTS[row].split()) for row in one.indices[:3]]
    assert one.title == ", ".join(leading)
    assert replace(one, name="flags").title == "flags"
    assert replace(one, name="flags", given_name="my flags").title == "my flags"
    assert one_of(Items(labels=["a"] * N)).title == one_of(Items()).title == "group 0"
    twice = one_of(Items(texts=["same"] * N))
    assert twice.title == "same"
    assert len(one_of(Items(texts=["x" * 500] * N)).title) == 32


def test_renaming_is_kept_in_the_result() -> None:
    clusters = clusters_of(cosine(rows_with_groups(N, [np.arange(12)], seed=1)), np.eye(N), m=2)
    result = spectral_comparison(clusters, np.eye(N)[:, :2], Items())
    before = result.sentence
    result.rename(1, "  <i>mine</i>\x00\n too ")
    assert result.clusters[1].title == result.rows[1]["title"] == "<i>mine</i>␀ too"
    assert result.clusters[0].title == "group 0"
    result.rename(np.int64(1), "")
    assert result.clusters[1].given_name is None and result.sentence == before
    with pytest.raises(ValueError, match="expected cluster as a number from 0 to 1 but got 2"):
        result.rename(2, "a")
    with pytest.raises(TypeError, match="expected a name as a string"):
        result.rename(0, 3)
    with pytest.raises(ValueError, match="at most 80 letters but got 81"):
        result.rename(0, "e\u0301" * 81)
    result.rename(0, "👩‍👩‍👧" * 80)
