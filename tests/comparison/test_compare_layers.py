"""Layers of two networks beside each other, by several measures."""

import numpy as np
import pytest

import embwidget as ew
from embwidget.measures import cka, procrustes

RNG = np.random.default_rng(0)
N = 150
START = RNG.normal(size=(N, 12))
ONE, OTHER = ({}, {})
for _depth, _name in enumerate(("first", "second", "third")):
    START = np.tanh(START @ RNG.normal(size=(12, 12)) / 2)
    ONE[_name] = START @ np.linalg.qr(RNG.normal(size=(12, 12)))[0]
    OTHER[_name] = START @ np.linalg.qr(RNG.normal(size=(12, 12)))[0] + 0.1 * RNG.normal(size=(N, 12))
ALL = ["contrasim", "ridge_cca", "cka", "procrustes", "nngs"]


@pytest.fixture(scope="module")
def found() -> ew.LayerComparison:
    return ew.compare_layers(ONE, OTHER, measures=ALL, names=("old", "new"), progress=False)


def test_each_block_is_the_measure_of_its_pairs(found: ew.LayerComparison) -> None:
    for name, function in (("cka", cka), ("procrustes", procrustes)):
        expected = [[function(x, y).value for y in OTHER.values()] for x in ONE.values()]
        np.testing.assert_allclose(found.block(name), expected, atol=1e-9)
    learned = ew.RidgeCCA.cross_fit(ONE["second"], OTHER["third"], progress=False)
    assert found.block("ridge_cca")[1, 2] == pytest.approx(learned.raw, rel=1e-9)
    assert found.block("ridge_cca", "null_mean")[1, 2] == pytest.approx(learned.null_mean, rel=1e-6, abs=1e-12)
    assert found.block("contrasim").shape == (3, 3) and found.matrices["nngs"].k == 10
    assert found.matrices["cka"].names[:4] == ("old · first", "old · second", "old · third", "new · first")


@pytest.mark.parametrize("measure", ALL)
def test_the_best_layer_of_each(found: ew.LayerComparison, measure: str) -> None:
    rows = found.best(measure)
    assert [row["layer"] for row in rows] == list(ONE)
    block = found.block(measure) * (1 if found.matrices[measure].larger_is_more_similar else -1)
    assert [row["best"] for row in rows] == [list(OTHER)[j] for j in block.argmax(1)]
    assert all(row["same_index"] for row in rows)
    for i, row in enumerate(rows):
        assert row["p_corrected"] == min(1.0, 3 * found.block(measure, "p")[i, i])


def test_contrasim_is_not_told_which_layers_belong_together() -> None:
    """With unrelated networks no layer is found for any: the index is no label to learn by heart."""
    other = {name: RNG.normal(size=(N, 12)) for name in OTHER}
    unrelated = ew.compare_layers(ONE, other, measures=["contrasim"], progress=False)
    assert np.abs(unrelated.block("contrasim", "z")).max() < 4
    assert all(row["p_corrected"] > 0.001 for row in unrelated.best())


def test_ties_count_as_wrong() -> None:
    twice = {"a": OTHER["first"], "b": OTHER["first"], "c": OTHER["third"]}
    rows = ew.compare_layers(ONE, twice, measures=["cka"], progress=False).best("cka")
    assert rows[0]["tied"] and rows[0]["same_index"] is False and rows[2]["same_index"]


def test_networks_of_unlike_depth(found: ew.LayerComparison) -> None:
    fewer = {name: OTHER[name] for name in ("first", "third")}
    one = ew.compare_layers(ONE, fewer, measures=["cka"], progress=False)
    assert one.block("cka").shape == (3, 2)
    assert [row["same_index"] for row in one.best()] == [None] * 3
    assert "most alike by CKA" in one.sentence
    assert found.sentence.startswith(
        "Of 3 layers of old, the most similar layer of new is the one of the same index for 3"
    )


def test_a_layer_without_a_score_is_most_similar_to_none() -> None:
    flat = {**ONE, "first": np.ones_like(ONE["first"])}
    one = ew.compare_layers(flat, OTHER, measures=["cka"], progress=False)
    assert [row["layer"] for row in one.best()] == ["second", "third"] and "same index for 2" in one.sentence


