"""Where a path leads: files here, several of them, or somewhere else by a URI."""

import glob
import os
import tempfile
from pathlib import Path
from typing import Any

from embwidget.arrays.reading.room import free_disk, sized

_GLOB = set("*?[")


def is_uri(path: str) -> bool:
    """Whether it is a URI, of any scheme.

    Example:
        >>> is_uri("s3://bucket/a.parquet"), is_uri("C:/a.parquet")
        (True, False)

    """
    return "://" in path


def found_files(path: str) -> list[Path]:
    """The file or folder, or what a pattern matches, in the order of names.

    Raises:
        FileNotFoundError: there is none.

    """
    if os.path.lexists(path):
        return [Path(path)]
    matches = sorted(glob.glob(path, recursive=True)) if _GLOB & set(path) else []
    if not matches:
        raise FileNotFoundError(
            f"expected a file, a folder or a pattern of files but there is none at {path!r}; relative paths begin at "
            f"{os.getcwd()!r}"
        )
    return [Path(one) for one in matches]


def filesystem(uri: str) -> tuple[Any, str]:
    """The file system of a URI, and the path in it.

    Raises:
        ValueError: fsspec is not installed, or knows no such scheme.

    """
    remedy = "fetch the file, and open it by its path here"
    try:
        import fsspec
    except ImportError:
        raise ImportError(
            f"expected fsspec to read {uri} but it is not installed; pip install fsspec, or {remedy}"
        ) from None
    try:
        found: tuple[Any, str] = fsspec.core.url_to_fs(uri)
    except (ImportError, ValueError) as error:
        raise ValueError(f"expected a scheme that fsspec reads but got {uri!r} ({error}); {remedy}") from error
    return found


def fetched(files: Any, path: str, folder: "tempfile.TemporaryDirectory[str]") -> Path:
    """A copy of a remote file or folder in a temporary folder.

    Raises:
        FileNotFoundError: there is none.
        OSError: less free on disk than it takes.

    """
    if not files.exists(path):
        raise FileNotFoundError(f"expected a file or a folder but there is none at {path!r}; list what is there")
    size, free = int(files.du(path)), free_disk(folder.name)
    if size > free:
        raise OSError(
            f"expected {sized(size)} of free disk in {folder.name} to fetch {path!r} but got {sized(free)}; free some, "
            "or set the environment variable TMPDIR to a folder with more room before Python starts"
        )
    here = Path(folder.name, path.rstrip("/").rsplit("/", 1)[-1])
    files.get(path, str(here), recursive=bool(files.isdir(path)))
    return here
