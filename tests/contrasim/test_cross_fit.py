"""Every row is scored by encoders that did not see it or its group; spaces, networks and layers."""

import numpy as np
import pytest

from embwidget.arrays.folds import row_folds
from embwidget.contrasim import ContraSim, RidgeCCA

FEW = {"max_steps": 40, "out_dim": 8, "progress": False}


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(301, 12))
    return X, X @ rng.normal(size=(12, 7)) + 0.5 * rng.normal(size=(301, 7))


def test_each_row_is_scored_by_a_fit_on_the_other_folds(rows) -> None:
    X, Y = rows
    found = ContraSim.cross_fit(X, Y, folds=4, random_state=2, **FEW)
    fold = row_folds(301, 4, None, 2)
    mean = variance = 0.0
    for i in range(4):
        test = fold == i
        model = ContraSim(random_state=2, max_steps=40, out_dim=8).fit(X[~test], Y[~test], progress=False)
        alone = model.similarity(X[test], Y[test])
        np.testing.assert_allclose(found.per_example[test], alone.per_example, atol=1e-12)
        mean += test.mean() * alone.null_mean
        variance += (test.mean() * alone.null_sd) ** 2
    assert found.raw == pytest.approx(found.per_example.mean()) and found.n == 301
    assert found.null_mean == pytest.approx(mean, abs=1e-12) and found.null_sd == pytest.approx((2 * variance) ** 0.5)
    assert found.n_fit == 301 - np.bincount(fold).max() and found.params["folds"] == 4 and found.z > 7


def test_folds_are_even_and_groups_stay_together() -> None:
    fold = row_folds(103, 5, None, 0)
    assert sorted(np.bincount(fold)) == [20, 20, 21, 21, 21]
    assert (fold != row_folds(103, 5, None, 1)).any() and (fold == row_folds(103, 5, None, 0)).all()
    groups = np.repeat([f"g{i}" for i in range(30)], np.arange(1, 31))
    fold = row_folds(len(groups), 4, groups, 0)
    assert all(len(set(fold[groups == one])) == 1 for one in set(groups))
    assert np.ptp(np.bincount(fold)) <= 10


@pytest.mark.parametrize("make", [ContraSim, RidgeCCA])
def test_copies_of_rows_must_be_kept_together(make) -> None:
    rng = np.random.default_rng(0)
    X, Y = (np.tile(rng.normal(size=(100, 20)), (3, 1)) for _ in range(2))
    more = {"head": "mlp", "val_fraction": 0.0, "max_steps": 150} if make is ContraSim else {"ridge": 1e-3}
    leaked = make.cross_fit(X, Y, progress=False, **more)
    kept = make.cross_fit(X, Y, groups=np.tile(np.arange(100), 3), progress=False, **more)
    fold = row_folds(300, 5, None, 0)
    seen = sum(bool(set(np.flatnonzero(fold != fold[i]) % 100) & {i % 100}) for i in range(300))
    assert leaked.value > 0.3 and f"{seen} rows occur in several folds" in leaked.warnings[-1]
    assert leaked.params["overlap"] == seen > 200
    assert kept.value < 0.15 and kept.warnings == () and kept.params["overlap"] == 0


