"""compare: one call, one table, one sentence; files without pickle; nothing left behind when interrupted."""

import html
import json
import sys
import time
import zipfile

import numpy as np
import pandas as pd
import pytest

import embwidget as ew
from embwidget.comparison import job
from embwidget.comparison.leading import PANEL
from embwidget.measures import MEASURES, nngs
from embwidget.widgets.state.comparison import scene_state


def related(n: int = 150, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 8))
    return X, X[:, :6] + 0.4 * rng.normal(size=(n, 6))


@pytest.fixture(scope="module")
def compared() -> ew.Comparison:
    X, Y = related()
    labels = np.repeat(["a", "b", ""], 50)
    items = ew.Items(labels=labels, texts=[f"<b>item {i}</b>" for i in range(150)])
    return ew.compare(X, Y, items=items, names=("old", "new"), progress=False)


def test_the_table_is_each_measure_alone(compared: ew.Comparison) -> None:
    X, Y = related()
    assert list(compared.scores) == list(PANEL)
    for name, score in compared.scores.items():
        how = {"max_k": 100} if name == "auc_ln_k" else {"k": 10}
        alone = MEASURES[name].function(X, Y, **(how if MEASURES[name].needs == "neighbors" else {}))
        assert score.value == pytest.approx(alone.value, abs=1e-12), name
        assert score.null_mean == pytest.approx(alone.null_mean, abs=1e-12), name
        assert score.interval == pytest.approx(alone.interval, abs=1e-9), name


def test_the_curves_are_the_measures_over_all_sizes(compared: ew.Comparison) -> None:
    X, Y = related()
    assert compared.ks.tolist() == list(range(1, 101))
    np.testing.assert_array_equal(compared.curves["nngs"].curve, nngs(X, Y, compared.ks).curve)
    k = compared.ks
    np.testing.assert_allclose(compared.curves["mutual_knn"].curve, (compared.counts / k).mean(0))
    np.testing.assert_allclose(compared.per_item(7), compared.counts[:, 6] / (14.0 - compared.counts[:, 6]))
    classes = compared.class_curves()
    assert list(classes) == ["a", "b"]
    np.testing.assert_allclose(classes["b"][6], compared.per_item(7)[50:100].mean())


def test_items_are_ranked_by_the_area_under_their_own_curve(compared: ew.Comparison) -> None:
    k = compared.ks
    chance = compared.curves["nngs"].null_mean
    jaccard = compared.counts / (2.0 * k - compared.counts)
    area = ((jaccard - chance) / (1 - chance) / k).sum(1) / (1 / k).sum()
    np.testing.assert_allclose(compared.item_agreement, area, atol=1e-12)
    rows = compared.most_changed(5)
    assert [row["item"] for row in rows] == np.argsort(area, kind="stable")[:5].tolist()
    assert rows[0]["text"].startswith("<b>item") and rows[0]["p"] == compared.item_p(10)[rows[0]["item"]]
    assert compared.most_changed(0) == []


def test_provenance_says_what_it_depends_on(compared: ew.Comparison) -> None:
    for part in ("n = 150", "widths 8 and 6", "metric cosine", "k = 1 … 100", "exact neighbours", "seed 0"):
        assert part in compared.provenance


def test_other_findings_have_other_sentences() -> None:
    X = np.random.default_rng(1).normal(size=(200, 6))
    collapsed = ew.compare(X, np.ones((200, 4)), progress=False)
    assert collapsed.sentence.startswith("No score: neighbours are decided by ties alone")
    assert any("constant or collapsed" in w for w in collapsed.warnings)
    # Among so few, not even equal neighbour sets tell an item from chance, so nothing is said of single items.
    few = ew.compare(X[:12], X[:12], k=1, progress=False).sentence
    assert few == "An item's nearest neighbour in X is its nearest in Y too for 100 % of the items."
    assert ew.compare(X[:60], np.ones((60, 4)), progress=False).sentence.startswith("No score")


@pytest.mark.parametrize("n", [3, 4, 5, 12])
def test_few_items(n: int) -> None:
    X, Y = related(n)
    found = ew.compare(X, Y, progress=False)
    assert found.n == n and found.ks[-1] == n - 1 and 1 <= found.k <= n - 1
    assert found.curves["nngs"].curve[-1] == 1
    assert isinstance(found.sentence, str) and found.rows


