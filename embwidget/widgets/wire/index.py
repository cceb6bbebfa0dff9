"""Whole numbers that count or point at rows: numpy's are as good as Python's, booleans are neither."""

import operator
from typing import Any

from traitlets import HasTraits, Int

from embwidget.widgets.wire.binary import WireError


class Index(Int[int, int]):
    """An integer trait that takes numpy integers and refuses bool and float."""

    def validate(self, obj: HasTraits, value: Any) -> int:
        """The value as a Python int."""
        try:
            if isinstance(value, bool):
                raise TypeError
            return operator.index(value)
        except TypeError:
            raise WireError(f"expected {self.name} as an integer but got {value!r}") from None
