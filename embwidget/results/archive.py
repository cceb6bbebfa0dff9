"""Results on disk: one ``.npz`` of plain arrays with a JSON header; nothing is ever unpickled."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

_HEADER = "header.json"
FORMAT = 1


def write_archive(
    path: str | os.PathLike[str], kind: str, header: dict[str, Any], arrays: dict[str, np.ndarray]
) -> None:
    """Write arrays and a JSON-ready header; the file appears whole or not at all."""
    target = Path(path)
    text = json.dumps({"kind": kind, "format": FORMAT, **header}, default=_plain)
    partial = target.with_name(target.name + ".partial")
    try:
        with partial.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **{_HEADER: np.frombuffer(text.encode(), np.uint8)}, **arrays)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def read_archive(path: str | os.PathLike[str], kind: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read what `write_archive` wrote.

    Raises:
        ValueError: another kind of file, or one from a newer version.

    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        header = json.loads(arrays.pop(_HEADER).tobytes())
    except (AttributeError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"expected a file saved by {kind}.save but got {Path(path).name!r}, which is none") from error
    if (found := header.pop("kind", None)) != kind:
        raise ValueError(f"expected a saved {kind} but got one of kind {found!r}")
    if (written := header.pop("format")) > FORMAT:
        raise ValueError(f"expected format {FORMAT} or older but got {written}; upgrade embwidget")
    return header, arrays


def under(arrays: dict[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    """The arrays whose names begin so, by the rest of their names."""
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):  # NumPy's and torch's
        return value.tolist()
    return str(value)
