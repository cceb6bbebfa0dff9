"""Whatever a damaged file raises, in a sentence that says so and what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

_PASSED = {errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENOENT}


@contextmanager
def told_of(file: str) -> Iterator[None]:
    """Raise as a ValueError what comes of reading a damaged file, which can be anything.

    Messages of our own, all of which begin with what was expected, are passed on; so are missing libraries, want of
    memory, of room on disk and of permission.
    """
    try:
        yield
    except (MemoryError, ImportError, NotImplementedError):
        raise
    except Exception as error:
        said = str(error)
        if said.startswith("expected ") or (isinstance(error, OSError) and error.errno in _PASSED):
            raise
        if "pickle" in said.lower() or "Python objects" in said:
            raise ValueError(
                f"expected plain numbers and text in {file} but got pickled values, which could run code; save vectors "
                "as np.stack(list(rows)) and text as np.array(texts, dtype=str)"
            ) from error
        raise ValueError(
            f"expected a whole file as {file} but got a damaged one ({type(error).__name__}: {_first_line(said)}); "
            "fetch it again, or write it anew"
        ) from error


def needed(module: str, extra: str, file: str) -> ImportError:
    """The error where the library that reads a format is not installed."""
    return ImportError(f'expected {module} to read {file} but it is not installed; pip install "embwidget[{extra}]"')


def _first_line(said: str) -> str:
    return f"{said.strip().splitlines()[0]:.200}" if said.strip() else "no reason given"
