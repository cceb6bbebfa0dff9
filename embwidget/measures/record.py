"""What is known of a measure: the record that tests check and tables show."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from embwidget.results.terms import SEES
from embwidget.scores.score import Score

Needs = Literal["neighbors", "moments", "rows", "fit"]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure's function and properties.

    ``of`` computes it from what ``needs`` names, already prepared; ``"fit"``: from the pair itself, by fitting on some
    of the rows what is scored on others. ``range`` is that of the value; ``invariant`` lists
    the changes of either space that leave it as it is, whatever the metric. Unless ``symmetric``, X and Y play
    different parts. ``of_many`` computes it of all pairs of many spaces by one fit in ``folds`` folds, where that is
    another thing than pair by pair; each fit then needs ``least_rows`` rows.
    """

    name: str
    title: str
    function: Callable[..., Score]
    of: Callable[..., Score]
    needs: Needs
    range: tuple[float, float]
    larger_is_more_similar: bool
    invariant: tuple[str, ...]
    per_item: bool
    reference: str
    symmetric: bool = True
    of_many: Callable[..., Any] | None = None
    least_rows: int = 0

    @property
    def sees(self) -> str:
        """What it sees and what it doesn't, in one line; empty for a measure of a caller's."""
        return SEES.get(self.name, "")


def look_up(table: dict[str, Measure], name: Any) -> Measure:
    """The record of that name.

    Raises:
        ValueError: no such measure; the message names the nearest.

    """
    if isinstance(name, str) and name in table:
        return table[name]
    near = difflib.get_close_matches(str(name), table, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "one of " + ", ".join(sorted(table))
    raise ValueError(f"expected the name of a measure or a function of (X, Y) but got {name!r}; {hint}")