def test_html_escapes_names_and_keeps_the_sentence(compared: ew.Comparison) -> None:
    X, Y = related()

    def nasty(x, y) -> float:
        return 0.5

    nasty.__name__ = "<script>alert(1)</script>"
    shown = ew.compare(X, Y, measures=["nngs", nasty], progress=False)._repr_html_()
    assert "<script>" not in shown and html.escape("<script>alert(1)</script>") in shown
    assert compared.sentence in html.unescape(compared._repr_html_())
    assert repr(compared) == f"Comparison('old', 'new', n=150, nngs@10={compared.per_item(10).mean():.4f})"


def test_measures_of_the_callers_own() -> None:
    X, Y = related()
    found = ew.compare(X, Y, measures=["mutual_knn", lambda x, y: x.shape[1] / 10, ew.measures.r_nx], progress=False)
    assert list(found.scores) == ["mutual_knn", "<lambda>", "r_nx"]
    assert found.scores["<lambda>"].value == 0.8 and np.isnan(found.scores["<lambda>"].z)
    assert found.to_frame().loc["<lambda>", "value"] == 0.8
    twice = ew.compare(X, Y, measures=[lambda x, y: 1, lambda x, y: 2], progress=False)
    assert [score.value for score in twice.scores.values()] == [1, 2]
    assert ew.compare(X, Y, measures=[], progress=False).to_frame().empty
    with pytest.raises(TypeError, match="a Score at one k but got one at 2 sizes"):
        ew.compare(X, Y, measures=[lambda x, y: nngs(x, y, [5, 10])], progress=False)
    with pytest.raises(ValueError, match="measures to be a list"):
        ew.compare(X, Y, measures="nngs")
    with pytest.raises(TypeError, match="to return a number or a Score but got str"):
        ew.compare(X, Y, measures=[lambda x, y: "high"], progress=False)
    with pytest.raises(ValueError, match="got 'mutual_nn'; did you mean 'mutual_knn'"):
        ew.compare(X, Y, measures=["mutual_nn"])


def test_frame(compared: ew.Comparison) -> None:
    frame = compared.to_frame()
    assert isinstance(frame, pd.DataFrame) and list(frame.index) == list(PANEL)
    assert frame.loc["nngs", "value"] == compared.scores["nngs"].value
    assert {"k", "value", "chance", "calibrated", "z", "p", "low", "high"} <= set(frame.columns)


def test_save_and_load(compared: ew.Comparison, tmp_path) -> None:
    path = tmp_path / "c.npz"
    compared.save(path)
    loaded = ew.Comparison.load(path)
    assert loaded.sentence == compared.sentence and loaded.provenance == compared.provenance
    assert loaded.rows == compared.rows and loaded.names == ("old", "new")
    np.testing.assert_array_equal(loaded.counts, compared.counts)
    np.testing.assert_array_equal(loaded.neighbors[1].indices, compared.neighbors[1].indices)
    np.testing.assert_array_equal(loaded.curves["r_nx"].interval, compared.curves["r_nx"].interval)
    assert loaded.items.describe(3) == "<b>item 3</b>" and loaded.most_changed(3) == compared.most_changed(3)
    assert [p.name for p in tmp_path.iterdir()] == ["c.npz"]
    with zipfile.ZipFile(path) as file:
        header = json.loads(np.load(file.open("header.json.npy"), allow_pickle=False).tobytes())
    assert header["kind"] == "Comparison"


def test_files_that_are_none(tmp_path) -> None:
    np.savez(tmp_path / "other.npz", a=np.ones(3))
    (tmp_path / "text.npz").write_text("hello")
    np.save(tmp_path / "pickled.npy", np.array([{}], dtype=object), allow_pickle=True)
    (tmp_path / "empty.npz").touch()
    np.save(tmp_path / "plain.npy", np.ones(3))
    for name in ("other.npz", "text.npz", "pickled.npy", "empty.npz", "plain.npy"):
        with pytest.raises(ValueError, match=f"written by embwidget's Comparison.save but got '{name}'"):
            ew.Comparison.load(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        ew.Comparison.load(tmp_path / "absent.npz")


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({"k": 0}, "k to be a whole number of neighbours, at least 1, but got 0"),
        ({"k": 2.5}, "got 2.5"),
        ({"k": True}, "got True"),
        ({"max_k": "all"}, "max_k to be a whole number"),
        ({"metric": "l2"}, "metric to be one of"),
        ({"method": "all"}, "method to be one of auto, exact, pynndescent, sampled"),
        ({"names": "XY"}, "names to be a pair"),
        ({"names": {"a", "b"}}, "names to be a pair"),
        ({"random_state": -1}, "random_state to be a whole number, at least 0, but got -1"),
        ({"maps": 5}, r"or a pair of \(150, 2\) arrays"),
        ({"items": ew.Items(labels=["a"] * 149)}, "149"),
        ({"maps": (np.ones((150, 3)), np.ones((150, 2)))}, r"map of X to have shape \(150, 2\) but got \(150, 3\)"),
    ],
)
def test_refused_before_any_search(kwargs: dict, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "search_both", lambda *a, **k: pytest.fail("searched before it checked"))
    with pytest.raises(ValueError, match=words):
        ew.compare(*related(), **{"progress": False, **kwargs})


