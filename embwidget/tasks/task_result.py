"""What the results of tasks have in common: rows of a table, and parameters that are told one by one."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, final

import numpy as np

from embwidget.results.card import Column
from embwidget.results.record import to_record
from embwidget.results.result import Result
from embwidget.results.words import listed, shown

Rows = tuple[dict[str, Any], ...]


class TaskResult(Result):
    """A result that is a table of plain rows, the first column of which says what a row is of."""

    params: dict[str, Any]

    @property
    @abstractmethod
    def _rows(self) -> Rows:
        """The table."""

    @final
    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return listed(self.params)

    @final
    def to_frame(self) -> Any:
        """The table as a pandas DataFrame, by its first column."""
        import pandas as pd

        return pd.DataFrame(list(self._rows)).set_index(next(iter(self._rows[0])))

    @final
    def _columns(self) -> Iterable[Column]:
        for name in self._rows[0]:
            values = [row[name] for row in self._rows]
            text = any(isinstance(one, str) for one in values)
            yield Column(title=name.replace("_", " "), cells=map(_cell, values), kind="text" if text else "number")

    @final
    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return to_record(self)


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return shown(value) if value is None or isinstance(value, float) else str(value)
