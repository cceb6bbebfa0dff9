"""ReLU networks with batch-norm whose widths differ: what is learned on three carries over, or is said not to."""

import functools

import numpy as np
import pytest
import torch
from layer_family import LAYERS, Member, groups_of, layers_of, of

from embwidget import ContraSim, tasks
from embwidget.contrasim.columns import ColumnViews
from embwidget.contrasim.encoders import untrained
from embwidget.contrasim.features import RelativeFeatures
from embwidget.contrasim.training import Recipe, Training

SEEN, UNSEEN = range(3), range(3, 9)
MEMBER = Member("relu", equal=False, dropout=False)
NOISE = 0.02


@functools.cache
def fitted(share: float) -> ContraSim:
    model = ContraSim.layers(column_share=share, patience=50)
    return model.fit(of(layers_of(MEMBER, 9)[0], SEEN), groups=groups_of(SEEN), progress=False)


def test_networks_are_of_different_widths_and_know_the_digits() -> None:
    fit, scored, right = layers_of(MEMBER, 9)
    widths = {rows.shape[1] for rows in scored.values()}
    assert len(widths) > 10 and right > 0.93
    assert min(rows.min() for rows in fit.values()) == 0 and all(np.isfinite(rows).all() for rows in fit.values())


def test_what_is_learned_on_three_networks_is_no_loss_on_others() -> None:
    fit, scored, _ = layers_of(MEMBER, 9)
    without = ContraSim.layers(column_share=1, validate="rows")
    without.fit(of(fit, SEEN), groups=groups_of(SEEN), progress=False)
    models = {name: one.with_spaces(of(fit, UNSEEN)) for name, one in (("learned", fitted(0.5)), ("without", without))}
    found = tasks.layer_prediction(of(scored, UNSEEN), groups_of(UNSEEN), models | {"CKA": "cka"}, progress=False)
    trained = found.row("learned")["accuracy"]
    assert trained >= found.row("learned", "untrained encoder")["accuracy"] - NOISE
    assert trained >= found.row("CKA")["accuracy"] - NOISE and trained > 2 / LAYERS
    # Of all columns, stopped by rows, the same is learned by heart.
    assert trained > found.row("without")["accuracy"] + NOISE
    assert found.row("learned", "rows shuffled")["accuracy"] < 0.3


def test_half_of_the_columns_puts_off_learning_by_heart() -> None:
    """The loss on the network held out: of all columns it turns soon and ends above where it began."""
    whole, half = (np.array(fitted(share).history_)[:, 2] for share in (1.0, 0.5))
    assert whole[-1] > whole.min() + 0.5 and whole.argmin() < len(whole) / 2
    assert half.min() < whole.min() and half.argmin() > whole.argmin()
    assert half[-1] < half[0] - 0.3


def test_a_warning_says_where_training_brings_nothing() -> None:
    random = np.random.default_rng(0)
    hidden = random.normal(size=(LAYERS, 60, 8))
    groups = groups_of(range(3))
    spaces = {name: hidden[layer] + 0.1 * random.normal(size=(60, 8)) for name, (_, layer) in groups.items()}

    class Encoders:
        def __init__(self, spoilt: int) -> None:
            self.spoilt = spoilt

        def encode(self, spaces: dict) -> dict:
            # Layers below a number are encoded as all the same: ties, which count as wrong.
            arrays = {name: np.asarray(rows) for name, rows in spaces.items()}
            said = {name: rows / np.linalg.norm(rows, axis=1, keepdims=True) for name, rows in arrays.items()}
            return {name: codes * (groups[name][1] >= self.spoilt) for name, codes in said.items()}

        def untrained(self) -> "Encoders":
            return Encoders(2)

    def said(spoilt: int) -> tuple[str, ...]:
        asked = {"mine": Encoders(spoilt), "cka": "cka"}
        return tasks.layer_prediction(spaces, groups, asked, shuffles=0, progress=False).warnings

    assert said(3) == (
        "mine is right in 50.0%, untrained 66.7% and cka 100.0%: here its training brings nothing beyond.",
    )
    assert said(1) == ("mine is right in 83.3%, cka 100.0%: here its training brings nothing beyond.",)
    assert said(0) == ()


