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
        Measure(
            name="mutual_knn",
            title="neighbours kept",
            function=mutual_knn,
            of=mutual_knn_of,
            needs="neighbors",
            range=(0, 1),
            larger_is_more_similar=True,
            invariant=_ORDER,
            per_item=True,
            reference="arXiv 2405.07987",
        ),
        Measure(
            name="nngs",
            title="NNGS (Jaccard)",
            function=nngs,
            of=nngs_of,
            needs="neighbors",
            range=(0, 1),
            larger_is_more_similar=True,
            invariant=_ORDER,
            per_item=True,
            reference="arXiv 2411.08687",
        ),
        Measure(
            name="r_nx",
            title="R_NX",
            function=r_nx,
            of=r_nx_of,
            needs="neighbors",
            range=(-1, 1),
            larger_is_more_similar=True,
            invariant=_ORDER,
            per_item=True,
            reference="Lee, Peluffo-Ordóñez and Verleysen (2015)",
        ),
        Measure(
            name="auc_ln_k",
            title="AUC of R_NX over ln k",
            function=auc_ln_k,
            of=auc_ln_k_of,
            needs="neighbors",
            range=(-1, 1),
            larger_is_more_similar=True,
            invariant=_ORDER,
            per_item=True,
            reference="Lee, Peluffo-Ordóñez and Verleysen (2015)",
        ),
        Measure(
            name="rank_similarity",
            title="rank similarity",
            function=rank_similarity,
            of=rank_similarity_of,
            needs="neighbors",
            range=(0, 1),
            larger_is_more_similar=True,
            invariant=_ORDER,
            per_item=True,
            reference="arXiv 2208.07047",
        ),
        Measure(
            name="cknna",
            title="CKNNA",
            function=cknna,
            of=cknna_of,
            needs="neighbors",
            range=(-1, 1),
            larger_is_more_similar=True,
            invariant=_ORDER,
            per_item=False,
            reference="arXiv 2405.07987",
            symmetric=False,
        ),
        Measure(
            name="second_order_cosine",
            title="second-order cosine",
            function=second_order_cosine,
            of=second_order_cosine_of,
            needs="neighbors",
            range=(-1, 1),
            larger_is_more_similar=True,
            invariant=_ORDER,
            per_item=True,
            reference="arXiv 1606.02821",
        ),
        Measure(
            name="spec_diff",
            title="SPEC-diff",
            function=spec_diff,
            of=spec_diff_of,
            needs="rows",
            range=(0, 1),
            larger_is_more_similar=False,
            invariant=_SHAPE,
            per_item=False,
            reference="arXiv 2506.06231",
        ),
        Measure(
            name="cka",
            title="CKA (debiased)",
            function=cka,
            of=cka_of,
            needs="moments",
            range=(-1, 1),
            larger_is_more_similar=True,
            invariant=_SHAPE,
            per_item=True,
            reference="arXiv 1905.00414",
        ),
        Measure(
            name="procrustes",
            title="Procrustes distance (angular)",
            function=procrustes,
            of=procrustes_of,
            needs="moments",
            range=(0, math.pi / 2),
            larger_is_more_similar=False,
            invariant=_SHAPE,
            per_item=True,
            reference="arXiv 2110.14739",
        ),
        Measure(
            name="rsa",
            title="RSA (Spearman)",
            function=rsa,
            of=rsa_of,
            needs="rows",
            range=(-1, 1),
            larger_is_more_similar=True,
            invariant=_SHAPE,
            per_item=True,
            reference="Kriegeskorte et al. (2008)",
        ),
        Measure(
            name="cca",
            title="CCA (mean squared)",
            function=cca,
            of=cca_of,
            needs="moments",
            range=(0, 1),
            larger_is_more_similar=True,
            invariant=_LINEAR,
            per_item=False,
            reference="arXiv 1905.00414",
        ),
        Measure(
            name="svcca",
            title="SVCCA",
            function=svcca,
            of=svcca_of,
            needs="moments",
            range=(0, 1),
            larger_is_more_similar=True,
            invariant=_SHAPE,
            per_item=False,
            reference="arXiv 1706.05806",
        ),
        Measure(
            name="pwcca",
            title="PWCCA",
            function=pwcca,
            of=pwcca_of,
            needs="moments",
            range=(0, 1),
            larger_is_more_similar=True,
            invariant=_AXES,
            per_item=False,
            reference="arXiv 1806.05759",
            symmetric=False,
        ),
        Measure(
            name="gulp",
            title="GULP (squared distance)",
            function=gulp,
            of=gulp_of,
            needs="moments",
            range=(0, 1 / (2 * LAM)),
            larger_is_more_similar=False,
            invariant=_SHAPE,
            per_item=False,
            reference="arXiv 2210.06545",
        ),
        Measure(
            name="eigenspace_overlap",
            title="eigenspace overlap",
            function=eigenspace_overlap,
            of=eigenspace_overlap_of,
            needs="moments",
            range=(0, 1),
            larger_is_more_similar=True,
            invariant=_LINEAR,
            per_item=False,
            reference="arXiv 1909.01264",
        ),
    )
}
"""The measures by name."""

LEARNED: dict[str, Measure] = {}
"""Measures that are fitted, by name: `embwidget.contrasim`, which lies above these, enters its own."""


def known_measures() -> dict[str, Measure]:
    """All measures by name, those that are fitted among them."""
    return MEASURES | LEARNED
