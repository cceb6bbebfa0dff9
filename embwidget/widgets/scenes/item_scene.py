"""What scenes of items share: what the rows are, their pictures, and which of them are hovered and selected."""

import math
import secrets
from collections.abc import Mapping
from typing import Any

import numpy as np
from ipywidgets import jslink
from traitlets import Dict, List, Unicode, validate

from embwidget.items.items import Items
from embwidget.widgets.wire import thumbnails as _thumbnails
from embwidget.widgets.wire.binary import Array, WireError
from embwidget.widgets.wire.carrier import Carrier
from embwidget.widgets.wire.index import Index


class ItemScene(Carrier):
    """A carrier of n items; scenes of the same items can follow each other."""

    _from_page = frozenset({"k", "selected", "hovered"})

    n = Index(0).tag(sync=True)
    k_max = Index(1).tag(sync=True)
    names = List(Unicode(), ["X", "Y"]).tag(sync=True)
    sentence = Unicode("").tag(sync=True)
    provenance = Unicode("").tag(sync=True)
    notes = List(Unicode()).tag(sync=True)
    label_names = List(Unicode()).tag(sync=True)
    label_codes = Array("<u2", ndim=1)
    texts = List(Unicode()).tag(sync=True)
    tiles = Dict().tag(sync=True)
    k = Index(1).tag(sync=True)
    hovered = Index(-1).tag(sync=True)
    selected = Array("<u4", ndim=1, stored="<i8")
    channel = Unicode("").tag(sync=True)
    shares = List(Dict()).tag(sync=True)

    def __init__(self, *, items: Items | None = None, **state: Any) -> None:
        self._items = Items() if items is None else items
        self._links: list[Any] = []
        # Where each output is a frame of its own, by this its frames find each other, and nobody else does.
        super().__init__(**{"channel": secrets.token_hex(16)} | state)

    @property
    def curved(self) -> bool:
        """Whether there are curves over k, so that k can be shared."""
        raise NotImplementedError

    def follow(self, other: "ItemScene") -> None:
        """Share k, selected and hovered with the scene of another result of the same items, in the browser.

        Where one of them has no curves, or their curves are of different sizes k, k is not shared.

        Raises:
            ValueError: the scenes have different numbers of items.
        """
        if self.n != other.n:
            raise ValueError(f"expected a scene of n = {self.n} items but got n = {other.n}; compare the same items")
        curves = self.curved and other.curved and (self.k_max, self._sizes) == (other.k_max, other._sizes)
        names = ["k", "selected", "hovered"] if curves else ["selected", "hovered"]
        for name in names:
            setattr(self, name, getattr(other, name))
            if self.comm is not None and other.comm is not None:
                self._linked(other, name)
        if self.comm is not None and other.comm is not None and self is not other:
            # Where a host has no links of its own, or each view is in a frame.
            share = {"channel": secrets.token_hex(16), "traits": names}
            for scene in (self, other):
                scene.shares = [*scene.shares, share]

    def close(self) -> None:
        """Close it, and its links to other scenes."""
        if self.comm is not None:
            super().close()
            for link in [*self._links]:
                link.close()
                for scene in (link.source[0], link.target[0]):
                    scene._links.remove(link)
                    if scene is not self:
                        scene.shares = [one for one in scene.shares if one not in self.shares]
            self.shares = []

    def _linked(self, other: "ItemScene", name: str) -> None:
        # A link holds both scenes, and is open until one of them is closed.
        link = jslink((other, name), (self, name))
        for scene in {self, other}:
            scene._links.append(link)

    @validate("k")
    def _k_in_range(self, proposal: Mapping[str, Any]) -> int:
        k: int = proposal["value"]
        if not 1 <= k <= self.k_max:
            raise WireError(f"expected k from 1 to {self.k_max} but got {k}")
        return min(self._sizes, key=lambda size: abs(math.log(size / k)), default=k)

    @property
    def _sizes(self) -> list[int]:
        """The sizes k that the cursor goes to; of very many items the page has not all, else none are named."""
        return []

    @validate("hovered")
    def _row_or_none(self, proposal: Mapping[str, Any]) -> int:
        row: int = proposal["value"]
        if not -1 <= row < self.n:
            raise WireError(f"expected hovered as a row from 0 to {self.n - 1}, or -1 for none, but got {row}")
        return row

    @validate("selected")
    def _rows_exist(self, proposal: Mapping[str, Any]) -> Any:
        rows: np.ndarray = proposal["value"]
        if rows.size and int(rows.max()) >= self.n:
            raise WireError(f"expected selected as rows from 0 to {self.n - 1} but got {int(rows.max())}")
        return rows

    def _hear(self, message: Mapping[str, Any]) -> None:
        if message.get("type") == "tiles":
            rows = _thumbnails.asked_rows(self._items, self.n, message["rows"])
            self._send_tiles(rows, _thumbnails.asked_size(message.get("size", _thumbnails.SIZE)))
        elif message.get("type") == "picture":
            file = _thumbnails.whole(self._items, self.n, message["row"])
            self.send({"type": "picture", "row": message["row"], "mime": "image/png"}, [file])

    def _send_tiles(self, rows: list[int], size: int = _thumbnails.SIZE) -> None:
        file, mime, problem = _thumbnails.sheet(self._items, self.n, rows, size)
        large = {} if size == _thumbnails.SIZE else {"size": size}
        self.send({"type": "tiles", "rows": rows, **large, "mime": mime}, [file])
        if problem:
            self.error = problem
