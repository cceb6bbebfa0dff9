"""Zero-shot and retrieval accuracy against their definitions; the linear map against scikit-learn."""

import dataclasses

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.linear_model import Ridge

from embwidget import tasks
from embwidget.datasets import load_emoji
from embwidget.maps.ridge import fitted_map
from embwidget.tasks import cosine_ranks


def unit(rows: np.ndarray) -> np.ndarray:
    rows = np.asarray(rows, np.float64)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def literal_ranks(queries: np.ndarray, candidates: np.ndarray, answers) -> np.ndarray:
    """1 and the number of other candidates that are as near."""
    cosines = unit(queries) @ unit(candidates).T
    return np.array([1 + (np.delete(row, a) >= row[a] - 1e-12).sum() for row, a in zip(cosines, answers, strict=True)])


@pytest.fixture
def spaces() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Images 40 wide and texts 12 wide of one hidden cause, and its class."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 7, 300)
    hidden = 2 * rng.normal(size=(7, 10))[labels] + rng.normal(size=(300, 10))
    images = hidden @ rng.normal(size=(10, 40)) + 0.5 * rng.normal(size=(300, 40)) + 3
    texts = hidden @ rng.normal(size=(10, 12)) + 0.5 * rng.normal(size=(300, 12)) + 5
    return images.astype(np.float32), texts.astype(np.float32), labels


def test_zero_shot_equals_the_definition(spaces) -> None:
    _, texts, labels = spaces
    images, prompts = texts[:200], texts[200:]
    found = tasks.zero_shot_accuracy(images, prompts, labels[:200], classes=labels[200:], k=[1, 2, 7], progress=False)
    names = list(dict.fromkeys(labels[200:].tolist()))
    means = np.array([unit(prompts)[labels[200:] == name].mean(0) for name in names])
    ranks = literal_ranks(images, means, [names.index(label) for label in labels[:200]])
    assert (found.ranks == ranks).all()
    assert found.top == {k: np.mean(ranks <= k) for k in (1, 2, 7)} and found.top[7] == 1
    assert found.accuracy == found.top[1] and found.correct == (ranks == 1).sum()
    interval = stats.binomtest(found.correct, 200).proportion_ci(method="wilson")
    assert found.interval == pytest.approx((interval.low, interval.high), abs=1e-6)
    for row in found.classes:
        here = labels[:200] == row["class"]
        assert (row["images"], row["correct"]) == (here.sum(), (ranks[here] == 1).sum())
        assert row["prompts"] == (labels[200:] == row["class"]).sum()


def test_row_numbers_are_the_classes_unless_named(spaces) -> None:
    _, texts, labels = spaces
    means = np.array([texts[labels == i].mean(0) for i in range(7)])
    found = tasks.zero_shot_accuracy(texts, means, labels, progress=False)
    named = tasks.zero_shot_accuracy(
        texts, means, [f"c{i}" for i in labels], classes=[f"c{i}" for i in range(7)], progress=False
    )
    assert (found.ranks == named.ranks).all() and named.classes[3]["class"] == "c3"


def test_classes_without_a_text_or_an_image_are_told(spaces) -> None:
    _, texts, labels = spaces
    means = np.array([texts[labels == i].mean(0) for i in (0, 1, 2, 3, 0)])
    means[4] *= -1
    found = tasks.zero_shot_accuracy(texts, means, labels, classes=[0, 1, 2, 3, "none"], progress=False)
    assert found.scored == (labels < 4).sum() and found.images == 300
    assert (found.ranks[labels >= 4] == 0).all() and (found.ranks[labels < 4] > 0).all()
    assert np.isnan(found.classes[4]["accuracy"]) and found.classes[4]["images"] == 0
    said = " ".join(found.warnings)
    assert "images are of classes without a text" in said and "1 of 5 classes have no scored image" in said


def test_same_text_for_two_classes_makes_neither_right(spaces) -> None:
    _, texts, labels = spaces
    means = np.array([texts[labels == i].mean(0) for i in range(7)])
    means[1] = 2 * means[0]
    found = tasks.zero_shot_accuracy(texts, means, labels, progress=False)
    assert found.classes[0]["correct"] == found.classes[1]["correct"] == 0
    assert "tie counts against" in found.warnings[0]


