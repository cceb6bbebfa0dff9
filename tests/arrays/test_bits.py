"""Bits: packed ones are recognised and said, and Hamming distances are those of a plain count."""

import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch

import embwidget as ew
from embwidget.arrays import as_matrix, paired
from embwidget.arrays.reading.notes import InputWarning

RANDOM = np.random.default_rng(0)
N, WIDTH = 300, 128
SPACE = RANDOM.normal(size=(N, 20)) @ RANDOM.normal(size=(20, WIDTH)) + 0.5 * RANDOM.normal(size=(N, WIDTH))
BITS = SPACE + RANDOM.normal(size=WIDTH) > 0
PACKED = np.packbits(BITS, axis=1)
FINGERPRINTS = RANDOM.random((N, 1024)) < RANDOM.beta(0.3, 6, 1024)
SIGNED = (PACKED.astype(int) - 128).astype(np.int8)
"""As quantisers write packed bits where only signed bytes are at hand."""

FORMS = {
    "bool": BITS,
    "whole numbers": BITS.astype(np.int64),
    "floats": BITS.astype(np.float64),
    "tensor": torch.from_numpy(BITS),
    "lists": BITS.astype(int).tolist(),
    "frame of bools": pd.DataFrame(BITS),
    "packed": PACKED,
    "packed tensor": torch.from_numpy(PACKED),
    "packed signed": SIGNED,
    "packed Arrow": pa.FixedSizeListArray.from_arrays(pa.array(PACKED.ravel()), PACKED.shape[1]),
    "packed, out of order": np.asfortranarray(PACKED[::-1])[::-1],
}


