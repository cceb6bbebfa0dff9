"""Large products: torch's or NumPy's, in the memory of the tensors, on as many threads as torch was told."""

import os

import numpy as np
import pytest
import torch

from embwidget import knn
from embwidget.arrays import full_precision, products
from embwidget.arrays.products import product, symmetric_product

BOTH = ("numpy", "torch")
_UNITS = 32 * 2.0**-24


def rows(n: int, d: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.randn(n, d, generator=torch.Generator().manual_seed(n), dtype=dtype)


@pytest.fixture(params=BOTH)
def taken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(products, "faster", lambda dtype: request.param)
    monkeypatch.setattr(products, "_LARGE", 0)
    return str(request.param)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("turned", [False, True])
def test_either_product_is_within_the_error_that_the_search_allows(taken: str, dtype, turned: bool) -> None:
    a, b = rows(70, 448, dtype).abs(), rows(90, 448, dtype).abs()
    left, right = (a.T.contiguous().T, b.T) if turned else (a, b.T.contiguous())
    exact = a.double() @ b.double().T
    size = a.double().norm(dim=1)[:, None] * b.double().norm(dim=1)
    unit = _UNITS if dtype == torch.float32 else 1e-14
    out = torch.full((80, 100), -1.0, dtype=dtype)
    place = out[:70, :90]
    for found in (product(left, right), product(left, right, out=place)):
        assert ((found.double() - exact).abs() <= unit * size).all()
    assert torch.equal(place, found) and (out[70:] == -1).all() and (out[:, 90:] == -1).all()


def test_what_numpy_cannot_take_is_torchs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "_LARGE", 0)
    monkeypatch.setattr(products, "faster", lambda dtype: "numpy")
    with_gradient = rows(5, 4).requires_grad_()
    product(with_gradient, rows(4, 3)).sum().backward()
    assert with_gradient.grad is not None
    half = rows(5, 4).to(torch.bfloat16)
    monkeypatch.undo()
    assert products.faster(half.dtype) == "torch" and product(half, half.T).dtype == torch.bfloat16


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "dot"])
def test_both_products_give_the_same_lists(metric: str, monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.tanh(rows(900, 6) @ rows(6, 300)) + 1
    x[40:60] = x[40]  # equal rows
    found = []
    for one in BOTH:
        monkeypatch.setattr(products, "_LARGE", 0)
        monkeypatch.setattr(products, "faster", lambda dtype, one=one: one)
        found.append(knn(x, 30, metric=metric, device="cpu"))
    np.testing.assert_array_equal(found[0].indices, found[1].indices)
    np.testing.assert_allclose(
        found[0].distances, found[1].distances, rtol=1e-5, atol=4e-6 * max(1.0, np.abs(found[0].distances).max())
    )


def test_numpy_keeps_to_the_threads_that_torch_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "_LARGE", 0)
    monkeypatch.setattr(products, "faster", lambda dtype: "numpy")
    controls = products.controls()
    assert controls is not None
    multiply, seen = np.matmul, []

    def spied(*given, **how):
        seen.append([one.num_threads for one in controls])
        return multiply(*given, **how)

    monkeypatch.setattr(np, "matmul", spied)
    before, told = [one.num_threads for one in controls], torch.get_num_threads()
    try:
        for one in controls:
            one.set_num_threads(2)
        wide = [one.num_threads for one in controls]
        torch.set_num_threads(1)
        product(rows(20, 8), rows(8, 20))
        assert seen == [[1] * len(controls)] and [one.num_threads for one in controls] == wide
    finally:
        torch.set_num_threads(told)
        for one, threads in zip(controls, before, strict=True):
            one.set_num_threads(threads)
    assert wide == [2] * len(controls)


def test_where_threads_cannot_be_set_torch_multiplies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "controls", lambda: None)
    forget(monkeypatch)
    try:
        assert products.faster(torch.float32) == "torch"
        torch.testing.assert_close(symmetric_product(rows(50, 7)), rows(50, 7).T @ rows(50, 7))
    finally:
        products._measured.cache_clear()


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was chosen before, here or by the process that started this one."""
    products._measured.cache_clear()
    for name in [one for one in os.environ if one.startswith(products.INHERITED)]:
        monkeypatch.delenv(name)


def test_processes_that_are_started_take_over_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    forget(monkeypatch)
    products.faster(torch.float64)
    (name,) = [one for one in os.environ if one.startswith(products.INHERITED)]
    for told in products.BOTH:
        monkeypatch.setenv(name, told)
        assert products.faster(torch.float64) == told
    monkeypatch.setenv(name, "what")
    assert products.faster(torch.float64) in products.BOTH


def test_the_choice_is_made_once_and_leaves_settings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_num_threads(), torch.get_float32_matmul_precision()
    forget(monkeypatch)
    first = products.faster(torch.float32)
    assert first in BOTH and products.faster(torch.float32) == first
    assert products._measured.cache_info().misses == 1
    with full_precision():
        assert (torch.get_num_threads(), torch.get_float32_matmul_precision()) == before
