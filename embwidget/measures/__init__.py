"""Measures of similarity between two embeddings: pure functions that return a `Score`, and the table of them."""

from embwidget.measures.cca import cca, pwcca, svcca
from embwidget.measures.cka import cka
from embwidget.measures.cknna import cknna
from embwidget.measures.eigenspace_overlap import eigenspace_overlap
from embwidget.measures.gulp import gulp
from embwidget.measures.neighborhood import auc_ln_k, mutual_knn, nngs, r_nx
from embwidget.measures.procrustes import procrustes
from embwidget.measures.rank_similarity import rank_similarity
from embwidget.measures.record import Measure
from embwidget.measures.rsa import rsa
from embwidget.measures.second_order_cosine import second_order_cosine
from embwidget.measures.spec_diff import spec_diff
from embwidget.measures.table import LEARNED, MEASURES, known_measures
from embwidget.scores.score import Score

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
