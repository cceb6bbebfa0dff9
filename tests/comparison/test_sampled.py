"""compare(method="sampled"): the whole comparison, estimated from exact lists of some items among all."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import hypergeom

import embwidget as ew
from embwidget.comparison.result import Comparison
from embwidget.measures import mutual_knn
from embwidget.widgets.state.comparison import scene_state

N = 3000


def related(n: int = N, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    X = random.normal(size=(n, 12)).astype("float32")
    return X, X[:, :9] + noise * random.normal(size=(n, 9)).astype("float32")


@pytest.fixture(scope="module")
def spaces() -> tuple[np.ndarray, np.ndarray]:
    return related()


@pytest.fixture(scope="module")
def whole(spaces: tuple[np.ndarray, np.ndarray]) -> Comparison:
    return ew.compare(*spaces, max_k=30, measures=["nngs", "cka"], progress=False)


@pytest.fixture(scope="module")
def sampled(spaces: tuple[np.ndarray, np.ndarray]) -> Comparison:
    items = ew.Items(labels=np.arange(N) % 3, texts=[f"item {i}" for i in range(N)])
    return ew.compare(*spaces, max_k=30, method="sampled", sample=200, items=items, progress=False)


def test_curves_of_samples_lie_about_those_of_all(spaces: tuple[np.ndarray, np.ndarray], whole: Comparison) -> None:
    inside, middle = np.zeros(30), np.zeros(30)
    for seed in range(20):
        how = {"max_k": 30, "measures": ["nngs"], "random_state": seed, "progress": False}
        curve = ew.compare(*spaces, method="sampled", sample=200, **how).curves["nngs"]
        low, high = np.asarray(curve.interval).T
        inside += (low <= whole.curves["nngs"].curve) & (whole.curves["nngs"].curve <= high)
        middle += curve.curve / 20
        np.testing.assert_allclose(curve.null_mean, whole.curves["nngs"].null_mean, rtol=1e-12)
    assert inside.min() >= 16
    half = (high - low) / 2
    # The mean of 20 unbiased estimates is off by a 4.5th of what one may be off.
    assert (np.abs(middle - whole.curves["nngs"].curve) < half / 2).all()


def test_a_sample_of_all_is_the_exact_comparison(spaces: tuple[np.ndarray, np.ndarray], whole: Comparison) -> None:
    X, Y = spaces
    how = {"max_k": 30, "measures": ["nngs", "cka"], "progress": False}
    same = ew.compare(X, Y, method="sampled", sample=N, **how)
    assert same.row_numbers is None and same.sentence == whole.sentence
    np.testing.assert_array_equal(same.counts, whole.counts)
    for name in ("nngs", "cka"):
        assert same.scores[name].value == whole.scores[name].value
        assert same.scores[name].interval == whole.scores[name].interval


def test_sampled_items_have_the_values_that_they_have_among_all(sampled: Comparison, whole: Comparison) -> None:
    asked = sampled.row_numbers[: sampled.n]
    assert sampled.n == 200 and sampled.population == N and (np.diff(asked) > 0).all()
    np.testing.assert_array_equal(sampled.counts, whole.counts[asked])
    np.testing.assert_allclose(sampled.item_agreement, whole.item_agreement[asked], atol=1e-12)
    np.testing.assert_array_equal(sampled.scores["cka"].per_item, whole.scores["cka"].per_item[asked])
    assert sampled.scores["cka"].value == whole.scores["cka"].value
    shared = sampled.counts[:, 9].astype(int)
    np.testing.assert_allclose(sampled.item_p(10), hypergeom.sf(shared - 1, N - 1, 10, 10), rtol=1e-9)
    for mine, theirs in zip(sampled.maps, whole.maps, strict=True):
        np.testing.assert_allclose(mine, theirs[sampled.row_numbers], atol=1e-6)


def test_the_items_are_the_sampled_ones_and_their_neighbours(sampled: Comparison, whole: Comparison) -> None:
    asked, rows = sampled.row_numbers[: sampled.n], sampled.row_numbers
    for mine, theirs in zip(sampled.neighbors, whole.neighbors, strict=True):
        np.testing.assert_array_equal(rows[mine.indices], theirs.indices[asked, :10])
    reached = {row for side in whole.neighbors for row in side.indices[asked, :10].ravel().tolist()}
    assert set(rows.tolist()) == reached | set(asked.tolist()) and len(rows) == len(set(rows.tolist()))
    assert [sampled.items.describe(i) for i in (0, len(rows) - 1)] == [f"item {rows[0]}", f"item {rows[-1]}"]
    worst = sampled.most_changed(1)[0]
    assert worst["text"] == f"item {rows[worst['item']]}"
    middle = sampled.class_curves()["1"][9]
    assert middle == pytest.approx(sampled.per_item(10)[asked % 3 == 1].mean())


def test_what_is_said_of_a_sample(sampled: Comparison) -> None:
    unlike = int((~sampled.agreeing(10)).sum())
    assert f"; {unlike} of 200 sampled items keep no more than chance would" in sampled.sentence
    assert sampled.provenance.startswith("n = 3,000, of which 200 sampled;")
    assert "200 of 3,000 items were drawn at random" in sampled.warnings[0]
    assert any("cknna" in one and "method='sampled'" in one for one in sampled.warnings)
    assert repr(sampled).startswith("Comparison('X', 'Y', n=3000, sample=200, nngs@10=")


def test_a_page_draws_the_neighbours_and_scores_the_sample(sampled: Comparison) -> None:
    state = scene_state(sampled)
    drawn = len(sampled.row_numbers)
    assert state["sample"] == {"searched": 200, "among": N} and state["n"] == drawn
    assert len(state["map_x"]) == len(state["texts"]) == len(state["label_codes"]) == drawn
    assert state["counts"].shape == (200, 30) and state["neighbors_x"].shape == (200, 10)
    assert int(state["neighbors_x"].max()) < drawn
    assert state["item_values"].shape[1] == drawn and np.isnan(state["item_values"][:, 200:]).all()
    assert np.isfinite(state["item_values"][:, :200]).any(1).all()
    assert state["drawn"]["status"] == "none"
    assert ew.show(sampled).scene.n == drawn


def test_a_sampled_comparison_comes_back_from_a_file(sampled: Comparison, tmp_path: Path) -> None:
    sampled.save(tmp_path / "sampled.npz")
    again = Comparison.load(tmp_path / "sampled.npz")
    np.testing.assert_array_equal(again.row_numbers, sampled.row_numbers)
    np.testing.assert_array_equal(again.neighbors[1].indices, sampled.neighbors[1].indices)
    assert again.sentence == sampled.sentence and again.items.texts == sampled.items.texts


def test_rows_that_have_no_name_are_called_by_their_number() -> None:
    X, Y = related(400)
    found = ew.compare(X, Y, method="sampled", sample=20, max_k=12, measures=[], maps=(X[:, :2], Y[:, :2]))
    assert [found.items.describe(i) for i in range(3)] == [f"row {row}" for row in found.row_numbers[:3]]
    # A caller's own coordinates come scaled, but between the same rows.
    apart = np.linalg.norm(X[found.row_numbers, :2] - X[found.row_numbers[0], :2], axis=1)
    drawn = np.linalg.norm(found.maps[0] - found.maps[0][0], axis=1)
    np.testing.assert_allclose(drawn[1:] / drawn[1], apart[1:] / apart[1], rtol=1e-4)


def test_copies_and_placeholders_of_a_sample() -> None:
    X, Y = related(600, noise=0.1)
    X[300:], Y[300:] = X[:300], Y[:300]
    twice = ew.compare(X, Y, method="sampled", sample=100, max_k=12, measures=[], metric="euclidean")
    assert any("have a near copy in both spaces" in one for one in twice.warnings)
    groups, rows = twice.copy_groups, twice.row_numbers
    alike = [(int(rows[i]), int(rows[j])) for i in range(100) for j in np.flatnonzero(groups == groups[i]) if i != j]
    assert len(alike) >= 100 and {abs(one - other) for one, other in alike} == {300}
    X[:200] = Y[:200] = 1
    missing = ew.compare(X, Y, method="sampled", sample=100, max_k=12, measures=[], metric="euclidean")
    assert np.isnan(missing.item_p(10)).all() and "sampled items" not in missing.sentence


def test_p_of_a_sample_is_that_of_so_many_lists() -> None:
    X, Y = related(1000, noise=2.0)
    score = mutual_knn(X, Y, 10, method="sampled", sample=60)
    one = hypergeom.pmf(np.arange(11), 999, 10, 10)
    total = one
    for _ in range(59):
        total = np.convolve(total, one)
    shared = round(score.value * 600)
    exact = total[shared:].sum()
    assert 1e-9 < exact < 0.01
    assert score.p == pytest.approx(exact, rel=0.02)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"sample": 1}, "expected sample to be a whole number of items, at least 2, but got 1"),
        ({"sample": 2.5}, "expected sample to be a whole number of items, at least 2, but got 2.5"),
        ({"maps": "umap"}, "but got 'umap', which needs the neighbours of all items; use method='exact'"),
    ],
)
def test_samples_that_cannot_be_are_refused_before_any_search(how: dict[str, object], said: str) -> None:
    X, Y = related(50)
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        ew.compare(X, Y, method="sampled", **how)


def test_opened_files_are_sampled_where_they_lie(tmp_path: Path) -> None:
    X, Y = related(500)
    for name, rows in (("x", X), ("y", Y)):
        np.save(tmp_path / f"{name}.npy", rows)
    how = {"method": "sampled", "sample": 40, "max_k": 12, "measures": ["nngs", "cka"], "progress": False}
    opened = ew.compare(ew.open(tmp_path / "x.npy"), ew.open(tmp_path / "y.npy"), **how)
    held = ew.compare(X, Y, **how)
    np.testing.assert_array_equal(opened.counts, held.counts)
    np.testing.assert_array_equal(opened.row_numbers, held.row_numbers)
    assert opened.scores["cka"].value == pytest.approx(held.scores["cka"].value, abs=1e-9)