def test_items_of_another_type_are_refused() -> None:
    with pytest.raises(TypeError, match=r"embwidget.Items\(...\) but got list"):
        ew.compare(*related(), items=["a"] * 150)


def test_a_withheld_score_has_no_statistics() -> None:
    X, _ = related()
    for row in ew.compare(X, np.ones((150, 4)), progress=False).rows:
        assert [row[name] for name in ("value", "calibrated", "z", "p", "low", "high")] == [None] * 6, row["measure"]


def test_where_the_score_is_withheld_so_is_what_is_made_of_it() -> None:
    # Placeholders in half of X's rows decide the neighbours at small k, and hardly any at large ones.
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 5))
    Y = X + 0.1 * rng.normal(size=X.shape)
    X[:104] = X[0]
    found = ew.compare(
        X, Y, k=10, max_k=190, metric="euclidean", items=ew.Items(labels=["a", "b"] * 100), progress=False
    )
    withheld = np.isnan(found.curves["nngs"].curve)
    assert withheld[9] and not withheld.all()
    assert np.isnan(found.per_item(10)).all() and np.isnan(found.item_p(10)).all() and not found.agreeing(10).any()
    assert "an item's 10 nearest" not in found.sentence
    for curve in found.class_curves().values():
        np.testing.assert_array_equal(np.isnan(curve), withheld)
    np.testing.assert_array_equal(np.isnan(scene_state(found)["similarities"]).all(0), withheld)
    for kind in ("raw", "mutual_knn", "r_nx"):
        (rows,) = ew.charts.k_sweep(found, kind=kind, classes=True).to_dict()["datasets"].values()
        drawn = {row["k"] for row in rows if row["series"] == "class"}
        assert drawn and not drawn & set((np.flatnonzero(withheld) + 1).tolist())
    for score in found.scores.values():
        if np.isnan(score.value) and score.per_item is not None:
            assert np.isnan(score.per_item).all() and np.isnan(score.p)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "dot"])
@pytest.mark.parametrize("scale", [1e-140, 1e-25, 1e25, 1e140])
def test_magnitude_changes_neither_scores_nor_maps(metric: str, scale: float) -> None:
    X, Y = related()
    plain, scaled = (ew.compare(X * s, Y, metric=metric, measures=["nngs"], progress=False) for s in (1, scale))
    assert plain.scores["nngs"].value == scaled.scores["nngs"].value
    np.testing.assert_allclose(plain.maps[0], scaled.maps[0], atol=1e-4)


def test_the_space_with_zero_rows_is_named() -> None:
    X, Y = related()
    Y[7] = 0
    with pytest.raises(ValueError, match=r"1 zero rows in Y \(first: row 7\)"):
        ew.compare(X, Y, progress=False)


