"""Copies among the rows are found, said once, and can be dropped or kept together by what is said."""

import numpy as np
import pytest

import embwidget as ew


def spaces(rng: np.random.Generator, n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    return rng.normal(size=(n, 8)), rng.normal(size=(n, 6))


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_equal_rows_are_counted_and_the_remedy_drops_them(metric: str) -> None:
    X, Y = spaces(np.random.default_rng(0))
    X[20:80] = 1.0
    found = ew.compare(X, Y, metric=metric, progress=False)
    (said,) = [warning for warning in found.warnings if "are equal" in warning]
    assert said.startswith("60 of 200 rows of X are equal (the first is row 20)")
    keep = eval(said.partition("keep = ")[2].partition(", then")[0], {"X": X})
    assert keep.sum() == 140 and not keep[20:80].any()
    assert not any("are equal" in warning for warning in ew.compare(X[keep], Y[keep], progress=False).warnings)


@pytest.mark.parametrize("noise", [0.0, 1e-3, 1e-2])
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_near_copies_are_grouped_and_the_remedy_keeps_one_of_each(metric: str, noise: float) -> None:
    rng = np.random.default_rng(1)
    X, Y = (np.repeat(one, 2, 0) for one in spaces(rng))
    X, Y = (one + noise * rng.normal(size=one.shape) for one in (X, Y))
    found = ew.compare(X, Y, metric=metric, progress=False)
    together = (found.copy_groups[::2] == found.copy_groups[1::2]).mean()
    # Noise of a hundredth is no small share of the shortest rows.
    assert together == 1 if noise < 1e-2 else together > 0.95
    assert 200 <= len(set(found.copy_groups.tolist())) <= 210
    (said,) = [warning for warning in found.warnings if "near copy" in warning]
    assert said.partition("%")[0] in ("98", "99", "100")
    rows = eval(said.partition("rows = ")[2].partition(", and in")[0], {"np": np, "comparison": found})
    assert 200 <= len(rows) <= 210
    assert not any("near copy" in one for one in ew.compare(X[rows], Y[rows], metric=metric, progress=False).warnings)


def test_copies_in_one_space_alone_are_none() -> None:
    rng = np.random.default_rng(2)
    X, Y = np.repeat(rng.normal(size=(100, 8)), 2, 0), rng.normal(size=(200, 6))
    found = ew.compare(X, Y, progress=False)
    assert len(set(found.copy_groups.tolist())) == 200
    assert not any("near copy" in warning for warning in found.warnings)


@pytest.mark.parametrize("width", [2, 3, 16, 300])
def test_what_is_merely_near_is_no_copy(width: int) -> None:
    X = np.random.default_rng(3).normal(size=(400, width))
    found = ew.compare(X, X + 1e-3, metric="euclidean", progress=False)
    assert (np.bincount(found.copy_groups)[found.copy_groups] > 1).mean() < 0.05


def test_bundled_spaces_have_no_copies_to_speak_of() -> None:
    emoji = ew.datasets.load_emoji()
    found = ew.compare(emoji.spaces["noto_efflite0"], emoji.spaces["name_minilm"], measures=[], progress=False)
    assert not any("near copy" in warning or "are equal" in warning for warning in found.warnings)
