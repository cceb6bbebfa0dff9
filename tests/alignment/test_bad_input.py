"""What cannot be aligned is refused before any work, with what was expected and what came."""

import numpy as np
import pytest

import embwidget as ew

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(60, 5)), RNG.normal(size=(60, 7))
NAN = X.copy()
NAN[4, 2] = np.nan
ZERO = X.copy()
ZERO[4] = 0
FLAT = X.copy()
FLAT[:30] = 1

CASES = {
    "no such method": ({"method": "cka"}, "method to be one of spec, procrustes, ridge, cca but got 'cka'"),
    "rows in both": ({"fit_rows": range(40), "rows": range(30, 60)}, "not fitted on but got 10 rows in both"),
    "all rows fitted": ({"fit_rows": range(60)}, "at least one row to score but got none; fit on fewer rows"),
    "few rows fitted": ({"fit_rows": 0.1}, "at least 16 rows to fit on and 8 others to score but got 6 and 54"),
    "share": ({"fit_rows": 1.5}, "row numbers, a share in .0, 1. or 'half' but got 1.5"),
    "no rows": ({"fit_rows": None}, "expected fit_rows to be"),
    "row numbers": ({"fit_rows": [1, 99]}, "row numbers in 0 … 59"),
    "constant fit rows": ({"fit_rows": range(30), "_X": FLAT}, "X to vary over fit_rows but got 30 equal rows"),
    "NaN": ({"_X": NAN}, "finite values in X but got NaN or infinity in 1 of 60 rows .first: row 4"),
    "unequal rows": ({"_X": X[:50]}, r"same number of rows but got shapes \(50, 5\) and \(60, 7\)"),
    "keep": ({"keep": -1}, "keep to be a weight, at least 0, but got -1"),
    "steps": ({"steps": 0}, "steps to be a whole number, at least 1"),
    "batch": ({"batch_rows": 4}, "batch_rows to be a whole number, at least 16"),
    "lr": ({"lr": 0}, "lr to be a number above 0"),
    "map": ({"map": "deep"}, "map to be one of linear, mlp but got 'deep'"),
    "objective": ({"objective": "mse"}, "objective to be one of spec_diff, sum, frobenius, clusters but got 'mse'"),
    "objective without clusters": ({"objective": "clusters"}, "clusters=… with objective='clusters'"),
    "clusters without objective": ({"clusters": [[1, 2]]}, "clusters=… with objective='clusters'"),
    "no clusters": ({"objective": "clusters", "clusters": []}, "at least one cluster but got none"),
    "cluster rows": ({"objective": "clusters", "clusters": [[1, 99]]}, "cluster 0 to be row numbers in 0 … 59"),
    "small cluster": ({"objective": "clusters", "clusters": [range(5)]}, "at least 4 members of cluster 0"),
    "cluster of all": ({"objective": "clusters", "clusters": [range(60)]}, "and as many others"),
    "constant pairs": ({"pairs": np.ones((60, 3))}, "pairs to vary but got 60 equal rows"),
    "zero row": ({"_X": ZERO, "center": False}, r"1 zero rows in X \(first: row 4\); drop them, or use center='mean'"),
    "many components": ({"method": "cca", "n_components": 6}, "n_components of at most 5"),
    "pairs": ({"pairs": X[:10]}, "pairs to have a row for each of the 60 rows of X but got 10"),
    "pairs of another method": ({"method": "ridge", "pairs": X}, "but got pairs: pairs belongs to method='spec'"),
    "ridge of another method": ({"ridge": 1.0}, "but got ridge: ridge belongs to 'ridge' and 'cca'"),
    "components of another method": ({"method": "ridge", "n_components": 2}, "but got n_components"),
    "kernel function": ({"kernel": lambda rows: rows}, "kernel by its name with method='spec'"),
    "kernel": ({"kernel": "rbf"}, "kernel to be one of cosine, gaussian, linear"),
    "names": ({"names": ("a", "a")}, "two different names"),
    "maps": ({"maps": (X, X)}, "three .60, 2. arrays"),
    "map of one": ({"maps": (X[:, :2], X[:, :2], X)}, r"the map of Y to have shape \(60, 2\) but got \(60, 5\)"),
    "seed": ({"random_state": -1}, "random_state to be a whole number"),
    "k": ({"k": 0}, "k to be a whole number of neighbours"),
    "items": ({"items": ew.Items(labels=["a"] * 3)}, "60"),
}


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_refused(case: str, live: bool) -> None:
    how, message = CASES[case]
    how = dict(how)
    rows = how.pop("_X", X)
    with pytest.raises(ValueError, match=message):
        ew.align(rows, Y, progress=False, live=live, **how)


def test_new_rows_of_another_width() -> None:
    one = ew.align(X, Y, steps=2, progress=False)
    with pytest.raises(ValueError, match=r"rows of X of width 5 but got shape \(60, 7\)"):
        one.transform(Y)
    with pytest.raises(ValueError, match="finite values in X"):
        one.transform(NAN)
    with pytest.raises(ValueError, match="but got 'spec': it brings similarities together"):
        one.transform_y(Y)
    with pytest.raises(ValueError, match="rows of Y of width 7"):
        ew.align(X, Y, method="ridge", progress=False).transform_y(X)
    for clusters in (5, np.arange(50)):
        with pytest.raises(TypeError, match="clusters as a list"):
            ew.align(X, Y, objective="clusters", clusters=clusters, progress=False)
    with pytest.raises(ValueError, match="pairs"):
        one.transform_pairs(X)


def test_tiny() -> None:
    """The fewest rows there may be."""
    one = ew.align(X[:24], Y[:24], fit_rows=range(16), steps=3, progress=False)
    assert one.n == 24 and np.isfinite(one.after.spec_diff)
