"""Arrays of pixels: which are pictures, and the code that makes pictures of others."""

from typing import Any

import numpy as np

_CHANNELS = (1, 3, 4)


def checked_pixels(images: Any, name: str) -> np.ndarray:
    """Pictures ``(n, h, w[, c])``, or one ``(h, w[, c])`` where the name is "image", of type uint8.

    Raises:
        TypeError, ValueError: another type or shape; the message ends in code that converts what is called ``name``.

    """
    array, code = _as_array(images, name)
    axes = "h, w" if name == "image" else "n, h, w"
    grey = axes.count(",") + 1
    if array.ndim not in (grey, grey + 1):
        remedy = "; a single one is images[None]" if array.ndim == grey - 1 else ""
        raise ValueError(f"expected {name} of shape ({axes}), ({axes}, 3) or ({axes}, 4) but got {array.shape}{remedy}")
    first = array.ndim > grey and array.shape[-1] not in _CHANNELS
    turned = first and array.shape[-3] in _CHANNELS
    if turned:
        code += ".transpose(1, 2, 0)" if grey == 2 else ".transpose(0, 2, 3, 1)"
    if array.dtype != np.uint8:
        raise TypeError(
            f"expected images of type uint8, 0 to 255, but got {array.dtype}; convert: {to_uint8(array, code)}"
        )
    if first:
        remedy = f"; put the channels last: {code}" if turned else ""
        raise ValueError(f"expected 1, 3 or 4 channels in the last place but got shape {array.shape}{remedy}")
    return array


def is_numeric(images: Any) -> bool:
    """Whether this is an array or a tensor of numbers, or of true and false."""
    if hasattr(images, "detach"):
        return True
    return hasattr(images, "__array__") and np.asarray(images).dtype.kind in "biufc"


def _as_array(images: Any, name: str) -> tuple[np.ndarray, str]:
    """The array, and the code that makes it of what is called ``name``."""
    if not hasattr(images, "detach"):
        array = np.asarray(images)
        return array, name if isinstance(images, np.ndarray) else f"np.asarray({name})"
    code, tensor = f"{name}.detach().cpu()", images.detach().cpu()
    if tensor.is_floating_point():
        tensor, code = tensor.float(), f"{code}.float()"
    return tensor.numpy(), f"{code}.numpy()"


def to_uint8(array: np.ndarray, code: str) -> str:
    """Code whose value is these pixels in 0 … 255, dark as dark."""
    if array.dtype.kind == "b":
        return f"{code}.astype('uint8') * 255"
    if array.dtype.kind == "c":
        array, code = abs(array), f"abs({code})"
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        array, code = np.nan_to_num(array, posinf=0, neginf=0), f"np.nan_to_num({code}, posinf=0, neginf=0)"
    low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    if array.dtype.kind == "f" and low >= 0 and high <= 1:
        return f"({code} * 255).round().astype('uint8')"
    if low >= 0 and high <= 255:
        return f"{code}.astype('uint8')"
    return f"np.interp({code}, ({low:.9g}, {high:.9g}), (0, 255)).astype('uint8')"
