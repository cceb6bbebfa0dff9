"""Long work: its progress, its course, and a fit that runs in a thread."""

from embwidget.work.fitting import Fitting
from embwidget.work.history import Course, History
from embwidget.work.progress import Progress, part, progress_bar

__all__ = [
    "Course",
    "Fitting",
    "History",
    "Progress",
    "part",
    "progress_bar",
]