def test_rows_joined_by_ids_keep_their_groups(rows) -> None:
    X, Y = rows
    order = np.random.default_rng(0).permutation(301)
    ids = (list(range(301)), order.tolist())
    whole = ContraSim.cross_fit(X, Y, folds=3, groups=np.arange(301) // 2, **FEW)
    joined = ContraSim.cross_fit(X, Y[order], ids=ids, folds=3, groups=np.arange(301) // 2, **FEW)
    np.testing.assert_allclose(whole.per_example, joined.per_example)
    some = ContraSim.cross_fit(X, Y[50:], ids=(range(301), range(50, 301)), folds=3, groups=np.arange(301) // 2, **FEW)
    assert some.n == 251


def test_many_spaces_give_a_matrix(rows) -> None:
    X, Y = rows
    spaces = {"a": X, "b": Y, "noise": np.random.default_rng(5).normal(size=(301, 5))}
    found = ContraSim.cross_fit(spaces, **FEW)
    assert found.names == ("a", "b", "noise") and found.measure == "contrasim" and found.symmetric
    assert found.values[0, 1] > 0.2 and found.z[0, 1] > 7 and abs(found.z[0, 2]) < 4 and abs(found.z[1, 2]) < 4
    np.testing.assert_allclose(found.values, found.values.T)
    assert found.best()["a"] == "a" and found.best()["b"] == "b" and found.params["folds"] == 5
    assert found.pair("a", "b").n == 301


@pytest.fixture(scope="module")
def networks() -> tuple[dict[str, np.ndarray], dict[str, tuple[str, int]]]:
    """Three networks of two layers each: random turns of the same two hidden spaces."""
    rng = np.random.default_rng(1)
    hidden = [rng.normal(size=(400, 6)), rng.normal(size=(400, 6)) * np.arange(1, 7)]
    spaces, groups = {}, {}
    for network in "pqr":
        for layer in range(2):
            name = f"{network}{layer}"
            spaces[name] = hidden[layer] @ np.linalg.qr(rng.normal(size=(6, 6)))[0] + 0.05 * rng.normal(size=(400, 6))
            groups[name] = (network, layer)
    return spaces, groups


@pytest.mark.parametrize("negatives", [("examples",), ("examples", "layers"), ("layers",)])
def test_layers_of_networks_find_their_like(networks, negatives: tuple) -> None:
    spaces, groups = networks
    fit, held = ({name: one[part] for name, one in spaces.items()} for part in (slice(300), slice(300, None)))
    model = ContraSim(negatives=negatives, out_dim=6, max_steps=150).fit(fit, groups=groups, progress=False)
    found = model.pairwise(held)
    for name, (network, layer) in groups.items():
        for other in "pqr".replace(network, ""):
            i, here, there = (found.names.index(one) for one in (name, f"{other}{layer}", f"{other}{1 - layer}"))
            assert found.values[i, here] > found.values[i, there] + 0.2
            assert negatives == ("layers",) or found.z[i, here] > 7
    single = model.similarity(held["p0"], held["q0"], sides=("p0", "q0"))
    assert found.values[0, 2] == pytest.approx(single.raw) and found.null_mean[0, 2] == pytest.approx(single.null_mean)
    assert found.z[0, 2] == pytest.approx(single.z)
    crossed = ContraSim.cross_fit(spaces, networks=groups, folds=2, negatives=negatives, **FEW)
    assert crossed.params["n"] == 400


def test_relative_features_are_carried_to_networks_not_seen(networks) -> None:
    spaces, groups = networks
    fit, held = ({name: one[part] for name, one in spaces.items()} for part in (slice(300), slice(300, None)))
    seen = {name: one for name, one in fit.items() if not name.startswith("r")}
    where = {name: groups[name] for name in seen}
    how = {"features": "relative", "n_anchors": 30, "negatives": ("examples", "layers")}
    model = ContraSim(**how).fit(seen, groups=where, progress=False)
    found = model.with_spaces({name: fit[name] for name in ("r0", "r1")}).pairwise(held)
    at = found.names.index
    for layer in range(2):
        assert found.values[at(f"r{layer}"), at(f"p{layer}")] > found.values[at(f"r{layer}"), at(f"p{1 - layer}")] + 0.2
        assert found.z[at(f"r{layer}"), at(f"q{layer}")] > 7
    with pytest.raises(ValueError, match="expected a space that was fitted"):
        model.pairwise(held)


def test_unrelated_spaces_have_the_z_of_chance() -> None:
    """Folds are not independent: each is encoded by what was fitted on the others. Nor are members of a group."""
    plain, grouped, few = [], [], []
    members = np.repeat(np.arange(40), 5)
    for seed in range(60):
        rng = np.random.default_rng(seed)
        X, Y = rng.normal(size=(2, 200, 5))
        plain.append(RidgeCCA.cross_fit(X, Y, progress=False).z)
        X, Y = rng.normal(size=(2, 40, 5))[:, members] + 0.3 * rng.normal(size=(2, 200, 5))
        grouped.append(RidgeCCA.cross_fit(X, Y, groups=members, progress=False).z)
        X, Y = np.repeat(rng.normal(size=(2, 6, 4)), 20, 1)
        few.append(RidgeCCA.cross_fit(X, Y, groups=np.repeat(np.arange(6), 20), folds=3, progress=False).z)
    for z in (plain, grouped, few):
        assert np.std(z) < 1.3 and np.mean(np.array(z) > 1.645) <= 0.12


def test_groups_without_a_label_are_refused() -> None:
    X, Y = np.random.default_rng(0).normal(size=(2, 100, 4))
    with pytest.raises(ValueError, match=r"a group for each row but got 1 missing \(first: row 3\)"):
        RidgeCCA.cross_fit(X, Y, groups=[0, 1, 2, float("nan"), *range(4, 100)], progress=False)
    with pytest.raises(TypeError, match="groups as one label for each row"):
        RidgeCCA.cross_fit(X, Y, groups=[[i] for i in range(100)], progress=False)
    with pytest.raises(ValueError, match=r"at least two rows in each fold but got 51 folds of 100 rows: .* at most 50"):
        RidgeCCA.cross_fit(X, Y, folds=51, progress=False)
    with pytest.raises(ValueError, match="at least two groups in each fold but got 3 folds of 4 groups"):
        RidgeCCA.cross_fit(X, Y, folds=3, groups=np.arange(100) % 4, progress=False)
    with pytest.raises(ValueError, match=r"got 48: 60 rows, less a fold of 12; add rows, ask for more folds"):
        RidgeCCA.cross_fit(X[:60], Y[:60], progress=False)


def test_a_numpy_seed() -> None:
    X, Y = np.random.default_rng(0).normal(size=(2, 100, 4))
    one, other = (
        ContraSim.cross_fit(X, Y, max_steps=20, random_state=seed, progress=False) for seed in (3, np.int64(3))
    )
    assert one.raw == other.raw


@pytest.mark.parametrize("features", ["raw", "relative"])
def test_untrained_encoders_are_those_before_training(features: str) -> None:
    X, Y = np.random.default_rng(0).normal(size=(2, 100, 4))
    start = ContraSim(max_steps=0, features=features, n_anchors=20).fit(X, Y, progress=False)
    trained = ContraSim(max_steps=40, features=features, n_anchors=20).fit(X, Y, progress=False)
    np.testing.assert_array_equal(trained.untrained().transform(X), start.transform(X))
