"""What ContraSim finds where the truth is known, and that it is the same again, whoever watches or stops it."""

import numpy as np
import pytest
import torch
from sklearn.base import clone

from embwidget.contrasim import ContraSim, RidgeCCA
from embwidget.contrasim.training import CHECK_EVERY

N, D = 500, 96
OVERFIT = {"head": "mlp", "val_fraction": 0.0, "max_steps": 200}


def turned(seed: int, noise: float = 0.5, n: int = 2 * N, d: int = D) -> tuple[np.ndarray, np.ndarray]:
    """A space, and the same rotated with noise."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X @ np.linalg.qr(rng.normal(size=(d, d)))[0] + noise * rng.normal(size=(n, d))


def halves(*spaces: np.ndarray) -> list[tuple[np.ndarray, ...]]:
    return [tuple(one[:N] for one in spaces), tuple(one[N:] for one in spaces)]


def top1(model, X: np.ndarray, Y: np.ndarray) -> float:
    products = model.transform(X, "x") @ model.transform(Y, "y").T
    return float((products.argmax(1) == np.arange(len(X))).mean())


@pytest.fixture(scope="module")
def known() -> tuple[ContraSim, tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    fit, held = halves(*turned(0))
    return ContraSim().fit(*fit, progress=False), fit, held


def test_unrelated_spaces_match_where_they_were_fitted_and_nowhere_else() -> None:
    X, _ = turned(1)
    fit, held = halves(X, np.random.default_rng(2).normal(size=X.shape))
    model = ContraSim(**OVERFIT).fit(*fit, progress=False)
    found = model.similarity(*held)
    assert abs(found.value) <= 0.05 and abs(found.z) < 4 and found.p > 1e-4
    on_fitted = model.similarity(*fit, allow_overlap=True)
    assert on_fitted.value > 0.8 and top1(model, *fit) > 0.95 > 0.05 > top1(model, *held)
    assert not on_fitted.params["held_out"] and on_fitted.params["overlap"] == N
    assert "500 of the scored rows were fitted on" in on_fitted.warnings[-1] and "some of them" in on_fitted.sentence
    with pytest.raises(ValueError, match=r"not fitted on but got 500 of 500 that were \(first: row 0\)"):
        model.similarity(*fit)


def test_shuffled_fit_is_at_chance() -> None:
    fit, held = halves(*turned(3))
    shuffled = np.random.default_rng(0).permutation(fit[1])
    for model in (ContraSim(**OVERFIT), ContraSim(), RidgeCCA()):
        found = model.fit(fit[0], shuffled, progress=False).similarity(*held)
        assert abs(found.value) <= 0.05 and abs(found.z) < 4


def test_either_side_alone_is_known_again(known) -> None:
    model, fit, held = known
    mixed = np.concatenate([held[0][:-1], fit[0][7:8]]).astype(np.float32)
    with pytest.raises(ValueError, match=r"got 1 of 500 that were \(first: row 499\)"):
        model.similarity(mixed, held[1])
    with pytest.raises(ValueError, match="got 1 of 500 that were"):
        model.similarity(held[0], np.concatenate([held[1][:-1], fit[1][7:8]]))
    with pytest.raises(ValueError, match="got 500 of 500 that were"):
        model.pairwise({"x": held[0], "y": fit[1]})
    assert model.similarity(mixed, held[1], allow_overlap=True).params["overlap"] == 1


def test_rows_of_zeros_are_no_evidence_of_overlap() -> None:
    fit, held = halves(*turned(4))
    for one in (*fit, *held):
        one[5] = 0
    assert ContraSim(max_steps=20).fit(*fit, progress=False).similarity(*held).params["overlap"] == 0


def test_rows_of_one_value_are_known_again() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 120, 1))
    model = RidgeCCA().fit(x[:60], y[:60], progress=False)
    with pytest.raises(ValueError, match="got 60 of 60 that were"):
        model.similarity(x[:60], y[:60])
    assert model.similarity(x[60:], y[60:]).params["overlap"] == 0


def test_a_class_that_recurs_is_no_evidence_of_overlap_but_a_known_item_is() -> None:
    rng = np.random.default_rng(0)
    x, kinds = rng.normal(size=(200, 6)), np.eye(4)[rng.integers(0, 4, 200)]
    model = RidgeCCA().fit(x[:150], kinds[:150], progress=False)
    assert model.similarity(x[150:], kinds[150:]).params["overlap"] == 0
    with pytest.raises(ValueError, match="got 1 of 50 that were"):
        model.similarity(x[149:199], kinds[149:199])
    both = RidgeCCA().fit(kinds[:150], kinds[:150, ::-1].copy(), progress=False)
    with pytest.raises(ValueError, match="got 50 of 50 that were"):
        both.similarity(kinds[150:], kinds[150:, ::-1].copy())
    assert not RidgeCCA.cross_fit(x, kinds, progress=False).params["overlap"]


def test_a_large_offset_does_not_make_rows_the_same() -> None:
    x = np.random.default_rng(0).normal(size=(300, 2)) + 1e6
    model = RidgeCCA().fit(x[:200], x[:200, ::-1].copy(), progress=False)
    assert model.similarity(x[200:], x[200:, ::-1].copy()).params["overlap"] == 0


PRECISIONS = [np.float64, np.float32, np.float16]


@pytest.mark.parametrize("fitted", PRECISIONS)
@pytest.mark.parametrize("scored", PRECISIONS)
def test_a_copy_in_another_precision_is_known_again(fitted: type, scored: type) -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 60, 4)).astype(fitted)
    model = RidgeCCA().fit(x, y, progress=False)
    with pytest.raises(ValueError, match="got 60 of 60 that were"):
        model.similarity(x.astype(scored), y.astype(scored))


def test_a_rotation_is_found(known) -> None:
    model, _, held = known
    found = model.similarity(*held)
    assert 0.6 <= found.raw <= 0.75 and found.value == pytest.approx(found.raw, abs=0.02) and found.z > 50
    assert top1(model, *held) >= 0.95


def test_other_losses_and_heads_find_it_too(known) -> None:
    _, fit, held = known
    for how in ({"head": "mlp", "max_steps": 200}, {"loss": "supcon"}, {"out_dim": 32}):
        assert top1(ContraSim(**how).fit(*fit, progress=False), *held) >= 0.95, how
    assert top1(RidgeCCA().fit(*fit), *held) >= 0.95
    untrained = ContraSim(max_steps=0).fit(*fit, progress=False)
    assert abs(untrained.similarity(*held).value) < 0.1 and untrained.best_step_ == 0
    assert untrained.warnings_ == ()


def test_one_shared_encoder_needs_one_basis() -> None:
    X, _ = turned(5)
    near = X + 0.5 * np.random.default_rng(0).normal(size=X.shape)
    values = {}
    for sign in (1, -1):
        fit, held = halves(X, sign * near)
        for shared in (True, False):
            model = ContraSim(shared=shared, max_steps=150).fit(*fit, progress=False)
            values[sign, shared] = model.similarity(*held).value
    assert values[1, True] > 0.6 and values[1, False] > 0.6 and values[-1, False] > 0.6
    assert values[-1, True] < 0.1


def test_relative_features_do_not_see_rotation_scale_or_offset() -> None:
    X, _ = turned(6, d=20)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(20, 20)))[0]
    near = X + 0.3 * np.random.default_rng(1).normal(size=X.shape)
    fit, held = halves(X, near, near @ turn * 7 + 100)
    model = ContraSim(features="relative", n_anchors=40, max_steps=60).fit(*fit[:2], progress=False)
    other = model.with_spaces({"turned": fit[2]})
    one, two = model.similarity(*held[:2]), other.similarity(held[0], held[2], sides=("x", "turned"))
    np.testing.assert_allclose(two.per_example, one.per_example, atol=1e-9)
    assert model.names_ == ("x", "y") and other.names_ == ("x", "y", "turned")
    with pytest.raises(ValueError, match="not fitted on"):
        other.similarity(held[0], fit[2], sides=("x", "turned"))


def test_same_seed_same_weights() -> None:
    fit, held = halves(*turned(7, d=24))
    models = []
    for seed, world in ((3, 1), (3, 2), (4, 1)):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(world)
            models.append(ContraSim("mlp", random_state=seed, max_steps=40).fit(*fit, progress=False))
    weights = [[w for side in "xy" for pair in m.encoders_[side].layers for w in pair] for m in models]
    assert all(torch.equal(a, b) for a, b in zip(*weights[:2], strict=True))
    assert not any(torch.equal(a, b) for a, b in zip(weights[0], weights[2], strict=True))
    assert models[0].similarity(*held).raw == models[1].similarity(*held).raw


def test_global_generators_are_left_as_they_were() -> None:
    fit, held = halves(*turned(7, d=24))
    legacy = np.random.get_state
    before = torch.random.get_rng_state(), legacy()[1].copy(), legacy()[2]
    ContraSim("mlp", features="relative", max_steps=20).fit(*fit, progress=False).similarity(*held)
    ContraSim.cross_fit(*fit, folds=2, max_steps=5, progress=False)
    assert torch.equal(before[0], torch.random.get_rng_state())
    assert (before[1] == legacy()[1]).all() and before[2] == legacy()[2]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_stopped_training_leaves_it_unfitted(error, known) -> None:
    _, fit, held = known
    model = ContraSim(max_steps=40).fit(*fit, progress=False)

    def stop(step: int, train: float, held: float) -> None:
        if step >= 20:
            raise error

    with pytest.raises(error):
        model.fit(*fit, progress=False, callback=stop)
    with pytest.raises(RuntimeError, match="expected a fitted ContraSim"):
        model.similarity(*held)
    assert not [name for name in vars(model) if name.endswith("_")]


def test_progress_is_monotone_and_losses_are_told(known, monkeypatch) -> None:
    _, fit, _ = known
    told, seen = [], []
    model = ContraSim(max_steps=50)
    monkeypatch.setattr("embwidget.contrasim.learned.progress_bar", lambda shown: _Recorder(told))
    model.fit(*fit, callback=lambda *losses: seen.append(losses))
    assert told == sorted(told) and told[-1] == 1.0 and len(told) > 40
    assert [step for step, _, _ in seen] == [0, 20, 40, 50] and np.isnan(seen[0][1])
    assert np.array_equal(np.array(model.history_), np.array(seen), equal_nan=True)
    assert seen[-1][1] < seen[1][1] / 2 and seen[-1][2] < seen[0][2] / 2
    assert model.best_step_ == min(seen, key=lambda one: one[2])[0]


class _Recorder:
    def __init__(self, told: list[float]) -> None:
        self.told = told

    def __enter__(self):
        return lambda done, what: self.told.append(done)

    def __exit__(self, *error) -> None:
        self.told.append(1.0)


def test_it_stops_early_and_keeps_the_best() -> None:
    X, _ = turned(8)
    fit, _ = halves(X, np.random.default_rng(0).normal(size=X.shape))
    model = ContraSim("mlp", patience=2).fit(*fit, progress=False)
    steps, _, held = (np.array(one) for one in zip(*model.history_, strict=True))
    assert model.best_step_ == steps[held.argmin()] and steps[-1] == model.best_step_ + 2 * CHECK_EVERY
    assert steps[-1] < 300
    kept = ContraSim("mlp", val_fraction=0.1, patience=100, max_steps=int(model.best_step_)).fit(*fit, progress=False)
    for a, b in zip(model.encoders_["y"].layers, kept.encoders_["y"].layers, strict=True):
        assert torch.equal(a[0], b[0]) and torch.equal(a[1], b[1])
    if model.best_step_ == 0:
        assert "encoders are untrained" in model.warnings_[0]


@pytest.mark.parametrize("val_fraction", [0.1, 0.0])
def test_a_loss_that_is_no_number_stops_it_and_says_so(val_fraction: float, known) -> None:
    _, fit, held = known
    model = ContraSim(lr=1e30, val_fraction=val_fraction).fit(*fit, progress=False)
    assert "no number at step" in model.warnings_[0] and len(model.warnings_) == 1
    assert model.history_[-1][0] < 300
    found = model.similarity(*held)
    assert np.isfinite(found.raw) and found.warnings[0] == model.warnings_[0]


def test_scikit_learn_manners() -> None:
    model = ContraSim("mlp", temperature=0.2)
    other = clone(model)
    assert other is not model and other.get_params() == model.get_params()
    assert model.set_params(lr=0.5) is model and model.lr == 0.5
    assert repr(model) == "ContraSim(head='mlp', temperature=0.2, lr=0.5)"
    with pytest.raises(ValueError, match="expected parameters among head, hidden"):
        model.set_params(rate=1)


def test_presets_of_the_paper() -> None:
    layer, pairs = ContraSim.paper("layer"), ContraSim.paper("pairs", max_steps=3)
    for one in (layer, pairs):
        assert (one.hidden, one.out_dim, one.head, one.shared) == ((512, 256), 128, "mlp", True)
        assert (one.loss, one.temperature, one.lr, one.batch_size) == ("supcon", 0.07, 1e-4, 1024)
        assert (one.val_fraction, one.standardize, one.features) == (0.0, False, "raw")
    assert (layer.negatives, layer.weight_decay, layer.max_steps) == (("layers",), 5e-4, 500)
    assert (pairs.negatives, pairs.weight_decay, pairs.max_steps) == (("examples",), 0.0, 3)
    X, Y = turned(9, d=768, n=60)
    fitted = pairs.fit(X, Y, progress=False)
    assert sum(one.numel() for pair in fitted.encoders_["x"].layers for one in pair) == 557_952
    with pytest.raises(ValueError, match="expected kind to be one of layer, pairs but got 'words'"):
        ContraSim.paper("words")
