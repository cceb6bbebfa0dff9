"""Benchmarks of similarity against their definitions, for names, functions and fitted encoders alike."""

import functools
from itertools import permutations

import numpy as np
import pytest
import torch
from scipy import stats
from scipy.spatial.distance import cdist

from embwidget import ContraSim, RidgeCCA, measures, tasks
from embwidget.tasks.set_retrieval import _nearest, _questions

LAYERS = 3


def alike(x, y) -> float:
    """Mean row cosine."""
    x, y = (np.asarray(one, float) for one in (x, y))
    return float(np.mean((x * y).sum(1) / np.linalg.norm(x, axis=1) / np.linalg.norm(y, axis=1)))


@pytest.fixture(scope="module")
def networks() -> tuple[dict[str, np.ndarray], dict[str, tuple[str, int]]]:
    """Three networks whose layers share much with their neighbours, so that some answers are wrong."""
    rng = np.random.default_rng(0)
    hidden = np.cumsum(rng.normal(size=(LAYERS, 60, 10)), axis=0)
    groups = {f"{v}{i}": (v, i) for v in "abc" for i in range(LAYERS)}
    return {name: hidden[i] + 3 * rng.normal(size=(60, 10)) for name, (_, i) in groups.items()}, groups


def literal_right(spaces: dict, groups: dict, score) -> list[bool]:
    right = []
    for a, b in permutations("abc", 2):
        for i in range(LAYERS):
            scores = [score(spaces[f"{a}{i}"], spaces[f"{b}{j}"]) for j in range(LAYERS)]
            right.append(all(scores[i] > other for j, other in enumerate(scores) if j != i))
    return right


def half_alike(x, y) -> float:
    """The same of half of x: not symmetric."""
    return alike(np.asarray(x)[:, :5], np.asarray(y)[:, 3:8])


@pytest.mark.parametrize("score", [alike, half_alike])
def test_layer_prediction_is_its_definition(networks, score) -> None:
    spaces, groups = networks
    found = tasks.layer_prediction(spaces, groups, {"mine": score}, shuffles=0, progress=False)
    right = literal_right(spaces, groups, score)
    (row,) = found.table
    assert (row["correct"], row["trials"], row["chance"]) == (sum(right), 18, 1 / 3) and 0 < sum(right) < 18
    assert row["accuracy"] == found.accuracy["mine"] == np.mean(right)
    assert 0 <= row["low"] < row["accuracy"] < row["high"] <= 1 and row["accuracy"] <= row["near"] <= 1
    names = list(groups)
    for a, b in (("a0", "c2"), ("c2", "a0"), ("b1", "a1")):
        assert found.arrays["mine"][names.index(a), names.index(b)] == pytest.approx(score(spaces[a], spaces[b]))
    assert np.isnan(found.arrays["mine"][0, 1])
    picked = np.array([row["picked"] for row in found.details]).reshape(LAYERS, LAYERS)
    np.testing.assert_allclose(picked.sum(1), 1)
    assert picked.diagonal().mean() == pytest.approx(np.mean(right))


def test_a_tie_is_wrong_and_so_is_no_number(networks) -> None:
    spaces, groups = networks
    for value in (0.5, float("nan")):
        row = tasks.layer_prediction(spaces, groups, lambda x, y, v=value: v, shuffles=0, progress=False).table[0]
        assert row["correct"] == 0 and row["near"] == 0
    twice = {name: spaces[f"{name[0]}0"] if name[1] == "1" else one for name, one in spaces.items()}
    row = tasks.layer_prediction(twice, groups, alike, shuffles=0, progress=False).table[0]
    assert row["correct"] <= 6


@pytest.mark.parametrize("name", ["cka", "procrustes", "rsa", "nngs", "mutual_knn", "r_nx"])
def test_names_and_functions_of_the_package_agree_whichever_way_they_point(networks, name: str) -> None:
    spaces, groups = networks
    function = measures.MEASURES[name].function
    sign = 1 if measures.MEASURES[name].larger_is_more_similar else -1
    asked = {
        "name": name,
        "function": function,
        "partial": functools.partial(function, device="cpu"),
        "mine": lambda x, y: sign * float(function(x, y)),
    }
    found = tasks.layer_prediction(spaces, groups, asked, shuffles=0, progress=False)
    assert len({row["correct"] for row in found.table}) == 1 and 0 < found.table[0]["correct"] < 18
    for other in ("function", "partial", "mine"):
        np.testing.assert_allclose(found.arrays[other], found.arrays["name"], atol=1e-9)


