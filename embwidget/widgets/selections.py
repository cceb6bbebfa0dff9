"""The named selections of a scene, as a mapping that can be written."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import numpy as np
from jaxtyping import Int

from embwidget.widgets.scenes.selecting_scene import SelectingScene


class Selections(MutableMapping[str, Int[np.ndarray, " m"]]):
    """Names and row numbers (int64, ascending); what is put in, changed or deleted here is so in all views at once.

    Rows are row numbers, or a mask over all rows.

    Raises:
        ValueError: rows that do not exist, no rows, a name of no or more than 80 letters, more than 20 of them.
        KeyError: no selection of that name.

    Example:
        >>> import embwidget as ew, numpy as np
        >>> X = np.random.default_rng(0).normal(size=(20, 4))
        >>> explorer = ew.show(ew.compare(X, X, k=5, measures=[], progress=False))
        >>> explorer.selections["odd"] = [3, 1, 5]
        >>> explorer.selections
        Selections(odd: 3 rows)
        >>> explorer.selections["odd"].tolist()
        [1, 3, 5]
    """

    def __init__(self, scene: SelectingScene) -> None:
        self._scene = scene

    def __getitem__(self, name: str) -> Int[np.ndarray, " m"]:
        rows: np.ndarray = self._scene.selections[name]
        return rows

    def __setitem__(self, name: Any, rows: Any) -> None:
        self._scene.selections = {**self._scene.selections, name: rows}

    def __delitem__(self, name: str) -> None:
        kept = dict(self._scene.selections)
        del kept[name]
        self._scene.selections = kept

    def __iter__(self) -> Iterator[str]:
        return iter([*self._scene.selections])

    def __len__(self) -> int:
        return len(self._scene.selections)

    def __repr__(self) -> str:
        told = ", ".join(f"{name}: {len(rows)} row{'s' * (len(rows) > 1)}" for name, rows in self.items())
        return f"Selections({told})"
