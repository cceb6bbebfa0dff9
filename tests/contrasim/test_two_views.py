"""The left and the right half of a picture, each seen by its own network: whose sets are found again?"""

import pytest
from digit_nets import halves_of_pictures

from embwidget import ContraSim, RidgeCCA, tasks


@pytest.mark.parametrize("widths", [(96, 96), (96, 64)])
def test_small_sets_are_found_by_learned_measures_only(widths: tuple[int, int]) -> None:
    (fit_x, X), (fit_y, Y) = halves_of_pictures(widths)
    learned = {"contrasim": ContraSim(), "ridge_cca": RidgeCCA()}
    for model in learned.values():
        model.fit(fit_x, fit_y, progress=False)
    found = tasks.set_retrieval(X, Y, learned | {"cka": "cka"}, sizes=8, shuffles=1, progress=False)
    random, hard = ({"size": 8, "distractors": kind} for kind in ("random", "nearest"))
    assert found.row("contrasim", **random)["accuracy"] >= 0.95
    assert found.row("ridge_cca", **random)["accuracy"] >= 0.95
    assert found.row("cka", **random)["accuracy"] <= 0.5
    assert found.row("cka", **hard)["accuracy"] < 0.25 < found.row("contrasim", **hard)["accuracy"]
    for name in ("contrasim", "ridge_cca", "cka"):
        assert found.row(name, "rows shuffled", **random)["accuracy"] <= 0.25
    assert found.row("contrasim", "untrained encoder", **random)["accuracy"] <= 0.25
    rows = tasks.example_retrieval(X, Y, learned, progress=False)
    assert 0.03 < rows.accuracy["contrasim"] < rows.accuracy["ridge_cca"] + 0.1 < 0.25


def test_ridge_cca_is_within_ten_points_of_contrasim() -> None:
    (fit_x, X), (fit_y, Y) = halves_of_pictures()
    learned = {"contrasim": ContraSim(), "ridge_cca": RidgeCCA()}
    for model in learned.values():
        model.fit(fit_x, fit_y, progress=False)
    found = tasks.set_retrieval(X, Y, learned, sizes=[8, 64], shuffles=0, repeats=4, progress=False)
    for size in (8, 64):
        for kind in ("random", "nearest"):
            one, other = (found.row(name, size=size, distractors=kind)["accuracy"] for name in learned)
            assert abs(one - other) <= 0.1, (size, kind, one, other)


def test_larger_sets_are_found_by_everything() -> None:
    (_, X), (_, Y) = halves_of_pictures()
    found = tasks.set_retrieval(X, Y, "cka", sizes=[8, 64], distractors="random", shuffles=0, progress=False)
    assert found.row("cka", size=64)["accuracy"] > 0.9 > 0.5 > found.row("cka", size=8)["accuracy"]
