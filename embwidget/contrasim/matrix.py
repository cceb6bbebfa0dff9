"""A learned measure between every two of many spaces, as the matrix that other measures give."""

from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Int
from torch import Tensor

from embwidget.comparison.compare_many import compare_many
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.contrasim.chance import paired_products
from embwidget.contrasim.result import learned_similarity
from embwidget.results.fingerprint import fingerprint
from embwidget.scores.score import Score


def learned_matrix(
    measure: str,
    title: str,
    spaces: dict[str, Tensor],
    codes: dict[str, Tensor],
    *,
    folds: Int[np.ndarray, " n"] | None = None,
    groups: Int[np.ndarray, " n"] | None = None,
    n_fit: int,
    params: dict[str, Any],
    warnings: tuple[str, ...],
) -> ComparisonMatrix:
    """The matrix of mean cosines of paired encodings beside their chance, from the encodings of each space."""

    def score(f: Tensor, g: Tensor) -> Score:
        return learned_similarity(measure, title, paired_products(f, g, folds, groups), n_fit, {}, ()).as_score()

    found = compare_many(codes, measure=score, progress=False)
    return replace(
        found,
        measure=measure,
        title=title,
        symmetric=True,
        params={**found.params, **params, "measure": measure, "n_fit": n_fit, "fingerprint": fingerprint(spaces)},
        warnings=(*warnings, *found.warnings),
        spaces=spaces,
    )