def test_bad_input_is_told_before_any_training(monkeypatch) -> None:
    def train(*_: object, **__: object) -> None:
        raise AssertionError("it was trained")

    monkeypatch.setattr(ew.ContraSim, "cross_fit", train)
    first = ONE["first"]
    few = {"first": first[:60]}
    bad = [
        ({"A": {"a": None}}, (TypeError, ValueError), "'A · a'"),
        ({"k": 0}, ValueError, "expected k"),
        ({"metric": "manhattan"}, ValueError, "expected metric"),
        ({"items": ew.Items(labels=["a"] * 7)}, ValueError, "7"),
        ({"items": ["a"]}, TypeError, "Items"),
        ({"A": {"B · c": first}, "B": {"c": first}, "names": ("A", "A · B")}, ValueError, "'A · B · c' twice"),
        ({"A": few, "B": few}, ValueError, "at least 50 items for ContraSim to fit on but got 48"),
    ]
    for more, kind, told in bad:
        given = {"A": ONE, "B": OTHER} | more
        with pytest.raises(kind, match=told):
            ew.compare_layers(given.pop("A"), given.pop("B"), progress=False, **given)


def test_saved_and_loaded(found: ew.LayerComparison, tmp_path) -> None:
    found.save(tmp_path / "layers.npz")
    again = ew.LayerComparison.load(tmp_path / "layers.npz")
    assert (
        repr(again)
        == repr(found)
        == "LayerComparison('old', 'new', 3 × 3 layers, contrasim, ridge_cca, cka, procrustes, nngs)"
    )
    assert (again.sentence, again.rows, again.provenance) == (found.sentence, found.rows, found.provenance)
    assert again._repr_html_() == found._repr_html_()
    assert len(found.to_frame()) == 5 * 9


def test_a_loaded_one_opens_pairs_again(found: ew.LayerComparison, tmp_path) -> None:
    found.save(tmp_path / "layers.npz")
    again = ew.LayerComparison.load(tmp_path / "layers.npz").attach(ONE, OTHER)
    pair = again.matrices["contrasim"].pair("old · first", "new · third")
    assert pair.scores["contrasim"].per_item.shape == (N,) and "cka" in pair.scores
    assert "contrasim" not in again.matrices["cka"].pair("old · first", "new · third").scores
    with pytest.raises(TypeError, match=r"layers of old as \{layer: array\} but got int"):
        again.attach(3, OTHER)
    with pytest.raises(ValueError, match="expected the spaces"):
        again.attach(OTHER, {"first": ONE["first"]})


def test_hostile_names_are_escaped() -> None:
    one = ew.compare_layers({"<img>": ONE["first"]}, OTHER, measures=["cka"], names=("<b>", "c"), progress=False)
    assert "<img>" not in one._repr_html_() and "<b>" not in one._repr_html_()


CASES = {
    "no mapping": ({"A": list(ONE.values())}, TypeError, "layers of A as .layer: array. but got list"),
    "no layers": ({"B": {}}, ValueError, "at least one layer of B but got none"),
    "numbers as names": ({"A": {0: ONE["first"]}}, TypeError, "names of layers to be strings but got 0"),
    "unlike rows": ({"B": {"x": OTHER["first"][:50]}}, ValueError, "same items"),
    "unknown measure": ({"measures": ["ckaa"]}, ValueError, "did you mean 'cka'"),
    "a function": ({"measures": [lambda x, y: 1.0]}, TypeError, "measures by name"),
    "no measure": ({"measures": []}, ValueError, "at least one measure"),
    "names": ({"names": ("a", "a")}, ValueError, "two different names"),
    "folds": ({"folds": 1}, ValueError, "folds to be a whole number, at least 2"),
    "few items": (
        {"A": {"x": ONE["first"][:40]}, "B": {"x": OTHER["first"][:40]}},
        ValueError,
        "at least 50 items for ContraSim to fit on but got 32",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(case: str) -> None:
    how, error, message = CASES[case]
    how = {"A": ONE, "B": OTHER, **how}
    with pytest.raises(error, match=message):
        ew.compare_layers(how.pop("A"), how.pop("B"), progress=False, **how)
    with pytest.raises(ValueError, match="expected field"):
        ew.compare_layers(ONE, OTHER, measures=["cka"], progress=False).block("cka", "mean")
