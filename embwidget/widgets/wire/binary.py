"""The only way arrays cross to the browser and back: little-endian bytes with a dtype and a shape."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Shaped
from traitlets import HasTraits, TraitError, TraitType

DTYPES = ("<f8", "<f4", "<u4", "<u2", "|u1")


class WireError(TraitError, ValueError):
    """A value that cannot cross between Python and the browser."""


def encode(array: Shaped[np.ndarray, "..."]) -> dict[str, Any]:
    """Bytes, dtype and shape of an array, without a copy where it is contiguous.

    Example:
        >>> encode(np.array([[1, 2]], np.uint8))["dtype"], encode(np.array([[1, 2]], np.uint8))["shape"]
        ('|u1', [1, 2])
    """
    packed = np.ascontiguousarray(array)
    return {"dtype": packed.dtype.str, "shape": list(packed.shape), "data": packed.reshape(-1).view(np.uint8).data}


def decode(wire: Mapping[str, Any]) -> Shaped[np.ndarray, "..."]:
    """The array in a message, as a read-only copy that outlives it.

    Raises:
        WireError: an unknown dtype, or bytes that do not fill the shape.

    Example:
        >>> decode(encode(np.array([3, 5], "<u4"))).tolist()
        [3, 5]
    """
    if not {"dtype", "shape", "data"} <= set(wire):
        raise WireError(f"expected an array as its dtype, shape and data but got {', '.join(map(str, wire)) or 'none'}")
    dtype, shape, data = wire["dtype"], [int(side) for side in wire["shape"]], bytes(wire["data"])
    if dtype not in DTYPES:
        raise WireError(f"expected an array of dtype {', '.join(DTYPES)} but got {dtype!r}")
    if any(side < 0 for side in shape):
        raise WireError(f"expected a shape of no negative sides but got {shape}")
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if len(data) != size:
        raise WireError(f"expected {size} bytes for shape {shape} of {dtype} but got {len(data)}")
    return np.frombuffer(data, dtype).reshape(shape)


class Array(TraitType[Any, Any]):
    """A numpy array that the browser sees as bytes; `stored` is the dtype in Python, `wire` the one that crosses.

    Args:
        wire: the dtype, or several of which the smallest that the value has is kept.
        ndim: number of axes.
        stored: dtype of the array in Python when it differs (row numbers cross as ``<u4`` and are int64 here).
    """

    info_text = "a numpy array"

    def __init__(self, *wire: str, ndim: int, stored: str | None = None) -> None:
        self.wire, self.ndim, self.stored = wire, ndim, stored
        super().__init__(np.zeros((0,) * ndim, stored or wire[0]))
        self.tag(sync=True, to_json=self._to_json, from_json=self._from_json)

    def validate(self, obj: HasTraits | None, value: Any) -> Shaped[np.ndarray, "..."]:
        """A read-only copy in the stored dtype; row numbers must be whole and not negative."""
        array = np.asarray(value)
        if array.ndim != self.ndim:
            raise WireError(f"expected {self.name} with {self.ndim} axes but got shape {array.shape}")
        if self.stored and array.size and array.dtype.kind not in "iu":
            raise WireError(f"expected {self.name} as row numbers (integers) but got dtype {array.dtype}")
        if self.stored and array.size and int(array.min()) < 0:
            raise WireError(f"expected {self.name} as row numbers from 0 but got {int(array.min())}")
        dtype = self.stored or (array.dtype.str if array.dtype.str in self.wire else self.wire[0])
        kept = array.astype(dtype)
        kept.flags.writeable = False
        return kept

    def set(self, obj: HasTraits, value: Any) -> None:
        """Compares whole arrays, so that an equal one is no change."""
        name = str(self.name)
        new = np.asarray(self._validate(obj, value))
        old = np.asarray(obj._trait_values.get(name, self.default_value))
        obj._trait_values[name] = new
        if not np.array_equal(old, new):
            obj._notify_trait(name, old, new)

    def _to_json(self, value: Shaped[np.ndarray, "..."], _: Any) -> dict[str, Any]:
        return encode(value.astype(self.wire[0]) if self.stored else value)

    def _from_json(self, value: Any, _: Any) -> Any:
        return decode(value) if isinstance(value, Mapping) else value
