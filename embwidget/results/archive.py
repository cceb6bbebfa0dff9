"""Results on disk: one ``.npz`` of plain arrays with a JSON header; nothing is ever unpickled."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import numpy as np

from embwidget.arrays.packed import Layout, PackedArrays
from embwidget.results.whole_file import whole_file

_HEADER, _SEAL = "header.json", "header.sha256"
_MEMBERS = "members"
FORMAT = 2
"""Since 2, a header says of each member its type, its shape and a checksum, and has a checksum of its own."""

_LEAST_MOST, _MOST_TIMES = 1 << 30, 100
"""What a file may unpack to: 1 GiB, or a hundred times its own size."""

_REASON_LENGTH = 300

T = TypeVar("T")


def write_archive(
    path: str | os.PathLike[str], kind: str, header: dict[str, Any], arrays: dict[str, np.ndarray]
) -> None:
    """Write arrays and a JSON-ready header; the file appears whole or not at all."""
    packed = {_entry(name): np.asarray(one) for name, one in arrays.items()}
    members = {name: _described(one) for name, one in packed.items()}
    text = json.dumps({"kind": kind, "format": FORMAT, _MEMBERS: members, **header}, default=_plain).encode()
    own = {_HEADER: np.frombuffer(text, np.uint8), _SEAL: np.frombuffer(hashlib.sha256(text).digest(), np.uint8)}
    with whole_file(path) as partial, partial.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **own, **packed)


def read_archive(
    path: str | os.PathLike[str], kind: str, build: Callable[[dict[str, Any], dict[str, np.ndarray]], T]
) -> T:
    """What ``build`` makes of the header and the arrays that `write_archive` wrote.

    A file of format 1, which has no checksums, is read as well; what it holds is then checked by ``build`` alone.

    Raises:
        OSError: there is no such file, or it cannot be opened.
        ValueError: whatever else is wrong with it: another kind of file, of another class or of a newer version,
            damaged, changed, or cut.

    """
    with Path(path).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        try:
            found = PackedArrays(file, max(_LEAST_MOST, _MOST_TIMES * size))
            return build(*_opened(found, kind))
        except Exception as error:
            # Damage can raise anything, in `zipfile`, in NumPy, in JSON, or later in what is made of it.
            raise ValueError(
                f"expected a file written by embwidget's {kind}.save but got {Path(path).name!r}: {_reason(error)}"
            ) from error


def read_kind(path: str | os.PathLike[str]) -> str:
    """The name of the class whose ``save`` wrote the file, by its header alone.

    Raises:
        OSError: there is no such file, or it cannot be opened.
        ValueError: the file is none that a result wrote.

    """
    with Path(path).open("rb") as file:
        try:
            found = PackedArrays(file, max(_LEAST_MOST, _MOST_TIMES * os.fstat(file.fileno()).st_size))
            return str(_header(found)[0]["kind"])
        except Exception as error:
            raise ValueError(
                f"expected a file written by the save of a result but got {Path(path).name!r}: {_reason(error)}"
            ) from error


def under(arrays: dict[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    """The arrays whose names begin so, by the rest of their names."""
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def _header(found: PackedArrays) -> tuple[dict[str, Any], bytes]:
    """What the file says of itself, and the text that says it."""
    if _HEADER not in found.names:
        raise ValueError("it has no header")
    text = found.read(_HEADER).tobytes()
    header = json.loads(text)
    if not isinstance(header, dict) or not isinstance(header.get("kind"), str):
        raise ValueError(f"it is of kind {header.get('kind') if isinstance(header, dict) else None!r}")
    return header, text


def _opened(found: PackedArrays, kind: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    header, text = _header(found)
    if header["kind"] != kind:
        raise ValueError(f"it is of kind {header['kind']!r}")
    written, members = header.pop("format", None), header.pop(_MEMBERS, None)
    del header["kind"]
    if type(written) is not int or written < 1:
        raise ValueError(f"its format is {written!r}")
    if written > FORMAT:
        raise ValueError(f"its format is {written}, newer than {FORMAT}; upgrade embwidget")
    names = [name for name in found.names if name not in (_HEADER, _SEAL)]
    if written == 1 and members is None and _SEAL not in found.names:
        return header, {name: found.read(name) for name in names}
    if _SEAL not in found.names or found.read(_SEAL).tobytes() != hashlib.sha256(text).digest():
        raise ValueError("its header was changed")
    if odd := sorted({*names} ^ {*members}):
        raise ValueError(f"member {odd[0]!r} is {'missing' if odd[0] in members else 'not of it'}")
    return header, {unquote(name, errors="surrogatepass"): _read(found, name, told) for name, told in members.items()}


def _read(found: PackedArrays, name: str, told: Any) -> np.ndarray:
    def check(layout: Layout) -> None:
        if [layout.dtype.str, [*layout.shape]] != told[:2]:
            said = f"its header says {told[1]} of {told[0]}"
            raise ValueError(f"member {name!r} has shape {layout.shape} of {layout.dtype} where {said}")

    array = found.read(name, check)
    if _described(array) != told:
        raise ValueError(f"member {name!r} was changed")
    return array


def _described(array: np.ndarray) -> list[Any]:
    flat = np.ascontiguousarray(array).reshape(-1)
    checksum = hashlib.sha256(flat.view(np.uint8).data if flat.nbytes else b"").hexdigest()
    return [array.dtype.str, [*array.shape], checksum]


def _entry(name: str) -> str:
    """A name, of a measure for example, as a member of an archive can have it on every system."""
    return quote(name.encode("utf-8", "surrogatepass"), safe=" ()[]{}+,=;!@#$&'")


def _reason(error: Exception) -> str:
    words = f"{type(error).__name__}: {error}"
    if isinstance(error, KeyError):
        words = f"its {error} is missing"
    elif isinstance(error, ValueError) and str(error):
        words = str(error)
    return words if len(words) <= _REASON_LENGTH else words[:_REASON_LENGTH] + "…"


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):  # NumPy's and torch's
        return value.tolist()
    return str(value)
