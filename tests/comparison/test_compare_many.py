"""Every two of many spaces: the numbers of one pair at a time, in order, on a map, corrected for a search."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import pdist, squareform

import embwidget as ew
from embwidget import ComparisonMatrix, compare_many
from embwidget.measures import MEASURES


def layers(n: int = 150, d: int = 16) -> dict[str, np.ndarray]:
    """Four layers that drift away from the first, and one that has nothing to do with them."""
    rng = np.random.default_rng(0)
    steps = [rng.normal(size=(n, d)), *(size * rng.normal(size=(n, d)) for size in (0.3, 0.8, 1.5))]
    drift = {f"layer {i}": sum(steps[: i + 1]) for i in range(4)}
    return {"other": rng.normal(size=(n, 5)), **drift}


@pytest.fixture(scope="module")
def matrix() -> ComparisonMatrix:
    return compare_many(layers(), k=8, progress=False)


@pytest.mark.parametrize("name", MEASURES)
def test_values_are_those_of_each_pair_alone(name: str) -> None:
    spaces = {key: layers()[key] for key in ("layer 0", "layer 1", "other")}
    found = compare_many(spaces, measure=name, k=8, progress=False)
    record = MEASURES[name]
    assert found.names == tuple(spaces) and found.measure == name and found.title == record.title
    for i, j in ((0, 1), (0, 2), (1, 2)):
        pair = [spaces[found.names[one]] for one in (i, j)]
        how = {"auc_ln_k": {"max_k": 8}}.get(name, {"k": 8} if record.needs == "neighbors" else {})
        alone = record.function(*pair, **how)
        assert found.values[i, j] == pytest.approx(alone.value, rel=1e-9, abs=1e-12)
        back = record.function(*pair[::-1], **how).value if not record.symmetric else alone.value
        assert found.values[j, i] == pytest.approx(back, rel=1e-9, abs=1e-12)
        assert found.calibrated[i, j] == pytest.approx(
            float(np.mean(alone.calibrated)), rel=1e-6, abs=1e-9, nan_ok=True
        )
        assert found.p[i, j] == pytest.approx(float(np.mean(alone.p)), rel=1e-6, abs=1e-12, nan_ok=True)
    best = record.range[1] if record.larger_is_more_similar else record.range[0]
    np.testing.assert_array_equal(np.diag(found.values), best)
    assert found.k == (8 if record.needs == "neighbors" else None)


def test_order_and_map_follow_the_distances(matrix: ComparisonMatrix) -> None:
    ordered = [matrix.names[i] for i in matrix.order]
    assert ordered.index("other") in (0, 4)
    drift = [name for name in ordered if name != "other"]
    assert drift in (sorted(drift), sorted(drift, reverse=True))
    away = np.linalg.norm(matrix.map - matrix.map[0], axis=1)
    assert away[1:].min() > 0.5 and np.linalg.norm(matrix.map[1] - matrix.map[2]) < away[1]
    # Points of a plane are drawn as they are.
    points = np.random.default_rng(3).normal(size=(6, 2))
    from embwidget.comparison.compare_many import _plane

    drawn = _plane(squareform(pdist(points)))
    np.testing.assert_allclose(pdist(drawn), pdist(points), rtol=1e-5)


def test_the_best_of_a_search_is_corrected(matrix: ComparisonMatrix) -> None:
    best = matrix.best()
    assert {best["a"], best["b"]} == {"layer 0", "layer 1"} and best["pairs"] == 10
    some = matrix.best(rows="other", columns=["layer 1", 3])
    assert some["a"] == "other" and some["pairs"] == 2
    assert some["p_corrected"] == pytest.approx(min(1.0, 2 * some["p"]))
    assert some["p_corrected"] > 0.01 >= best["p_corrected"]
    with pytest.raises(ValueError, match="one of the spaces"):
        matrix.best(rows="layer 9")
    with pytest.raises(ValueError, match="two spaces"):
        matrix.best(rows=["other"], columns=["other"])


def test_the_corrected_p_holds_over_searches() -> None:
    """Of unrelated spaces, no more than one search in twenty may come out below .05."""
    rng = np.random.default_rng(0)
    low = []
    for _ in range(20):
        spaces = {str(i): rng.normal(size=(60, 6)) for i in range(5)}
        low.append(compare_many(spaces, k=5, progress=False).best()["p_corrected"] <= 0.05)
    assert sum(low) <= 3


def test_words_rows_and_frame(matrix: ComparisonMatrix) -> None:
    assert "layer 0 and layer 1 are most alike" in matrix.sentence and "other" in matrix.sentence
    assert repr(matrix) == "ComparisonMatrix(nngs, spaces=5, k=8, n=150)"
    assert len(matrix.rows) == 10 and matrix.to_frame().loc["layer 0", "layer 0"] == 1
    assert "seed" in matrix.provenance or "random_state" in matrix.provenance
    odd = compare_many({"<b>a</b>": layers()["other"], "b": layers()["layer 0"]}, k=3, progress=False)
    assert "<b>a</b>" not in odd._repr_html_() and "&lt;b&gt;a" in odd._repr_html_()


def test_a_pair_is_opened_once_and_saved_without_spaces(matrix: ComparisonMatrix, tmp_path) -> None:
    one = matrix.pair("layer 0", 2)
    assert one is matrix.pair(1, "layer 1") and one.names == ("layer 0", "layer 1")
    assert one.curves["nngs"].curve[7] == pytest.approx(matrix.values[1, 2])
    matrix.save(tmp_path / "matrix.npz")
    loaded = ComparisonMatrix.load(tmp_path / "matrix.npz")
    np.testing.assert_array_equal(loaded.values, matrix.values)
    assert loaded.names == matrix.names and loaded.sentence == matrix.sentence and loaded.rows == matrix.rows
    with pytest.raises(ValueError, match=r"attach\(spaces\)"):
        loaded.pair(0, 1)
    assert loaded.attach(layers()).pair(1, 2).counts.shape == one.counts.shape
    with pytest.raises(ValueError, match="got other rows"):
        loaded.attach({name: space[::-1].copy() for name, space in layers().items()})
    with pytest.raises(ValueError, match="expected the spaces"):
        loaded.attach({"a": layers()["other"], "b": layers()["layer 0"]})


def test_a_function_of_the_callers_both_ways_round() -> None:
    def share(x: torch.Tensor, y: torch.Tensor) -> float:
        return x.shape[1] / (x.shape[1] + y.shape[1])

    found = compare_many({"a": layers()["other"], "b": layers()["layer 0"]}, measure=share, progress=False)
    np.testing.assert_allclose(found.values, [[0.5, 5 / 21], [16 / 21, 0.5]])
    assert not found.symmetric and len(found.rows) == 2 and found.measure == "share"


def test_rows_are_joined_by_ids() -> None:
    spaces = layers(40)
    rng = np.random.default_rng(2)
    orders = {name: rng.permutation(40)[: 35 if name == "other" else 40] for name in spaces}
    mixed = {name: spaces[name][order] for name, order in orders.items()}
    texts = ew.Items(texts=[f"item {i}" for i in orders["other"]])
    found = compare_many(mixed, k=5, ids=orders, items=texts, progress=False)
    kept = {name: spaces[name][orders["other"]] for name in spaces}
    np.testing.assert_array_equal(found.values, compare_many(kept, k=5, progress=False).values)
    assert found.params["dropped"] == {f"layer {i}": 5 for i in range(4)} and found.items.texts[0] == texts.texts[0]


@pytest.mark.parametrize("method", ["exact", "pynndescent"])
def test_approximate_search_is_corrected_as_in_one_comparison(method: str) -> None:
    spaces = {name: layers(400)[name] for name in ("layer 0", "layer 1")}
    found = compare_many(spaces, k=6, method=method, progress=False)
    alone = ew.measures.nngs(*spaces.values(), k=6, method=method)
    assert found.values[0, 1] == pytest.approx(alone.value, abs=1e-9)


BAD = {
    "list": ([np.ones((5, 2))], {}, TypeError, "{name: array}"),
    "one": ({"a": np.ones((5, 2))}, {}, ValueError, "at least two"),
    "rows": ({"a": np.ones((5, 2)), "b": np.ones((6, 2))}, {}, ValueError, r"\(5, 2\) for 'a' and \(6, 2\) for 'b'"),
    "few": ({"a": np.eye(3), "b": np.eye(3)}, {}, ValueError, "at least 4 items"),
    "nan": ({"a": np.eye(5), "b": np.full((5, 5), np.nan)}, {}, ValueError, "finite values in 'b'"),
    "ids": ({"a": np.eye(5), "b": np.eye(5)}, {"ids": {"a": range(5)}}, ValueError, "names of the spaces"),
    "twice": (
        {"a": np.eye(5), "b": np.eye(5)},
        {"ids": {"a": [1] * 5, "b": range(5)}},
        ValueError,
        "unique ids for 'a'",
    ),
    "apart": ({"a": np.eye(5), "b": np.eye(5)}, {"ids": {"a": range(5), "b": "vwxyz"}}, ValueError, "none in common"),
    "measure": ({"a": np.eye(5), "b": np.eye(5)}, {"measure": "nnsg"}, ValueError, "did you mean 'nngs'"),
    "k": ({"a": np.eye(5), "b": np.eye(5)}, {"k": 0}, ValueError, "whole number of neighbours"),
    "metric": ({"a": np.eye(5), "b": np.eye(5)}, {"metric": "l1"}, ValueError, "metric to be one of"),
    "items": ({"a": np.eye(5), "b": np.eye(5)}, {"items": ["a"]}, TypeError, "embwidget.Items"),
    "zero row": ({"a": np.eye(5), "b": np.vstack([np.zeros(5), np.eye(5)[:4]])}, {}, ValueError, "zero rows in 'b'"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told(name: str) -> None:
    spaces, how, error, said = BAD[name]
    with pytest.raises(error, match=said):
        compare_many(spaces, progress=False, **how)
