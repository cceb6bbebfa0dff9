"""What cannot be is refused before any training, in words that say what to do."""

import pickle

import numpy as np
import pytest

from embwidget.contrasim import ContraSim, RidgeCCA
from embwidget.results.archive import write_archive

RNG = np.random.default_rng(0)
X, Y, NARROW = RNG.normal(size=(120, 6)), RNG.normal(size=(120, 6)), RNG.normal(size=(120, 5))
SPACES = {"a0": X, "a1": Y, "b0": X + 1, "b1": Y + 1}


@pytest.mark.parametrize("make", [ContraSim, RidgeCCA])
def test_arrays(make) -> None:
    model = make()
    with pytest.raises(ValueError, match="at least 50 rows to fit on but got 49"):
        model.fit(X[:49], Y[:49], progress=False)
    with pytest.raises(ValueError, match="at least 50 rows to fit on but got 48"):
        make.cross_fit(X[:60], Y[:60], progress=False)
    with pytest.raises(TypeError, match="but got X alone"):
        model.fit(X)
    with pytest.raises(TypeError, match="X holds 2 spaces; put Y among them"):
        model.fit({"a": X, "b": Y}, Y)
    with pytest.raises(ValueError, match="same number of rows"):
        model.fit(X, Y[:-1])
    bad = X.copy()
    bad[3, 2] = np.nan
    with pytest.raises(ValueError, match=r"NaN or infinity in 1 of 120 rows \(first: row 3\)"):
        model.fit(bad, Y)
    fitted = make().fit(X[:60], NARROW[:60], progress=False)
    with pytest.raises(ValueError, match="expected Y of width 5, as fitted for 'y', but got 6"):
        fitted.similarity(X[60:], Y[60:])
    with pytest.raises(ValueError, match=r"expected a space that was fitted \('x', 'y'\) but got 'z'"):
        fitted.transform(X, "z")
    with pytest.raises(ValueError, match="NaN or infinity"):
        fitted.transform(bad, "x")
    with pytest.raises(ValueError, match="sides"):
        fitted.similarity(X[60:], NARROW[60:], sides="x")


@pytest.mark.parametrize("make", [ContraSim, RidgeCCA])
def test_not_fitted(make, tmp_path) -> None:
    for work in (
        lambda m: m.similarity(X, Y),
        lambda m: m.transform(X),
        lambda m: m.pairwise({"x": X, "y": Y}),
        lambda m: m.save(tmp_path / "m.npz"),
    ):
        with pytest.raises(RuntimeError, match=f"expected a fitted {make.__name__}"):
            work(make())


def test_shared_encoder_of_unequal_widths() -> None:
    with pytest.raises(ValueError, match="one width for a shared encoder but got 6 for 'x' and 5 for 'y'"):
        ContraSim(shared=True).fit(X, NARROW, progress=False)
    ContraSim(features="relative", n_anchors=20, max_steps=2).fit(X, NARROW, progress=False)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"head": "deep"}, "head to be one of linear, mlp but got 'deep'"),
        ({"features": "none"}, "features to be one of raw, relative"),
        ({"loss": "triplet"}, "loss to be one of infonce, supcon"),
        ({"negatives": ()}, "negatives to be some of examples, layers"),
        ({"negatives": "examples"}, "negatives to be some of examples, layers"),
        ({"negatives": ("rows",)}, "negatives to be some of"),
        ({"negatives": [["a"]]}, "negatives to be some of"),
        ({"negatives": ("examples", "layers")}, "several layers of each network"),
        ({"shared": 1}, "shared to be True or False"),
        ({"standardize": None}, "standardize to be True or False"),
        ({"out_dim": 0}, "out_dim to be a whole number, at least 1"),
        ({"head": "mlp", "hidden": 5}, "hidden to be a tuple of widths"),
        ({"head": "mlp", "hidden": ()}, "hidden to be a tuple of widths"),
        ({"head": "mlp", "hidden": (8, 0)}, "hidden widths to be a whole number"),
        ({"features": "relative", "n_anchors": 121}, "n_anchors of at most the 120 fitted rows but got 121"),
        ({"features": "relative", "n_anchors": 1}, "n_anchors to be a whole number, at least 2"),
        ({"batch_size": 1}, "batch_size to be a whole number, at least 2"),
        ({"max_steps": -1}, "max_steps to be a whole number, at least 0"),
        ({"patience": 0}, "patience to be a whole number, at least 1"),
        ({"random_state": -1}, "random_state to be a whole number, at least 0"),
        ({"random_state": 2**64}, r"random_state to be a whole number below 2\*\*64"),
        ({"lr": 1e300}, r"lr to be at most 1e\+30 but got 1e\+300"),
        ({"weight_decay": 1e300}, r"weight_decay to be at most 1e\+30"),
        ({"temperature": 1e300}, r"temperature to be at most 1e\+30"),
        ({"temperature": 0}, "temperature to be a number above 0"),
        ({"temperature": float("inf")}, "temperature to be a number above 0"),
        ({"lr": float("nan")}, "lr to be a number above 0"),
        ({"lr": True}, "lr to be a number above 0"),
        ({"weight_decay": -1}, "weight_decay to be a number, at least 0"),
        ({"val_fraction": 0.6}, r"val_fraction to be a share in 0 … 0.5"),
        ({"device": "abacus"}, "device to be one of cpu, cuda"),
    ],
)
def test_parameters(params: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ContraSim(**params).fit(X, Y, progress=False)


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"a0": (0, 0)}, "with the names of the spaces"),
        ([(0, 0)], "with the names of the spaces"),
        (dict.fromkeys(SPACES, (0, 0)), "one space at each network and layer but got 'a0' and 'a1'"),
        ({name: (0, i) for i, name in enumerate(SPACES)}, "at least two networks"),
        ({"a0": ("a", 0), "a1": ("a", 1), "b0": ("b", 0), "b1": ("b", 2)}, "'a' and 'b' have others"),
        (dict.fromkeys(SPACES, "net"), "(network, layer)"),
    ],
)
def test_groups_of_spaces(groups, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("(", r"\(").replace(")", r"\)")):
        ContraSim().fit(SPACES, groups=groups, progress=False)


