"""One direction for each class from the texts that describe it, and the class of each image among them."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.matrix import as_matrix
from embwidget.tasks.cosine_ranks import UnitRows, check_directions
from embwidget.texts.columns import column


@dataclass(frozen=True)
class ClassTexts:
    """Classes in the order of their first text, with the mean direction of their texts and how many they have.

    ``of`` is the number of each image's class, -1 where that class has no text; ``unknown`` are those classes.
    """

    names: tuple[Hashable, ...]
    rows: Float[Tensor, "c dy"]
    prompts: Int[np.ndarray, " c"]
    of: Int[np.ndarray, " n"]
    unknown: tuple[Hashable, ...]


def class_texts(texts: Float[Tensor, "t dy"], labels: Any, classes: Any, n: int, device: torch.device) -> ClassTexts:
    """Average the texts of each class, each brought to unit length first, and look up each image's class.

    Raises:
        ValueError: not one label an image or one class a text, no image of a class with a text, texts that cancel.

    """
    wanted = _listed(labels, n, "labels", "images")
    given = list(range(len(texts))) if classes is None else _listed(classes, len(texts), "classes", "texts")
    without = [row for row, name in enumerate(given) if name is None]
    if without:
        raise ValueError(f"expected a class for each of the texts but got none for row {without[0]}")
    number = {name: i for i, name in enumerate(dict.fromkeys(given))}
    of = np.array([number.get(label, -1) for label in wanted], np.int64)
    if (of < 0).all():
        raise ValueError(
            f"expected labels to name classes that have a text but got {wanted[0]!r} and others, of {given[0]!r} and "
            f"others; pass classes=, the class of each row of texts, in the same words"
        )
    ids = torch.tensor([number[name] for name in given], device=device)
    rows = torch.zeros(len(number), texts.shape[1], dtype=torch.float64, device=device)
    unit = UnitRows(texts, device)[:]
    rows.index_add_(0, ids, unit)
    prompts = torch.bincount(ids, minlength=len(number)).cpu().numpy()
    rows /= torch.from_numpy(prompts).to(device)[:, None]
    lengths = torch.linalg.vector_norm(rows, dim=1, keepdim=True)
    small = (lengths[:, 0] < 1e-9).nonzero()[:, 0]
    names = tuple(number)
    if len(small):
        raise ValueError(f"expected the texts of a class to agree but those of {names[int(small[0])]!r} cancel out")
    unknown = tuple(dict.fromkeys(label for label in wanted if label not in number))
    return ClassTexts(names, rows / lengths, prompts, of, unknown)


def fit_goals(
    captions: Any,
    texts: ClassTexts,
    fitted: Int[np.ndarray, " f"],
    x: Float[Tensor, "n dx"],
    y: Float[Tensor, "t dy"],
    device: torch.device,
) -> Float[Tensor, "f dy"]:
    """What the fitted rows are to be taken to, of unit length: their captions, or the texts of their classes."""
    if captions is None:
        return texts.rows[torch.from_numpy(texts.of[fitted]).to(device)]
    z = as_matrix(captions, "captions")
    if z.shape != (len(x), y.shape[1]):
        raise ValueError(
            f"expected captions of shape {(len(x), y.shape[1])}, one row an image and as wide as texts, but got "
            f"{tuple(z.shape)}"
        )
    check_directions(z, "captions")
    return UnitRows(z, device)[torch.from_numpy(fitted)]


def _listed(values: Any, n: int, name: str, of: str) -> list[Hashable]:
    """The class of each row as it is, bytes as text; None where there is none."""
    listed = [
        bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | bytearray) else value
        for value in column(values, name)
    ]
    if len(listed) != n:
        raise ValueError(f"expected one of {name} for each of the {n} {of} but got {len(listed)}")
    return listed