@pytest.mark.parametrize("name", ["rank_similarity", "cknna", "second_order_cosine"])
def test_neighbours_are_searched_as_far_as_a_measure_needs(networks, name: str) -> None:
    spaces = {one: networks[0][one] for one in ("a0", "a1", "b0", "b1")}
    groups = {one: networks[1][one] for one in spaces}
    found = tasks.layer_prediction(spaces, groups, name, shuffles=0, progress=False).arrays[name]
    for a, b in ((0, 3), (2, 1)):
        x, y = (spaces[list(groups)[i]] for i in (a, b))
        assert found[a, b] == pytest.approx(measures.MEASURES[name].function(x, y).value, abs=1e-9)


def test_options_of_a_measure_are_heeded_and_learned_measures_have_names() -> None:
    groups = {f"{v}{i}": (v, i) for v in "ab" for i in range(2)}
    spaces = dict(zip(groups, np.random.default_rng(0).normal(size=(4, 80, 6)), strict=True))
    kernel = {"kernel": "rbf", "bandwidth": 0.5, "debiased": False}
    near = {"k": 3, "metric": "euclidean"}
    asked = {
        "options": functools.partial(measures.cka, **kernel),
        "neighbours": functools.partial(measures.nngs, **near),
        "two sizes": functools.partial(measures.nngs, k=[3, 5]),
        "learned": "ridge_cca",
    }
    found = tasks.layer_prediction(spaces, groups, asked, shuffles=0, progress=False)
    x, y = spaces["a0"], spaces["b1"]
    assert found.warnings == () and found.arrays["options"][0, 3] == found.arrays["options"][3, 0]
    assert found.arrays["options"][0, 3] == pytest.approx(measures.cka(x, y, **kernel).value, abs=1e-9)
    assert found.arrays["neighbours"][0, 3] == measures.nngs(x, y, **near).value
    assert found.arrays["neighbours"][0, 3] != measures.nngs(x, y, k=4, metric="euclidean").value
    assert found.arrays["two sizes"][0, 3] == measures.nngs(x, y, k=[3, 5]).value
    assert found.arrays["learned"][0, 3] == pytest.approx(RidgeCCA.cross_fit(x, y, progress=False).raw, abs=1e-9)


def test_shuffled_rows_are_at_chance_and_keep_layers_of_a_network_paired(networks) -> None:
    spaces, groups = networks
    found = tasks.layer_prediction(spaces, groups, {"mine": alike}, shuffles=40, progress=False)
    control = found.row("mine", "rows shuffled")
    assert control["trials"] == 18 * 40 and 0.2 < control["accuracy"] < 0.47 < found.accuracy["mine"]
    seen: dict[int, np.ndarray] = {}

    def spy(x, y) -> float:
        seen.setdefault(len(seen), np.asarray(x)[:, 0])
        return 0.0

    shared = {name: np.arange(60.0)[:, None] + groups[name][1] for name in spaces}
    tasks.layer_prediction(shared, groups, spy, shuffles=1, progress=False)
    last = list(seen.values())[-2:]
    np.testing.assert_array_equal(np.diff(last[0]), np.diff(last[1]))
    assert (np.diff(last[0]) != 1).any()


def test_encoders_are_compared_by_their_encodings_beside_untrained_ones(networks) -> None:
    spaces, groups = networks
    rng = np.random.default_rng(1)
    hidden = np.cumsum(rng.normal(size=(LAYERS, 400, 10)), axis=0)
    spaces = {name: hidden[i] + rng.normal(size=(400, 10)) for name, (_, i) in groups.items()}
    fit, held = ({name: one[part] for name, one in spaces.items()} for part in (slice(300), slice(300, None)))
    model = ContraSim(max_steps=60).fit(fit, groups=groups, progress=False)
    found = tasks.layer_prediction(held, groups, {"learned": model}, progress=False)
    matrix = model.pairwise(held)
    away = ~np.isnan(found.arrays["learned"])
    np.testing.assert_allclose(found.arrays["learned"][away], matrix.values[away], atol=1e-12)
    assert [row["control"] for row in found.table] == ["", "rows shuffled", "untrained encoder"]
    learned, shuffled, untrained = (row["accuracy"] for row in found.table)
    assert learned == 1 and shuffled < 0.7 and untrained < 0.8
    with pytest.raises(ValueError, match="not fitted on but got 300 of 300"):
        tasks.layer_prediction(fit, groups, model, progress=False)


