"""What is there and what is missing, from the kernel to the page: ``embwidget.doctor()``."""

from embwidget.checks.checkup import Checkup
from embwidget.checks.doctor import doctor

__all__ = ["Checkup", "doctor"]
