"""What a space is good for: analogies, classes, retrieval, and questions for measures that have an answer."""

from embwidget.tasks.accuracies import AnalogyAccuracy, RetrievalAccuracy, ZeroShotAccuracy
from embwidget.tasks.benchmark_result import BenchmarkResult
from embwidget.tasks.example_retrieval import example_retrieval
from embwidget.tasks.layer_prediction import layer_prediction
from embwidget.tasks.rank_correlation import RankCorrelation, rank_correlation
from embwidget.tasks.set_retrieval import set_retrieval
from embwidget.tasks.tasks import analogy_accuracy, retrieval_accuracy, zero_shot_accuracy

__all__ = [
    "AnalogyAccuracy",
    "BenchmarkResult",
    "RankCorrelation",
    "RetrievalAccuracy",
    "ZeroShotAccuracy",
    "analogy_accuracy",
    "example_retrieval",
    "layer_prediction",
    "rank_correlation",
    "retrieval_accuracy",
    "set_retrieval",
    "zero_shot_accuracy",
]
