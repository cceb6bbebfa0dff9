"""One small comparison with everything an item can have, markup included."""

import numpy as np
import pytest

import embwidget as ew

N, K = 150, 20
LABELS = ["cats", "<b>dogs</b>", ""]
TEXTS = [f"<script>item {i}</script>" for i in range(N)]


@pytest.fixture(scope="session")
def comparison() -> ew.Comparison:
    random = np.random.default_rng(0)
    x = random.normal(size=(N, 8)).astype(np.float32)
    y = x + random.normal(size=x.shape).astype(np.float32)
    images = random.integers(0, 256, size=(N, 8, 8, 3), dtype=np.uint8)
    items = ew.Items(labels=[LABELS[i % 3] for i in range(N)], images=images, texts=TEXTS)
    return ew.compare(x, y, k=5, max_k=K, items=items, names=("before", "after"), progress=False)


@pytest.fixture
def scene(comparison: ew.Comparison) -> "ew.widgets.Scene":
    return ew.widgets.Scene.from_comparison(comparison)


@pytest.fixture(scope="session")
def spectral(comparison: ew.Comparison) -> ew.SpectralComparison:
    """The same items in five groups: the first is a group in one space only, the last in the other only."""
    random = np.random.default_rng(1)
    group = np.repeat(np.arange(5), N // 5)
    x, y = random.normal(size=(2, N, 12))
    x += 5 * np.eye(12)[group] * (group != 4)[:, None]
    y += 5 * np.eye(12)[group] * (group != 0)[:, None]
    items = ew.Items(labels=["planted" if g == 0 else "other" for g in group], images=comparison.items.images)
    return ew.spec(x, y, kernel="cosine", n_components=4, items=items, names=("before", "after"), progress=False)


@pytest.fixture(scope="session")
def alignment() -> ew.Alignment:
    """One group that only the target has, markup in its label; 120 items, half of them held out."""
    random, n = np.random.default_rng(0), 120
    group = np.arange(n) % 4
    x, y = random.normal(size=(2, n, 8))
    y += 5 * np.eye(8)[group]
    x += 5 * np.eye(8)[group] * (group != 0)[:, None]
    items = ew.Items(labels=["<b>planted</b>" if g == 0 else "other" for g in group], texts=[f"t{i}" for i in range(n)])
    return ew.align(x, y, method="ridge", k=5, max_k=20, items=items, names=("before", "Y"), progress=False)
