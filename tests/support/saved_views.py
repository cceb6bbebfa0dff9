"""Every view of few items, saved as a page: pictures, texts, long labels, groups, judged queries, a fit that ended."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import embwidget as ew

N, GROUPS = 120, 6


@cache
def given() -> dict[str, Any]:
    """What every verb takes."""
    group = np.arange(N) % GROUPS
    shade = (40 * group + 20).astype(np.uint8)
    images = np.broadcast_to(shade[:, None, None, None], (N, 8, 8, 3)).copy()
    labels = [f"a class with a rather long name {g}" for g in group]
    items = ew.Items(labels=labels, texts=[f"item number {i}, described at length" for i in range(N)], images=images)
    return {"items": items, "names": ("mine", "yours"), "progress": False}


@cache
def spaces() -> tuple[np.ndarray, np.ndarray]:
    """Groups in both, but one of them in the second alone and one in the first alone."""
    random = np.random.default_rng(0)
    group = np.arange(N) % GROUPS
    X, Y = random.normal(size=(2, N, 8))
    held = 4 * np.eye(8)[group]
    return X + held * (group != 0)[:, None], Y + held * (group != 1)[:, None]


@cache
def comparison() -> Any:
    return ew.compare(*spaces(), max_k=40, **given())


@cache
def groups() -> Any:
    return ew.spec(*spaces(), **given())


def explorer() -> Any:
    shown = ew.show(comparison())
    shown.scene.add_spectral(groups())
    return shown


def matrix() -> Any:
    X, Y = spaces()
    named = {"mine": X, "half of mine": X[:, :4], "yours": Y, "a name that is longer than most are": Y[:, :5]}
    return ew.compare_many(named, k=10, items=given()["items"], progress=False)


def audit() -> Any:
    X, Y = spaces()
    asked = ew.Items(texts=[f"question {i}, asked at length" for i in range(N)])
    how: dict[str, Any] = {"queries": (X, Y), "relevant": {i: [i] for i in range(N)}, "query_items": asked}
    return ew.audit(X, Y, k=5, max_k=12, bridges=["procrustes"], **how, **given())


def fit() -> Any:
    fitting = ew.ContraSim(max_steps=20).fit(dict(zip(("mine", "yours"), spaces(), strict=True)), live=True)
    shown = ew.show(fitting)
    shown.scene.wait()
    return shown


MAKERS: dict[str, Callable[[], Any]] = {
    "explorer": explorer,
    "k_sweep": lambda: ew.show(comparison(), "k_sweep"),
    "map_pair": lambda: ew.show(comparison(), "map_pair"),
    "gallery": groups,
    "similarity_matrix": matrix,
    "alignment_view": lambda: ew.align(*spaces(), method="ridge", k=5, **given()),
    "audit_view": audit,
    "fit_view": fit,
}


def save_view(view: str, folder: Path) -> Path:
    path: Path = ew.to_html(MAKERS[view](), folder / f"{view}.html")
    return path
