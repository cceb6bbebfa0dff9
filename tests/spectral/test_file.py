"""A spectral comparison on disk is all there again, without pickle."""

from dataclasses import fields, replace

import numpy as np
import pytest
from planted_groups import clusters_of, cosine, decomposed, rows_with_groups, spectral_comparison

from embwidget import Items
from embwidget.results.archive import read_archive, write_archive
from embwidget.spectral import Cluster, SpectralComparison
from embwidget.spectral.file import pack, unpack

N = 120
NOT_SAVED = {"source"}


@pytest.fixture(scope="module")
def result() -> SpectralComparison:
    kernels = cosine(rows_with_groups(N, [np.arange(20)], seed=1)), cosine(rows_with_groups(N, [], seed=2))
    items = Items(labels=["a"] * 20 + [""] * 50 + ["<b>"] * 50, texts=[f"text {i}" for i in range(N)], ids=range(N))
    vectors = decomposed(*kernels, 4)[1]
    clusters = clusters_of(*kernels, items, groups=[[0], [1, 2], [3]], held_out=np.full((4, 3), np.nan))
    odd = replace(clusters[2], survives=True, within=(np.nan, 0.5), nearest=np.empty(0, np.int64))
    return spectral_comparison((*clusters[:2], odd), vectors, items)


def same(one: object, other: object) -> None:
    if isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
        assert isinstance(other, np.ndarray) and one.dtype == other.dtype
    elif isinstance(one, tuple):
        assert isinstance(other, tuple) and len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            same(a, b)
    elif hasattr(one, "__dataclass_fields__") and not isinstance(one, Items):
        assert type(one) is type(other)
        for field in fields(one):
            same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, float) and np.isnan(one):
        assert np.isnan(other)
    elif isinstance(one, Items):
        assert isinstance(other, Items) and one.texts == other.texts and one.ids == other.ids
        np.testing.assert_array_equal(one.labels, other.labels)
    else:
        assert one == other and type(one) is type(other)


def test_every_field_comes_back(result: SpectralComparison, tmp_path) -> None:
    path = tmp_path / "s.npz"
    write_archive(path, "SpectralComparison", *pack(result))
    loaded = read_archive(path, "SpectralComparison", unpack)
    assert set(loaded) == {field.name for field in fields(SpectralComparison)} - NOT_SAVED
    for name, value in loaded.items():
        same(getattr(result, name), value)


def test_enriched_terms_come_back(result: SpectralComparison) -> None:
    assert result.clusters[0].enrichment, "the fixture should have some"
    known = {field.name for field in fields(Cluster)}
    assert {"enrichment", "histograms", "loadings"} < known


def test_save_and_load(result: SpectralComparison, tmp_path) -> None:
    result.save(tmp_path / "s.npz")
    loaded = SpectralComparison.load(tmp_path / "s.npz")
    assert (loaded.sentence, loaded.provenance, repr(loaded)) == (result.sentence, result.provenance, repr(result))
    assert repr(loaded.clusters) == repr(result.clusters)
    for one, other in zip(loaded.rows, result.rows, strict=True):
        assert one == other
    with np.load(tmp_path / "s.npz", allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


def test_without_clusters(tmp_path) -> None:
    empty = spectral_comparison((), np.eye(5)[:, :2])
    empty.save(tmp_path / "s.npz")
    loaded = SpectralComparison.load(tmp_path / "s.npz")
    assert loaded.clusters == () and loaded.sentence == empty.sentence


def test_another_kind_of_file_is_refused(result: SpectralComparison, tmp_path) -> None:
    write_archive(tmp_path / "c.npz", "Comparison", *pack(result))
    with pytest.raises(ValueError, match=r"SpectralComparison.save but got .*: it is of kind 'Comparison'"):
        SpectralComparison.load(tmp_path / "c.npz")