def test_interrupting_leaves_nothing_and_the_next_call_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = related()
    wanted = ew.compare(X, Y, progress=False).rows

    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(job, "principal_maps", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ew.compare(X, Y)
    assert ew.compare(X, Y, progress=False).rows == wanted


def test_rows_joined_by_ids_take_their_items_along() -> None:
    X, Y = related()
    order = np.random.default_rng(2).permutation(150)[:140]
    ids = ([f"i{j}" for j in range(150)], [f"i{j}" for j in order])
    items = ew.Items(texts=[f"t{j}" for j in range(150)])
    joined = ew.compare(X, Y[order], ids=ids, items=items, progress=False)
    kept = np.sort(order)
    straight = ew.compare(X[kept], Y[kept], progress=False)
    assert joined.rows == straight.rows and joined.items.describe(5) == f"t{kept[5]}"
    assert any("10 of X, 0 of Y" in w for w in joined.warnings) and "10 of X" in joined.provenance


def test_own_maps_are_used_and_the_default_turns_y_to_x() -> None:
    X, _ = related()
    theta = 1.1
    turn = np.array([[np.cos(theta), -np.sin(theta)], [np.sin(theta), np.cos(theta)]])
    points = np.random.default_rng(3).normal(size=(150, 2))
    own = ew.compare(X, X, maps=(points, points @ turn), progress=False).maps
    np.testing.assert_allclose(own[1], own[0] @ turn, atol=1e-5)
    drawn = ew.compare(points, points @ turn, metric="euclidean", progress=False).maps
    np.testing.assert_allclose(drawn[0], drawn[1], atol=1e-5)


def test_progress_bar_closes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from embwidget.work import bar, progress

    monkeypatch.setattr(bar, "_DELAY", 0)
    with progress.progress_bar(True) as report:
        for step in range(11):
            report(step / 10, f"step {step}")
            time.sleep(0.11)
    said = capsys.readouterr().err
    assert "step 5" in said and "50%" in said and "<00:0" in said and said.endswith("\r")
    ew.compare(*related(), progress=False)
    assert capsys.readouterr().err == ""


def test_measures_that_disagree_are_said_to() -> None:
    rng = np.random.default_rng(0)
    centres = 20 * rng.normal(size=(5, 16))[rng.integers(0, 5, 300)]
    X, Y = (centres + rng.normal(size=(300, 16)) for _ in range(2))
    said = ew.compare(X, Y, progress=False).sentence
    assert "Measures disagree" in said and "CKA (debiased)" in said and "the broad shape is kept" in said
    agree = ew.compare(X, X + 0.01 * rng.normal(size=X.shape), progress=False).sentence
    assert "disagree" not in agree
    text = sys.modules["embwidget.comparison.text"]
    scores = ew.compare(X, X, progress=False).scores
    swapped = {"mutual_knn": scores["mutual_knn"], "cka": ew.measures.cka(X, Y[rng.permutation(300)])}
    assert "near neighbours are kept" in text.disagreement(swapped)
    assert text.disagreement({"mutual_knn": scores["mutual_knn"]}) == ""
    said = [ew.compare(*rng.normal(size=(2, n, 5)), progress=False).sentence for n in (5, 7, 9, 12) for _ in range(5)]
    assert not any("disagree" in one for one in said)


def test_measures_left_out_for_want_of_time_are_said() -> None:
    X, Y = related()
    short = ew.compare(X, Y, budget=0, progress=False)
    assert "cka" not in short.scores and "nngs" in short.scores
    assert "Left out: cka, procrustes, rsa (the time budget of 0 s" in short.warnings[-1]
    whole = ew.compare(X, Y, budget=None, progress=False)
    assert list(whole.scores) == list(PANEL) and not any("budget" in one for one in whole.warnings)
    few = ew.compare(X[:3], Y[:3], measures=["nngs", "cka", "cca"], progress=False)
    assert list(few.scores) == ["nngs"] and "Left out: cka" in " ".join(few.warnings)
    with pytest.raises(ValueError, match="budget to be a number of seconds"):
        ew.compare(X, Y, budget="10 s")


def test_curves_of_classes_are_means_of_their_items_in_natural_order() -> None:
    x, y = np.random.default_rng(3).normal(size=(2, 90, 4))
    labels = ["10", "9", "", "2", None, "9"] * 15
    found = ew.compare(x, y, k=3, items=ew.Items(labels=labels), progress=False)
    curves = found.class_curves()
    assert [*curves] == ["2", "9", "10"]
    for name, curve in curves.items():
        rows = [i for i, label in enumerate(labels) if label == name]
        np.testing.assert_allclose(curve, [found.per_item(int(k))[rows].mean() for k in found.ks], rtol=1e-12)


def test_curves_of_ten_thousand_classes_are_counted_once() -> None:
    x, y = np.random.default_rng(3).normal(size=(2, 10_000, 2)).astype(np.float32)
    items = ew.Items(labels=[f"c{i}" for i in range(10_000)])
    found = ew.compare(x, y, k=3, max_k=20, items=items, measures=[], progress=False)
    start = time.process_time()
    assert len(found.class_curves()) == 10_000
    assert time.process_time() - start < 1
