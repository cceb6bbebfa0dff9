"""What a scene of a comparison has beside single items: named selections, and the classes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from traitlets import Bool, validate

from embwidget.comparison.result import Comparison
from embwidget.widgets.scenes.item_scene import ItemScene
from embwidget.widgets.state.classes import class_state
from embwidget.widgets.state.selected_frame import selected_frame
from embwidget.widgets.wire.binary import Array, WireError
from embwidget.widgets.wire.named_rows import NamedRows


class SelectingScene(ItemScene):
    """A scene in which selections can be named."""

    _from_page = ItemScene._from_page | {"selections"}
    _comparison: Comparison | None = None

    selections = NamedRows()
    class_interval = Array("<f4", ndim=3)
    p_by_count = Bool(True).tag(sync=True)

    def selected_frame(self) -> Any:
        """The selected items as a pandas DataFrame, one row each, in the order in which they are selected.

        Columns: ``row``, then what there is of ``id``, ``label`` and ``text``; of a comparison, at the cursor k,
        ``kept@k`` (neighbours in both lists), ``agreement`` (chance-adjusted similarity averaged over ln k; 0 is
        chance, 1 the same neighbours) and ``p@k`` (exact; small means agreement); and ``in NAME``, a bool, for each
        of the named `selections`.

        Example:
            >>> import embwidget as ew, numpy as np
            >>> X = np.random.default_rng(0).normal(size=(20, 4))
            >>> explorer = ew.show(ew.compare(X, X, k=5, measures=[], progress=False))
            >>> explorer.selected, explorer.selections["odd"] = [3, 4], [1, 3, 5]
            >>> explorer.selected_frame()[["row", "kept@5", "in odd"]].values.tolist()
            [[3, 5, True], [4, 5, False]]
        """
        return selected_frame(self.selected, self._items, self._comparison, self.k, self.selections)

    @validate("selections")
    def _named_rows_exist(self, proposal: Mapping[str, Any]) -> Any:
        found: dict[str, np.ndarray] = proposal["value"]
        for name, rows in found.items():
            if int(rows.max()) >= self.n:
                raise WireError(f"expected {name!r} as rows from 0 to {self.n - 1} but got {int(rows.max())}")
        return found

    def _hear(self, message: Mapping[str, Any]) -> None:
        """The page asks for the intervals of very many items' classes."""
        if message.get("type") == "class_interval" and self._comparison is not None:
            self.class_interval = class_state(self._comparison, self._sizes, wanted=True)["class_interval"]
        else:
            super()._hear(message)