def test_a_view_is_the_cosines_of_some_columns() -> None:
    random = np.random.default_rng(1)
    rows, anchors, at = random.normal(size=(40, 12)) + 3, np.arange(5, 15), np.array([3, 30, 7])
    features = RelativeFeatures.of(torch.from_numpy(rows), torch.from_numpy(anchors), "cpu")
    center, scale = random.normal(size=10), random.uniform(1, 2, 10)
    view = ColumnViews(torch.from_numpy(rows), features, torch.from_numpy(center), torch.from_numpy(scale), 0.5)
    one, other = (view(torch.from_numpy(at), torch.Generator().manual_seed(seed)).numpy() for seed in (0, 1))
    drawn = torch.randperm(12, generator=torch.Generator().manual_seed(0))[:6].numpy()
    centred = (rows - rows.mean(0))[:, drawn]
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    np.testing.assert_allclose(one, (unit[at] @ unit[anchors].T - center) / scale, atol=1e-6)
    assert np.abs(one - other).max() > 0.1


def training(tables: list) -> Training:
    recipe = Recipe(
        loss="infonce",
        negatives=("examples",),
        temperature=0.1,
        lr=1e-2,
        weight_decay=0.0,
        batch_size=16,
        max_steps=40,
        val_fraction=0.2,
        patience=5,
        hold_network=True,
    )
    generator = torch.Generator().manual_seed(3)
    start = [untrained([5, 4], generator)]
    return Training(tables=tables, owner=[[0]] * 4, layers=start, recipe=recipe, generator=generator)


def test_the_network_held_out_is_judged_by_but_never_trained_on() -> None:
    base = torch.randn(60, 5, generator=torch.Generator().manual_seed(0))
    tables = [[base + 0.1 * i] for i in range(4)]
    first = training(tables)
    plain = first.run(lambda share, what: None)
    assert first.held_network is not None
    judged = [[v, first.held_network] for v in range(4) if v != first.held_network]
    assert first._judged() == judged
    train = torch.isin(torch.arange(60), training(tables)._split()[1]).logical_not()
    spoilt = [[one[0].clone()] for one in tables]
    spoilt[first.held_network][0][train] = float("nan")
    other = training(spoilt).run(lambda share, what: None)
    assert other.history[1:] == plain.history[1:] and np.isfinite(plain.history[-1]).all()
    spoilt[first.held_network][0][:] = float("nan")
    assert np.isnan(training(spoilt).run(lambda share, what: None).history[1][2])


def test_settings_that_cannot_be() -> None:
    X = np.random.default_rng(0).normal(size=(120, 6))
    how = {"n_anchors": 20, "max_steps": 2}
    with pytest.raises(ValueError, match=r"at least 3 networks for .* but got 2; use validate='rows'"):
        ContraSim(features="relative", validate="networks", **how).fit(X, X + 1, progress=False)
    with pytest.raises(ValueError, match="val_fraction above 0 for validate='networks' but got 0"):
        ContraSim(validate="networks", val_fraction=0).fit({"a": X, "b": X + 1, "c": X + 2}, progress=False)
    with pytest.raises(ValueError, match=r"column_share of 1 for raw features but got 0\.5; use features='relative'"):
        ContraSim(column_share=0.5).fit(X, X + 1, progress=False)
    with pytest.raises(ValueError, match="expected validate to be one of rows, networks but got 'layers'"):
        ContraSim(validate="layers").fit(X, X + 1, progress=False)


def test_a_file_keeps_how_layers_were_learned(tmp_path) -> None:
    X = np.random.default_rng(0).normal(size=(120, 6))
    spaces = {f"{v}{i}": X + i for v in "abc" for i in range(2)}
    groups = {name: (name[0], name[1]) for name in spaces}
    model = ContraSim.layers(n_anchors=20, max_steps=20).fit(spaces, groups=groups, progress=False)
    model.save(tmp_path / "m.npz")
    loaded = ContraSim.load(tmp_path / "m.npz")
    assert loaded.get_params() == model.get_params() and loaded.validate == "networks" and loaded.column_share == 0.5
    np.testing.assert_array_equal(loaded.untrained().transform(X, "a0"), model.untrained().transform(X, "a0"))