def test_retrieval_equals_the_definition_both_ways(spaces) -> None:
    _, texts, _ = spaces
    other = texts + np.random.default_rng(1).normal(size=texts.shape).astype(np.float32)
    found = tasks.retrieval_accuracy(texts, other, k=[1, 5], progress=False)
    forward, backward = literal_ranks(texts, other, range(300)), literal_ranks(other, texts, range(300))
    assert (found.ranks == np.stack([forward, backward], 1)).all()
    assert found.recall(5) == (np.mean(forward <= 5), np.mean(backward <= 5))
    assert [(row["direction"], row["k"]) for row in found.table] == [
        ("X to Y", 1),
        ("X to Y", 5),
        ("Y to X", 1),
        ("Y to X", 5),
    ]
    assert found.table[3]["recall"] == np.mean(backward <= 5) and found.table[3]["chance"] == 5 / 300
    assert found.table[0]["median_rank"] == np.median(forward)
    assert found.accuracy == np.mean([forward <= 1, backward <= 1])


def test_mapped_retrieval_is_that_of_ridge_regression_on_the_other_rows(spaces) -> None:
    images, texts, _ = spaces
    fit = np.arange(0, 300, 2)
    rest = np.arange(1, 300, 2)
    found = tasks.retrieval_accuracy(images, texts, fit_rows=fit, ridge=0.1, progress=False)
    assert (found.rows == rest).all()
    strength = 0.1 * images[fit].astype(float).var(0).mean() * len(fit)
    goal = unit(texts)
    predicted = Ridge(alpha=strength).fit(images[fit].astype(float), goal[fit]).predict(images[rest].astype(float))
    middle = goal[fit].mean(0)
    assert (found.ranks[:, 0] == literal_ranks(predicted - middle, goal[rest] - middle, range(150))).all()
    assert (found.ranks[:, 1] == literal_ranks(goal[rest] - middle, predicted - middle, range(150))).all()


def test_strength_is_that_of_least_generalised_cross_validation_error(spaces) -> None:
    images, texts, _ = (torch.from_numpy(one) for one in spaces)
    chosen = fitted_map(images, texts, None, torch.device("cpu"))
    x, y = images.double() - images.double().mean(0), texts.double() - texts.double().mean(0)

    def error(ridge: float) -> float:
        penalty = ridge * x.var(0, correction=0).mean() * 300 * torch.eye(40, dtype=torch.float64)
        hat = x @ torch.linalg.solve(x.T @ x + penalty, x.T)
        return float((y - hat @ y).square().sum() / (1 - (1 + hat.trace()) / 300) ** 2)

    strengths = np.logspace(-4, 3, 29)
    assert chosen.ridge == pytest.approx(strengths[np.argmin([error(s) for s in strengths])])


def test_map_learns_what_there_is_and_nothing_where_there_is_nothing(spaces) -> None:
    images, texts, labels = spaces
    real = tasks.retrieval_accuracy(images, texts, fit_rows="half", progress=False)
    assert min(real.recall(10)) > 0.5
    shuffled = np.random.default_rng(5).permutation(texts)
    chance = tasks.retrieval_accuracy(images, shuffled, fit_rows="half", progress=False)
    assert max(chance.recall(10)) < 0.15
    zero = tasks.zero_shot_accuracy(
        images, texts, labels, classes=labels, captions=texts, fit_rows="half", progress=False
    )
    assert zero.accuracy > 0.7 and len(zero.ranks) == 150
    assert any("map was fitted on" in warning for warning in zero.warnings)


def test_classes_that_the_map_never_saw(spaces) -> None:
    images, texts, labels = spaces
    means = np.array([texts[labels == i].mean(0) for i in range(7)])
    found = tasks.zero_shot_accuracy(images, means, labels, fit_rows=np.flatnonzero(labels < 4), progress=False)
    assert (labels[found.rows] >= 4).all()
    assert any("0% of the scored images are of classes that the map" in warning for warning in found.warnings)