def test_untrained_encoders_differ_in_their_weights_alone() -> None:
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(200, 8)), rng.normal(size=(200, 5))
    model = ContraSim("mlp", hidden=(7,), out_dim=4, max_steps=20, val_fraction=0.0).fit(X, Y, progress=False)
    other, same = model.untrained(), ContraSim("mlp", hidden=(7,), out_dim=4, max_steps=0).fit(X, Y, progress=False)
    for side in "xy":
        assert torch.equal(other.encoders_[side].center, model.encoders_[side].center)
        for (w, b), (v, c), (u, d) in zip(*(m.encoders_[side].layers for m in (other, same, model)), strict=True):
            assert torch.equal(w, v) and torch.equal(b, c) and not torch.equal(w, u) and not torch.equal(b, d)
    assert model.best_step_ == 20 and other.best_step_ == 0
    with pytest.raises(ValueError, match="not fitted on"):
        other.similarity(X, Y)


@pytest.fixture(scope="module")
def views() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(120, 6))
    return X, X + 1.5 * rng.normal(size=(120, 6))


@pytest.mark.parametrize("kind", ["random", "nearest"])
def test_set_retrieval_is_its_definition(views, kind: str) -> None:
    X, Y = views
    found = tasks.set_retrieval(
        X, Y, {"mine": alike}, sizes=[4], distractors=kind, sets=6, repeats=2, shuffles=0, progress=False
    )
    how = {"sets": 6, "repeats": 2, "metric": "euclidean", "seed": 0}
    asked = _questions(torch.from_numpy(X), sizes=[4], kinds=[kind], **how)[4, kind]
    right = [all(alike(X[true], Y[true]) > alike(X[other], Y[true]) for other in others) for true, others in asked]
    (row,) = found.table
    assert (row["correct"], row["trials"], row["chance"]) == (sum(right), 60, 1 / 7) and 0 < sum(right) < 60
    interval = stats.binomtest(sum(right) // 2, 30).proportion_ci(method="wilson")
    assert row["high"] - row["low"] == pytest.approx(interval.high - interval.low, abs=0.02)
    assert [one["right"] for one in found.details] == right
    true, others = asked[5]
    assert found.details[5]["true"] == pytest.approx(alike(X[true], Y[true]))
    assert found.details[5]["best_other"] == pytest.approx(max(alike(X[o], Y[true]) for o in others))


def test_sets_that_tie_or_have_no_number_are_wrong(views) -> None:
    X, Y = views

    def but_the_true(x, y) -> float:
        return 1.0 if np.abs(np.asarray(x)[:, 0] - np.asarray(y)[:, 0]).max() == 0 else np.nan

    same = np.concatenate([X[:, :1], Y], 1)
    for score, other in ((lambda x, y: 0.5, Y), (lambda x, y: np.nan, Y), (but_the_true, same)):
        found = tasks.set_retrieval(X, other, {"it": score}, sizes=5, distractors="random", shuffles=0, progress=False)
        assert found.table[0]["correct"] == 0 and not any(one["right"] for one in found.details)


def test_sets_are_cut_once_and_distractors_hold_no_true_row_and_none_twice(views) -> None:
    X, _ = views
    how = {"sets": 9, "repeats": 2, "metric": "euclidean"}
    asked = _questions(torch.from_numpy(X), sizes=[7, 20], kinds=["random", "nearest"], seed=3, **how)
    assert list(asked) == [(7, "random"), (7, "nearest"), (20, "random"), (20, "nearest")]
    for (size, _), questions in asked.items():
        assert len(questions) == 2 * (120 // size)
        first = np.concatenate([true for true, _ in questions[: 120 // size]])
        assert len(set(first.tolist())) == len(first)
        for true, others in questions:
            assert others.shape == (9, size) and not np.isin(others, true).any()
            assert all(len(set(one.tolist())) == size for one in others)
    for (true, _), (again, _) in zip(asked[7, "random"], asked[7, "nearest"], strict=True):
        np.testing.assert_array_equal(true, again)
    again = _questions(torch.from_numpy(X), sizes=[7], kinds=["random"], seed=4, **how)
    assert any((a[0] != b[0]).any() for a, b in zip(asked[7, "random"], again[7, "random"], strict=True))


def test_hard_distractors_are_the_nearest_in_turn(views) -> None:
    X, _ = views
    near = np.argsort(cdist(X, X), axis=1, kind="stable")[:, 1:]
    how = {"sets": 4, "repeats": 1, "metric": "euclidean", "seed": 0}
    asked = _questions(torch.from_numpy(X), sizes=[5], kinds=["nearest"], **how)[5, "nearest"]
    for true, others in asked:
        for j, chosen in enumerate(others):
            taken: list[int] = []
            for row, one in zip(true, chosen, strict=True):
                free = [k for k in near[row] if k not in true]
                assert one == next(k for k in free[j:] if k not in taken)
                taken.append(one)
    near = np.array([[1, 2, 3, 4, 5], [0, 2, 3, 4, 5]])
    np.testing.assert_array_equal(_nearest(np.array([0, 1]), near, np.arange(6), 2), [[2, 3], [3, 4]])


def test_set_retrieval_shows_its_controls_and_leaves_out_what_cannot_answer(views) -> None:
    X, Y = views
    rng = np.random.default_rng(3)
    F = rng.normal(size=(200, 6))
    fit = F, F + 1.5 * rng.normal(size=(200, 6))
    asked = {"learned": ContraSim(max_steps=80), "cca": RidgeCCA(), "pwcca": "pwcca", "mine": alike}
    for name in ("learned", "cca"):
        asked[name].fit(*fit, progress=False)
    found = tasks.set_retrieval(X, Y, asked, sizes=[6], distractors="random", shuffles=5, progress=False)
    assert found.accuracy["learned"] > 0.6 and found.accuracy["cca"] > 0.6 and np.isnan(found.accuracy["pwcca"])
    for name in ("learned", "cca", "mine"):
        assert found.row(name, "rows shuffled")["accuracy"] < 0.3
    assert found.row("learned", "untrained encoder")["accuracy"] < 0.5 and len(found.table) == 8
    assert found.row("pwcca")["trials"] == 0
    assert len(found.warnings) == 1 and "pwcca has no answer for sets of 6 (expected more items" in found.warnings[0]
    assert "size 6, distractors random" in found.sentence and "rows shuffled" in found._repr_html_()
    with pytest.raises(ValueError, match="not fitted on"):
        tasks.set_retrieval(*fit, asked, sizes=4, progress=False)


def test_example_retrieval_is_its_definition(views) -> None:
    X, Y = views
    scores = -cdist(X, Y)
    found = tasks.example_retrieval(X, Y, {"near": lambda x, y: -cdist(x, y)}, k=[1, 3], shuffles=0, progress=False)
    ranks = np.stack(
        [
            [(scores[:, i] >= scores[i, i]).sum() for i in range(120)],
            [(scores[i] >= scores[i, i]).sum() for i in range(120)],
        ],
        1,
    )
    np.testing.assert_array_equal(found.arrays["near"], ranks)
    for column, direction in enumerate(("Y to X", "X to Y")):
        for k in (1, 3):
            row = found.row("near", direction=direction, k=k)
            assert row["accuracy"] == np.mean(ranks[:, column] <= k) and row["chance"] == k / 120
            assert row["median_rank"] == np.median(ranks[:, column])
    assert found.accuracy["near"] == pytest.approx(np.mean(ranks <= 1)) and 0 < found.accuracy["near"] < 1
    assert [one["rank"] for one in found.details[:4]] == ranks[:2].ravel().tolist()


def test_retrieval_by_a_function_does_not_depend_on_its_scale(views) -> None:
    X, Y = views
    for shrunk in (1.0, 1e-15):
        asked = {"near": lambda x, y, s=shrunk: -s * cdist(x, y)}
        found = tasks.example_retrieval(X, Y, asked, k=1, shuffles=0, progress=False)
        assert found.accuracy["near"] == pytest.approx(
            np.mean([(cdist(X, Y).argmin(axis) == np.arange(120)).mean() for axis in (0, 1)])
        )


def test_those_that_are_right_as_often_are_all_named(views) -> None:
    X, Y = views
    near = lambda x, y: -cdist(x, y)  # noqa: E731
    asked = {"one": near, "two": near, "none": lambda x, y: cdist(x, y)}
    found = tasks.example_retrieval(X, Y, asked, k=1, shuffles=0, progress=False)
    assert "one and two are right most often" in found.sentence


def test_example_retrieval_of_encoders_and_ties(views) -> None:
    rng = np.random.default_rng(3)
    F = rng.normal(size=(300, 6))
    model = ContraSim(max_steps=80).fit(F, F + 0.5 * rng.normal(size=(300, 6)), progress=False)
    X = views[0]
    Y = X + 0.5 * rng.normal(size=X.shape)
    found = tasks.example_retrieval(X, Y, model, progress=False)
    cosines = model.transform(X, "x") @ model.transform(Y, "y").T
    assert found.accuracy["contrasim"] == pytest.approx(
        np.mean([(cosines.argmax(0) == np.arange(120)).mean(), (cosines.argmax(1) == np.arange(120)).mean()])
    )
    shuffled = [row["accuracy"] for row in found.table if row["control"] == "rows shuffled" and row["k"] == 1]
    assert found.accuracy["contrasim"] > 0.3 > 0.06 > max(shuffled)
    for value in (0.0, np.nan):
        tied = tasks.example_retrieval(X, Y, lambda x, y, v=value: np.full((120, 120), v), shuffles=0, progress=False)
        assert (tied.arrays["<lambda>"] == 120).all()


@pytest.mark.parametrize("kind", [int, np.int64, float])
def test_layers_are_in_the_order_of_their_numbers(networks, kind: type) -> None:
    spaces, groups = networks
    mixed = dict(sorted(spaces.items(), key=lambda one: (-groups[one[0]][1], one[0])))
    numbered = {name: (network, kind(layer)) for name, (network, layer) in groups.items()}
    found = tasks.layer_prediction(mixed, numbered, {"mine": alike}, shuffles=0, progress=False)
    plain = tasks.layer_prediction(spaces, groups, {"mine": alike}, shuffles=0, progress=False)
    assert found.params["spaces"] == tuple(spaces) and found.table == plain.table
    np.testing.assert_array_equal(found.arrays["mine"], plain.arrays["mine"])
    assert found.arrays["mine"][1, 5] == alike(spaces["a1"], spaces["b2"])


def test_one_number_missing_costs_only_its_own(views) -> None:
    X, Y = views
    scores = np.eye(120)
    scores[3, 3] = np.nan
    found = tasks.example_retrieval(X, Y, {"mine": lambda x, y: scores}, k=1, shuffles=0, progress=False)
    np.testing.assert_array_equal(found.arrays["mine"], np.where(np.arange(120) == 3, 120, 1)[:, None].repeat(2, 1))


def test_the_result_is_a_table(networks) -> None:
    spaces, groups = networks
    found = tasks.layer_prediction(spaces, groups, {"a<b": alike, "cka": "cka"}, progress=False)
    assert list(found.to_frame().index) == ["a<b", "a<b", "cka", "cka"] and "a&lt;b" in found._repr_html_()
    assert repr(found).startswith("BenchmarkResult(layer prediction: a<b=") and "right most often" in found.sentence
    with pytest.raises(KeyError, match="expected one row"):
        found.row("gulp")


def test_bad_input(networks, views) -> None:
    spaces, groups = networks
    X, Y = views
    with pytest.raises(ValueError, match="several layers of each network"):
        tasks.layer_prediction({"a": X, "b": Y}, None, "cka")
    with pytest.raises(ValueError, match="did you mean 'cka'"):
        tasks.layer_prediction(spaces, groups, "ckaa")
    with pytest.raises(ValueError, match="at least one similarity"):
        tasks.layer_prediction(spaces, groups, {})
    with pytest.raises(TypeError, match="a function of \\(X, Y\\) or fitted encoders but got int"):
        tasks.layer_prediction(spaces, groups, 5)
    with pytest.raises(TypeError, match="fitted encoders but got the class ContraSim"):
        tasks.layer_prediction(spaces, groups, ContraSim)
    with pytest.raises(TypeError, match=r"mine\(X, Y\) to return one number but got NoneType"):
        tasks.layer_prediction(spaces, groups, {"mine": lambda x, y: None}, progress=False)
    with pytest.raises(TypeError, match="networks and layers in groups to be strings or numbers"):
        tasks.layer_prediction(spaces, {name: (["a"], 0) for name in spaces}, "cka")
    with pytest.raises(ValueError, match="shuffles to be a whole number"):
        tasks.layer_prediction(spaces, groups, "cka", shuffles=-1)
    with pytest.raises(RuntimeError, match="expected a fitted ContraSim"):
        tasks.layer_prediction(spaces, groups, ContraSim())
    few = {name: one[:4] for name, one in spaces.items()}
    with pytest.raises(ValueError, match="pwcca"):
        tasks.layer_prediction(few, groups, "pwcca")
    both = tasks.layer_prediction(few, groups, {"pwcca": "pwcca", "cka": "cka"}, shuffles=0, progress=False)
    assert "pwcca has no answer" in both.warnings[0] and list(both.accuracy) == ["cka"]
    for params, said in (
        ({"sizes": []}, "at least one size"),
        ({"sizes": 1}, "sizes to be a whole number, at least 2"),
        ({"sizes": 61}, "at least 133 rows for sets of 61"),
        ({"sizes": 61, "distractors": "random"}, "at least 122 rows for sets of 61"),
        ({"distractors": "hard"}, "distractors to be some of random, nearest"),
        ({"metric": "far"}, "metric to be one of"),
        ({"sets": 0}, "sets to be a whole number"),
        ({"repeats": 0}, "repeats to be a whole number"),
    ):
        with pytest.raises(ValueError, match=said):
            tasks.set_retrieval(X, Y, "cka", **{"sizes": 4, **params})
    with pytest.raises(ValueError, match="mine is wrong"):
        tasks.set_retrieval(X, Y, _wrong, sizes=4)
    with pytest.raises(TypeError, match="compares whole spaces; use layer_prediction or set_retrieval"):
        tasks.example_retrieval(X, Y, "cka")
    with pytest.raises(ValueError, match=r"shape \(120, 120\), but got shape \(1,\)"):
        tasks.example_retrieval(X, Y, alike)
    with pytest.raises(ValueError, match="same number of rows"):
        tasks.example_retrieval(X, Y[1:], lambda x, y: x @ y.T)


def _wrong(x, y) -> float:
    raise ValueError("mine is wrong")


def test_a_missing_number_is_no_win() -> None:
    values = [0.1, np.nan, np.nan, np.nan, 0.1, np.nan, np.nan, np.nan, 0.1] * 2
    rng = np.random.default_rng(0)
    spaces = {f"{v}{i}": rng.normal(size=(60, 4)) for v in "AB" for i in range(3)}
    groups = {name: (name[0], int(name[1])) for name in spaces}
    found = tasks.layer_prediction(spaces, groups, lambda x, y: values.pop(0), shuffles=0, progress=False)
    assert found.row("<lambda>")["accuracy"] == 0


def test_copies_of_true_items_are_no_distractors() -> None:
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(96, 4)), 2, 0)[rng.permutation(192)]

    def apart(x: np.ndarray, y: np.ndarray) -> float:
        return -float((x - y).square().sum())

    found = tasks.set_retrieval(X, X.copy(), apart, sizes=8, shuffles=0, progress=False)
    assert [row["accuracy"] for row in found.table] == [1.0, 1.0]


@pytest.mark.parametrize("sides", [("x", "x"), ("x",), "xy", (1, 2)])
def test_sides_are_two_names(sides: object) -> None:
    X, Y = np.random.default_rng(0).normal(size=(2, 100, 4))
    for task in (tasks.set_retrieval, tasks.example_retrieval):
        with pytest.raises(ValueError, match="sides as two different names"):
            task(X, Y, lambda x, y: x @ y.T, sides=sides, progress=False)
