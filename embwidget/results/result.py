"""What every verb returns: a finding in words, what it depends on, a table, a card, a file."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, TypeVar, final

import numpy as np

from embwidget.results.archive import read_archive, write_archive
from embwidget.results.card import Column, card
from embwidget.results.field_types import check_fields
from embwidget.results.plain import LONGEST, to_plain, write_json

_Kind = TypeVar("_Kind", bound="Result")


class Result(ABC):
    """A frozen value that says in words what was found, and on what the numbers depend.

    A kind of result gives what is abstract here; what is not is the same in all, and none has its own. Results are
    plain values: ``copy`` and ``pickle`` take them whole, with the embeddings that some hold, and so `joblib` and
    `multiprocessing` do; a file holds what is worth keeping, and no code.
    """

    warnings: tuple[str, ...]
    """What to know before believing it."""

    @property
    @abstractmethod
    def sentence(self) -> str:
        """The finding in one plain sentence."""

    @property
    @abstractmethod
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""

    @abstractmethod
    def to_frame(self) -> Any:
        """The table as a pandas DataFrame."""

    @abstractmethod
    def _columns(self) -> Iterable[Column]:
        """The table as it is shown."""

    @abstractmethod
    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """A JSON-ready header and plain arrays: what a file keeps."""

    @classmethod
    @abstractmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        """The fields by name, from what `_packed` gave."""

    @final
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all but the embeddings to one ``.npz`` file (plain arrays and a JSON header, no pickle)."""
        write_archive(path, type(self).__name__, *self._packed())

    @final
    def to_dict(self, *, longest: int | None = LONGEST) -> dict[str, Any]:
        """All but the embeddings as plain values that JSON can hold, for machines.

        Args:
            longest: numbers of an array that are given; of a longer one its ``dtype`` and ``shape`` alone. None gives
                all of all.

        Returns:
            ``kind`` (the class), ``embwidget`` (the version), ``sentence``, ``provenance``, ``warnings``, what `save`
            writes, by name, and its ``arrays``. NaN and infinity are None.

        """
        return to_plain(self, longest)

    @final
    def to_json(self, path: str | os.PathLike[str], *, longest: int | None = LONGEST) -> None:
        """Write `to_dict` to a file, which appears whole or not at all."""
        write_json(self.to_dict(longest=longest), path)

    @final
    @classmethod
    def load(cls: type[_Kind], path: str | os.PathLike[str]) -> _Kind:
        """Read what `save` wrote; where a result has ``attach``, that gives it its embeddings back.

        Raises:
            OSError: there is no such file.
            ValueError: the file is none that ``save`` of this class wrote (a pickle is never opened), is of a newer
                version, or is not as it was written: each part has a checksum, but for files of format 1, which had
                none.

        """
        return read_archive(path, cls.__name__, cls._built)

    @final
    @classmethod
    def _built(cls: type[_Kind], header: dict[str, Any], arrays: dict[str, np.ndarray]) -> _Kind:
        found = cls(**cls._unpacked(header, arrays))
        check_fields(found)
        # What cannot be told is refused here, not when it is looked at.
        _ = (found.sentence, found.provenance, repr(found))
        return found

    @final
    def _repr_html_(self) -> str:
        return self._card()

    @final
    def _card(self, figure: str = "") -> str:
        """The card, with HTML beneath its sentence."""
        return card(self.sentence, self.warnings, self._columns(), self.provenance, figure)
