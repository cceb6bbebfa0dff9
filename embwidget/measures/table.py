"""The table of measures: what each is, and what it does not see."""

import math

from embwidget.measures.cca import cca, cca_of, pwcca, pwcca_of, svcca, svcca_of
from embwidget.measures.cka import cka, cka_of
from embwidget.measures.cknna import cknna, cknna_of
from embwidget.measures.eigenspace_overlap import eigenspace_overlap, eigenspace_overlap_of
from embwidget.measures.gulp import LAM, gulp, gulp_of
from embwidget.measures.neighborhood import (
    auc_ln_k,
    auc_ln_k_of,
    mutual_knn,
    mutual_knn_of,
    nngs,
    nngs_of,
    r_nx,
    r_nx_of,
)
from embwidget.measures.procrustes import procrustes, procrustes_of
from embwidget.measures.rank_similarity import rank_similarity, rank_similarity_of
from embwidget.measures.record import Measure
from embwidget.measures.rsa import rsa, rsa_of
from embwidget.measures.second_order_cosine import second_order_cosine, second_order_cosine_of
from embwidget.measures.spec_diff import spec_diff, spec_diff_of

_ORDER = ("row order", "rotation", "scale")
_SHAPE = (*_ORDER, "translation")
_LINEAR = (*_SHAPE, "linear map")
_AXES = ("row order", "scale", "translation")

MEASURES: dict[str, Measure] = {
    record.name: record
    for record in (
        Measure("nngs", "NNGS (Jaccard)", nngs, nngs_of, "neighbors", (0, 1), True, _ORDER, True, "arXiv 2411.08687"),
        Measure(
            "mutual_knn",
            "mutual kNN",
            mutual_knn,
            mutual_knn_of,
            "neighbors",
            (0, 1),
            True,
            _ORDER,
            True,
            "arXiv 2405.07987",
        ),
        Measure(
            "r_nx",
            "R_NX",
            r_nx,
            r_nx_of,
            "neighbors",
            (-1, 1),
            True,
            _ORDER,
            True,
            "Lee, Peluffo-Ordóñez and Verleysen (2015)",
        ),
        Measure(
            "auc_ln_k",
            "AUC of R_NX over ln k",
            auc_ln_k,
            auc_ln_k_of,
            "neighbors",
            (-1, 1),
            True,
            _ORDER,
            True,
            "Lee, Peluffo-Ordóñez and Verleysen (2015)",
        ),
        Measure(
            "rank_similarity",
            "rank similarity",
            rank_similarity,
            rank_similarity_of,
            "neighbors",
            (0, 1),
            True,
            _ORDER,
            True,
            "arXiv 2208.07047",
        ),
        Measure(
            "cknna", "CKNNA", cknna, cknna_of, "neighbors", (-1, 1), True, _ORDER, False, "arXiv 2405.07987", False
        ),
        Measure(
            "second_order_cosine",
            "second-order cosine",
            second_order_cosine,
            second_order_cosine_of,
            "neighbors",
            (-1, 1),
            True,
            _ORDER,
            True,
            "arXiv 1606.02821",
        ),
        Measure(
            "spec_diff", "SPEC-diff", spec_diff, spec_diff_of, "rows", (0, 1), False, _SHAPE, False, "arXiv 2506.06231"
        ),
        Measure("cka", "CKA (debiased)", cka, cka_of, "moments", (-1, 1), True, _SHAPE, True, "arXiv 1905.00414"),
        Measure(
            "procrustes",
            "Procrustes distance (angular)",
            procrustes,
            procrustes_of,
            "moments",
            (0, math.pi / 2),
            False,
            _SHAPE,
            True,
            "arXiv 2110.14739",
        ),
        Measure(
            "rsa", "RSA (Spearman)", rsa, rsa_of, "rows", (-1, 1), True, _SHAPE, True, "Kriegeskorte et al. (2008)"
        ),
        Measure("cca", "CCA (mean squared)", cca, cca_of, "moments", (0, 1), True, _LINEAR, False, "arXiv 1905.00414"),
        Measure("svcca", "SVCCA", svcca, svcca_of, "moments", (0, 1), True, _SHAPE, False, "arXiv 1706.05806"),
        Measure("pwcca", "PWCCA", pwcca, pwcca_of, "moments", (0, 1), True, _AXES, False, "arXiv 1806.05759", False),
        Measure(
            "gulp",
            "GULP (squared distance)",
            gulp,
            gulp_of,
            "moments",
            (0, 1 / (2 * LAM)),
            False,
            _SHAPE,
            False,
            "arXiv 2210.06545",
        ),
        Measure(
            "eigenspace_overlap",
            "eigenspace overlap",
            eigenspace_overlap,
            eigenspace_overlap_of,
            "moments",
            (0, 1),
            True,
            _LINEAR,
            False,
            "arXiv 1909.01264",
        ),
    )
}
"""The measures by name."""

LEARNED: dict[str, Measure] = {}
"""Measures that are fitted, by name: `embwidget.contrasim`, which lies above these, enters its own."""


def known_measures() -> dict[str, Measure]:
    """All measures by name, those that are fitted among them."""
    return MEASURES | LEARNED
