"""Measures of similarity between two embeddings: pure functions that return a `Score`, and the table of them."""

import math

from embwidget.measures._measure import Measure as Measure
from embwidget.measures._score import Score as Score
from embwidget.measures.cca import cca as cca
from embwidget.measures.cca import cca_of, pwcca_of, svcca_of
from embwidget.measures.cca import pwcca as pwcca
from embwidget.measures.cca import svcca as svcca
from embwidget.measures.cka import cka as cka
from embwidget.measures.cka import cka_of
from embwidget.measures.cknna import cknna as cknna
from embwidget.measures.cknna import cknna_of
from embwidget.measures.eigenspace_overlap import eigenspace_overlap as eigenspace_overlap
from embwidget.measures.eigenspace_overlap import eigenspace_overlap_of
from embwidget.measures.gulp import LAM, gulp_of
from embwidget.measures.gulp import gulp as gulp
from embwidget.measures.neighborhood import auc_ln_k as auc_ln_k
from embwidget.measures.neighborhood import auc_ln_k_of, mutual_knn_of, nngs_of, r_nx_of
from embwidget.measures.neighborhood import mutual_knn as mutual_knn
from embwidget.measures.neighborhood import nngs as nngs
from embwidget.measures.neighborhood import r_nx as r_nx
from embwidget.measures.procrustes import procrustes as procrustes
from embwidget.measures.procrustes import procrustes_of
from embwidget.measures.rank_similarity import rank_similarity as rank_similarity
from embwidget.measures.rank_similarity import rank_similarity_of
from embwidget.measures.rsa import rsa as rsa
from embwidget.measures.rsa import rsa_of
from embwidget.measures.second_order_cosine import second_order_cosine as second_order_cosine
from embwidget.measures.second_order_cosine import second_order_cosine_of
from embwidget.measures.spec_diff import spec_diff as spec_diff
from embwidget.measures.spec_diff import spec_diff_of

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


__all__ = [
    "LEARNED",
    "MEASURES",
    "Measure",
    "Score",
    "auc_ln_k",
    "cca",
    "cka",
    "cknna",
    "eigenspace_overlap",
    "gulp",
    "known_measures",
    "mutual_knn",
    "nngs",
    "procrustes",
    "pwcca",
    "r_nx",
    "rank_similarity",
    "rsa",
    "second_order_cosine",
    "spec_diff",
    "svcca",
]