def nearest(bits: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    counts = (bits[:, None] != bits[None]).sum(2)
    np.fill_diagonal(counts, bits.shape[1] + 1)
    order = np.argsort(counts, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(counts, order, 1)


@pytest.mark.parametrize("form", FORMS)
def test_hamming_neighbours_are_those_of_a_count(form: str) -> None:
    order, counts = nearest(BITS, 7)
    found = ew.knn(FORMS[form], 7, metric="hamming")
    np.testing.assert_array_equal(found.indices, order)
    np.testing.assert_array_equal(found.distances, counts)
    assert found.metric == "hamming" and found.distances.dtype == np.float32 and found.ties is not None


def test_first_bits_are_first() -> None:
    np.testing.assert_array_equal(as_matrix(PACKED, "X", bits=True), BITS)
    np.testing.assert_array_equal(as_matrix(SIGNED, "X", bits=True), BITS)


@pytest.mark.slow
def test_approximate_hamming_neighbours() -> None:
    found = ew.knn(PACKED, 5, metric="hamming", method="pynndescent")
    _, counts = nearest(BITS, 5)
    assert (found.distances == counts).mean() > 0.9 and found.metric == "hamming"


def test_every_verb_over_neighbours_takes_bits_in_any_form() -> None:
    how = {"metric": "hamming", "progress": None}
    score = ew.measures.nngs(PACKED, FINGERPRINTS, k=5, **how)
    assert score.params["metric"] == "hamming" and score.params["widths"] == (WIDTH, 1024)
    assert ew.measures.nngs(BITS, FINGERPRINTS, k=5, **how).value == score.value
    assert ew.measures.mutual_knn(PACKED, BITS, k=5, metric="hamming").value > 0.8
    found = ew.compare(SIGNED, BITS, metric="hamming", max_k=9, measures=["nngs"], progress=False)
    assert (
        "metric hamming" in found.provenance
        and found.warnings
        == ew.compare(BITS, BITS, metric="hamming", max_k=9, measures=["nngs"], progress=False).warnings
    )


def test_many_spaces_of_bits_and_their_file(tmp_path) -> None:
    spaces = {"packed": PACKED, "bits": BITS, "prints": np.packbits(FINGERPRINTS, axis=1)}
    matrix = ew.compare_many(spaces, metric="hamming", k=5, progress=False)
    matrix.save(tmp_path / "matrix.npz")
    opened = type(matrix).load(tmp_path / "matrix.npz").attach(spaces).pair("packed", "bits")
    assert opened.params["metric"] == "hamming" and opened.curves["nngs"].params["widths"] == (WIDTH, WIDTH)
    layers = ew.compare_layers({"a": PACKED}, {"b": BITS}, metric="hamming", k=5, measures=["nngs"], progress=False)
    assert layers.params["metric"] == "hamming"


NO_BITS = {
    "floats": SPACE,
    "signs": BITS * 2.0 - 1,
    "wide": PACKED.astype(np.int64),
    "lists": SPACE.tolist(),
    "tensor with gradients": torch.from_numpy(SPACE.copy()).requires_grad_(),
    "Arrow": pa.array(SPACE.tolist()),
    "frame of vectors": pd.DataFrame({"e": list(SPACE)}),
}


@pytest.mark.parametrize("given", NO_BITS.values(), ids=NO_BITS)
def test_what_holds_no_bits_is_refused(given) -> None:
    with pytest.raises(
        ValueError, match=r"expected 0 and 1, or packed bits as uint8, in X .* with values from"
    ) as told:
        ew.knn(given, 5, metric="hamming")
    assert ew.knn(eval(str(told.value).split("pass ")[1], {"ew": ew, "X": given}), 5, metric="hamming").k == 5


PACKED_KINDS = {
    "signs": PACKED,
    "signed bytes": SIGNED,
    "tensor": torch.from_numpy(PACKED),
    "fingerprints": np.packbits(FINGERPRINTS, axis=1),
    "all alike": np.packbits(RANDOM.random((N, 256)) < 0.5, axis=1),
    "classes": np.packbits(SPACE * 0.5 + 4 * RANDOM.normal(size=(5, WIDTH))[RANDOM.integers(0, 5, N)] > 0, axis=1),
}


@pytest.mark.parametrize("kind", PACKED_KINDS)
def test_packed_bits_are_recognised_by_themselves_and_the_remedy_unpacks_them(kind: str) -> None:
    X = PACKED_KINDS[kind]
    with pytest.warns(InputWarning, match="X looks like packed bits") as told:
        pair = paired(X, SPACE[:, :7])
    assert pair.notes == (str(told[0].message),)
    unpacked = eval(pair.notes[0].split("Unpack them, ")[1].split(", or search")[0], {"np": np, "X": X})
    np.testing.assert_array_equal(unpacked, as_matrix(X, "X", bits=True))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert paired(unpacked, SPACE[:, :7]).notes == ()


def test_packed_bits_are_recognised_beside_a_partner() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert paired(PACKED[:30], SPACE[:30, :-9]).notes == ()  # too little to tell by itself
    with pytest.warns(InputWarning, match=r"uint8 of width 16, an eighth of its partner's 128, eight dimensions"):
        paired(PACKED[:30], SPACE[:30])
    with pytest.warns(InputWarning, match="Y looks like packed bits"):
        paired(SPACE[:30, :-7], PACKED[:30])


def test_a_comparison_says_it_too() -> None:
    with pytest.warns(InputWarning, match="packed bits"):
        found = ew.compare(PACKED, SPACE, max_k=10, measures=["nngs"], progress=False)
    assert "np.unpackbits(np.asarray(X), axis=1)" in found.warnings[0]


def eighth(values: np.ndarray) -> np.ndarray:
    """Numbers in bytes, an eighth as many as the partner has: of the same width as packed bits."""
    return values[:, : WIDTH // 8]


SCALED = SPACE / SPACE.std() * 32
NUMBERS = {
    "quantised": eighth(np.clip(np.rint(SCALED), -128, 127).astype(np.int8)),
    "quantised above 0": eighth(np.clip(np.rint(SCALED + 128), 0, 255).astype(np.uint8)),
    "quantised by column": eighth(((SPACE - SPACE.min(0)) / np.ptp(SPACE, axis=0) * 255).astype(np.uint8)),
    "counts": RANDOM.poisson(3, (N, WIDTH // 8)).astype(np.uint8),
    "codes": RANDOM.integers(0, 10, (N, WIDTH // 8)).astype(np.uint8),
    "ink": eighth((BITS * 255).astype(np.uint8)),
    "bits": eighth(BITS.astype(np.uint8)),
    "one value": np.full((N, WIDTH // 8), 7, np.uint8),
}
PHOTOS = np.clip(np.rint(RANDOM.normal(120, 70, (N, 1)) + RANDOM.normal(0, 30, (N, WIDTH))), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_in_bytes_are_taken_in_silence(kind: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert paired(NUMBERS[kind], SPACE).notes == ()


def test_pictures_in_bytes_are_taken_in_silence() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert paired(PHOTOS, SPACE).notes == ()
