"""Whole numbers that count or point at rows: numpy's are as good as Python's, booleans are neither."""

from typing import Any

from traitlets import HasTraits, Int

from embwidget.arrays.options import as_number
from embwidget.widgets.wire.binary import WireError


class Index(Int[int, int]):
    """An integer trait that takes numpy integers and refuses bool and float."""

    def validate(self, obj: HasTraits, value: Any) -> int:
        """The value as a Python int."""
        number = as_number(value)
        if not isinstance(number, int):
            raise WireError(f"expected {self.name} as an integer but got {value!r}")
        return number