def test_half_depends_on_the_seed_alone(spaces) -> None:
    images, texts, _ = spaces
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first, again, other = (
        tasks.retrieval_accuracy(images, texts, fit_rows="half", random_state=s, progress=False) for s in (0, 0, 1)
    )
    assert (first.rows == again.rows).all() and (first.ranks == again.ranks).all()
    assert len(first.rows) == 150 and (first.rows != other.rows).any()
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_scored_rows_that_were_fitted_on_are_refused(spaces) -> None:
    images, texts, labels = spaces
    with pytest.raises(ValueError, match=r"51 rows in both fit_rows and rows \(first: row 99\)"):
        tasks.retrieval_accuracy(images, texts, fit_rows=range(150), rows=range(99, 250), progress=False)
    with pytest.raises(ValueError, match="in both"):
        tasks.zero_shot_accuracy(images, texts[:7], labels, fit_rows=range(150), rows=range(300), progress=False)
    apart = tasks.retrieval_accuracy(images, texts, fit_rows="half", rows=range(100), progress=False)
    assert (apart.rows == np.arange(100)).all() and "200 rows, none of them scored" in apart.params["map"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "of one width but got 40 and 12; pass fit_rows='half'"),
        ({"ridge": 0.1}, "expected fit_rows beside ridge"),
        ({"fit_rows": "half", "ridge": 0}, "above 0"),
        ({"fit_rows": "all"}, "or 'half'"),
        ({"fit_rows": [0, 1]}, "at least 3 rows"),
        ({"fit_rows": [0, 1, 300]}, r"0 … 299"),
        ({"fit_rows": range(300)}, "at least one row to score"),
        ({"fit_rows": "half", "k": 0}, "at least 1"),
        ({"fit_rows": "half", "k": []}, "at least 1"),
        ({"fit_rows": "half", "random_state": -1}, "random_state"),
        ({"Y": np.zeros((300, 12))}, "zeros in row 0"),
        ({"Y": np.ones((299, 12))}, "same number of rows"),
        ({"X": np.ones((300, 40)), "fit_rows": "half"}, "150 equal rows"),
        ({"X": np.full((300, 40), np.inf), "fit_rows": "half"}, "finite"),
    ],
)
def test_retrieval_refuses_bad_input(spaces, change: dict, message: str) -> None:
    given = {"X": spaces[0], "Y": spaces[1], **change}
    with pytest.raises(ValueError, match=message):
        tasks.retrieval_accuracy(given.pop("X"), given.pop("Y"), **given, progress=False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": range(299)}, "each of the 300 images"),
        ({"classes": range(6)}, "each of the 7 texts"),
        ({"labels": ["cat"] * 300}, "the class of each row of texts"),
        ({"captions": np.ones((300, 5)), "fit_rows": "half"}, "captions of shape"),
        ({"texts": np.array([[1.0] * 12, [-1.0] * 12]), "classes": [0, 0], "labels": [0] * 300}, "cancel"),
    ],
)
def test_zero_shot_refuses_bad_input(spaces, change: dict, message: str) -> None:
    given = {"images": spaces[1], "texts": spaces[1][:7], "labels": spaces[2], **change}
    with pytest.raises(ValueError, match=message):
        tasks.zero_shot_accuracy(**given, progress=False)


def test_blocks_do_not_change_the_result(spaces, monkeypatch) -> None:
    images, texts, _ = spaces
    whole = tasks.retrieval_accuracy(images, texts, fit_rows="half", device="cpu", progress=False)
    monkeypatch.setattr(cosine_ranks, "_BYTES", {"cpu": 999})
    blocked = tasks.retrieval_accuracy(images, texts, fit_rows="half", device="cpu", progress=False)
    assert (whole.ranks == blocked.ranks).all()


def test_results_are_one_line_frames_and_escaped_html(spaces) -> None:
    images, texts, labels = spaces
    names = [f"<i>{label}" for label in labels]
    zero = tasks.zero_shot_accuracy(texts, texts, names, classes=names, progress=False)
    both = tasks.retrieval_accuracy(images, texts, fit_rows="half", progress=False)
    for found in (zero, both):
        assert "\n" not in repr(found) and "at 0x" not in repr(found)
        assert found._repr_html_().startswith("<div>") and "<i>" not in found._repr_html_()
        assert len(found.to_frame()) in (7, 6)
        with pytest.raises(dataclasses.FrozenInstanceError):
            found.accuracy = 0.0  # type: ignore[misc]
    assert "top-5=" in repr(zero) and repr(both).startswith("RetrievalAccuracy(n=150, recall@1: X to Y")


def test_real_pictures_find_their_names_far_above_chance() -> None:
    emoji = load_emoji()
    pictures, names = emoji.spaces["noto_efflite0"], emoji.spaces["name_minilm"]
    found = tasks.retrieval_accuracy(pictures, names, fit_rows="half", progress=False)
    assert 0.25 < min(found.recall(10)) < max(found.recall(10)) < 0.5
    assert found.table[2]["chance"] == pytest.approx(10 / 953)
    fit = np.setdiff1d(np.arange(len(emoji)), found.rows)
    kinds = np.array(emoji.subcategories)
    zero = tasks.zero_shot_accuracy(
        pictures, names[fit], kinds, classes=kinds[fit], captions=names, fit_rows=fit, progress=False
    )
    assert 0.4 < zero.accuracy < 0.6 and zero.top[5] > 0.65
    assert zero.images - zero.scored == np.isin(kinds[found.rows], kinds[fit], invert=True).sum()


@pytest.mark.parametrize("device", ["cpu", *(["cuda"] if torch.cuda.is_available() else [])])
def test_each_device_gives_the_same_ranks(spaces, device: str) -> None:
    images, texts, _ = spaces
    found = [
        tasks.retrieval_accuracy(images, texts, fit_rows="half", device=where, progress=False)
        for where in (None, device)
    ]
    assert (found[0].ranks == found[1].ranks).all()
