"""Arrays of features from the files in which they are exchanged, by their own headers: nothing is unpickled."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from embwidget.arrays.options import check_whole
from embwidget.arrays.packed import PackedArrays, TooLargeError
from embwidget.arrays.reading.tensor_file import NoTensorError, from_bfloat16, mapped_tensor, tensor_layouts

_SUFFIXES = (".npy", ".npz", ".safetensors")
_LEAST_MOST, _MOST_TIMES = 1 << 30, 4


def read_features(path: str | os.PathLike[str], name: str | None = None, *, max_bytes: Any = None) -> np.ndarray:
    """Read an array of features (CLIP's, say) or of labels from a ``.npy``, ``.npz`` or ``.safetensors`` file.

    Arrays of ``.npy`` and ``.safetensors`` are mapped, not read: what is never used stays on disk. bfloat16, which
    numpy has not, becomes float32. Pickled values are refused.

    Args:
        path: the file.
        name: which array of the file; needed where it holds more than one two-dimensional array.
        max_bytes: what an array of an ``.npz`` may unpack to; by default 1 GiB, or four times the size of the file
            where that is more. Numbers hardly shrink; what unpacks to more is mostly zeros, or made to fill memory.

    Returns:
        The array, in the type and shape of the file.

    Raises:
        OSError: there is no such file.
        ValueError: another kind of file, pickled or damaged contents, no array of that name, several to choose from,
            or one that would unpack to more than ``max_bytes``.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp(), "features.npz")
        >>> np.savez(file, image_features=np.ones((4, 2), np.float32), labels=np.arange(4))
        >>> read_features(file).shape, read_features(file, "labels").tolist()
        ((4, 2), [0, 1, 2, 3])

    """
    file = Path(path)
    if file.suffix not in _SUFFIXES:
        raise ValueError(
            f"expected a file ending in {', '.join(_SUFFIXES)} but got {file.name!r}; save the array with numpy.save"
        )
    if max_bytes is not None:
        max_bytes = check_whole("max_bytes", max_bytes, 1)
    with file.open("rb") as raw:
        try:
            if file.suffix == ".npy":
                return _only(np.load(file, mmap_mode="r", allow_pickle=False), name, file.name)
            return _member(raw, file, name, max_bytes) if file.suffix == ".npz" else _tensor(file, name)
        except MemoryError:
            raise
        except TooLargeError as error:
            raise ValueError(
                f"expected an array in {file.name} of at most {error.most_bytes:,} bytes but got {error.name!r}, which "
                f"unpacks to {error.size:,}; if you trust the file, pass max_bytes={error.size}"
            ) from error
        except Exception as error:
            # A damaged file can raise anything.
            raise _told(error, file.name) from error


def _told(error: Exception, file: str) -> ValueError:
    if isinstance(error, _NotThereError | NoTensorError):
        return ValueError(str(error))
    if "pickle" in str(error).lower() or "Python objects" in str(error):
        return ValueError(
            f"expected plain arrays in {file} but got pickled values, which could run code; save numbers only"
        )
    return ValueError(f"expected arrays in {file} but got a damaged file ({type(error).__name__}: {error})")


class _NotThereError(ValueError):
    """A whole file, but without what was asked for."""


def _member(raw: IO[bytes], file: Path, name: str | None, max_bytes: int | None) -> np.ndarray:
    most = max(_LEAST_MOST, _MOST_TIMES * os.fstat(raw.fileno()).st_size)
    archive = PackedArrays(raw, most if max_bytes is None else max_bytes)
    return archive.read(_chosen({one: archive.layout(one).shape for one in archive.names}, name, file.name))


def _only(array: np.ndarray, name: str | None, file: str) -> np.ndarray:
    if name is not None:
        raise _NotThereError(f"expected no name for {file}, which holds one array, but got {name!r}; leave it out")
    return array


def _chosen(shapes: dict[str, Sequence[int]], name: str | None, file: str) -> str:
    listed = ", ".join(f"{key!r} {tuple(shape)}" for key, shape in list(shapes.items())[:10])
    if name is not None:
        if name not in shapes:
            raise _NotThereError(
                f"expected the name of an array in {file} but got {name!r}; it holds {listed or 'none'}"
            )
        return name
    matrices = [key for key, shape in shapes.items() if len(shape) == 2]
    if len(matrices) != 1:
        raise _NotThereError(
            f"expected one two-dimensional array in {file} but got {len(matrices)}: {listed or 'none'}; pass name="
        )
    return matrices[0]


def _tensor(file: Path, name: str | None) -> np.ndarray:
    layouts = tensor_layouts(file)
    key = _chosen({key: one.shape for key, one in layouts.items()}, name, file.name)
    found = mapped_tensor(file, key, layouts[key])
    return from_bfloat16(found) if layouts[key].dtype == "BF16" else found
