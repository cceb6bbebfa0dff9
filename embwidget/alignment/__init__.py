"""Maps that bring one space to see what the other sees, judged on rows that were held out."""

from embwidget.alignment.align import align
from embwidget.alignment.cluster_change import ClusterChange
from embwidget.alignment.result import Alignment
from embwidget.alignment.standing import Standing
from embwidget.work.fitting import Fitting
from embwidget.work.history import History

__all__ = [
    "Alignment",
    "ClusterChange",
    "Fitting",
    "History",
    "Standing",
    "align",
]