def test_groups_that_no_dict_can_hold() -> None:
    for place in (([], 0), (0, [])):
        for live in (False, True):
            with pytest.raises(TypeError, match="expected networks and layers in groups to be strings or numbers"):
                ContraSim().fit({"a": X, "b": Y}, groups={"a": place, "b": (1, 0)}, progress=False, live=live)


def test_folds() -> None:
    for folds in (1, 2.5, True, None):
        with pytest.raises(ValueError, match="folds to be a whole number, at least 2"):
            ContraSim.cross_fit(X, Y, folds=folds)
    with pytest.raises(ValueError, match="at least two groups in each fold but got 3 folds of 2 groups"):
        ContraSim.cross_fit(X, Y, folds=3, groups=[0] * 60 + [1] * 60)
    with pytest.raises(ValueError, match="one group for each of the 120 rows but got 119"):
        ContraSim.cross_fit(X, Y, groups=[0] * 119)
    with pytest.raises(TypeError, match="margin"):
        ContraSim.cross_fit(X, Y, margin=1)


def test_further_spaces() -> None:
    raw = ContraSim(max_steps=2).fit(X, Y, progress=False)
    with pytest.raises(ValueError, match="expected features='relative'"):
        raw.with_spaces({"z": X})
    relative = ContraSim(features="relative", n_anchors=20, max_steps=2).fit(X, Y, progress=False)
    for spaces in ({"x": X}, {"z": X[:-1]}):
        with pytest.raises(ValueError, match="expected a new name and the 120 fitted rows"):
            relative.with_spaces(spaces)
    with pytest.raises(TypeError, match=r"expected spaces as \{name: array\} but got int"):
        relative.with_spaces(3)
    with pytest.raises(TypeError, match="expected names of spaces to be strings but got 3"):
        relative.with_spaces({3: X})
    many = ContraSim(max_steps=2).fit({"a": X, "b": Y, "c": NARROW}, progress=False)
    with pytest.raises(ValueError, match=r"expected sides=\(name, name\)"):
        many.similarity(X, Y)


def test_ridge_cca() -> None:
    for params, said in (({"k": 0}, "k to be a whole number"), ({"ridge": 0}, "ridge to be a number above 0")):
        with pytest.raises(ValueError, match=said):
            RidgeCCA(**params).fit(X, Y, progress=False)
    with pytest.raises(ValueError, match="expected two spaces and no networks for RidgeCCA but got 4"):
        RidgeCCA().fit(SPACES, progress=False)
    with pytest.raises(ValueError, match="expected rows of 'y' that differ"):
        RidgeCCA().fit(X, np.ones((120, 3)), progress=False)


@pytest.mark.parametrize("make", [ContraSim, RidgeCCA])
def test_files(make, tmp_path) -> None:
    for content in (pickle.dumps(make()), b"", b"PK"):
        (tmp_path / "p.npz").write_bytes(content)
        with pytest.raises(ValueError, match=rf"written by embwidget's {make.__name__}.save"):
            make.load(tmp_path / "p.npz")
    np.savez(tmp_path / "o.npz", **{"header.json": np.array([make()], dtype=object)})
    with pytest.raises(ValueError, match=rf"written by embwidget's {make.__name__}.save"):
        make.load(tmp_path / "o.npz")
    write_archive(tmp_path / "k.npz", "Comparison", {}, {})
    with pytest.raises(ValueError, match=f"{make.__name__}.save but got .*: it is of kind 'Comparison'"):
        make.load(tmp_path / "k.npz")
    write_archive(tmp_path / "v.npz", make.__name__, {"format": 3}, {})
    with pytest.raises(ValueError, match="its format is 3, newer than 2; upgrade embwidget"):
        make.load(tmp_path / "v.npz")
