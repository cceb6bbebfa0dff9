"""What a doctor found: checks, each with its remedy, as one screen of text or HTML."""

import sys
from dataclasses import dataclass
from typing import Any

from embwidget.results.card import Column, card

_MARKS = {True: "✓", False: "✗", None: "·"}
_SHOWN_WITH = "text/html", "text/plain"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that is there (True), missing (False), or good to know (None); with what to do about it."""

    name: str
    ok: bool | None
    found: str
    remedy: str = ""

    def lines(self) -> list[str]:
        """In words: what was found and, beneath it, the remedy.

        Example:
            >>> Check(name="torch", ok=False, found="not installed", remedy="pip install torch").lines()
            ['✗ torch: not installed', '    → pip install torch']

        """
        return [f"{_MARKS[self.ok]} {self.name}: {self.found}", *([f"    → {self.remedy}"] if self.remedy else [])]


@dataclass(frozen=True, kw_only=True, repr=False)
class Checkup:
    """All checks. ``ok`` where nothing is missing."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is missing; what is merely good to know does not count."""
        return all(one.ok is not False for one in self.checks)

    @property
    def sentence(self) -> str:
        """The finding."""
        missing = [one.name for one in self.checks if one.ok is False]
        return f"To be mended: {', '.join(missing)}." if missing else "All that embwidget needs is there."

    def __repr__(self) -> str:
        return "\n".join([self.sentence, *(line for one in self.checks for line in one.lines())])

    def _repr_html_(self) -> str:
        columns = [
            Column(title="check", cells=[f"{_MARKS[one.ok]} {one.name}" for one in self.checks], kind="name"),
            Column(title="found", cells=[one.found for one in self.checks], kind="text"),
            Column(title="remedy", cells=[one.remedy for one in self.checks], kind="text"),
        ]
        return card(self.sentence, [], columns, "✓ there, ✗ to be mended, · good to know.")

    def _ipython_display_(self) -> None:
        """The table; and in a kernel what only the page can tell, whether it shows widgets."""
        from IPython.display import display

        if not in_a_kernel():
            print(self)
            return
        display(dict(zip(_SHOWN_WITH, (self._repr_html_(), repr(self)), strict=True)), raw=True)
        if (sign := _sign()) is not None:
            display(sign)


def in_a_kernel() -> bool:
    """Whether this process is a kernel of Jupyter, with a page before it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


def _sign() -> Any:
    try:
        from embwidget.checks.sign import Sign
    except ImportError:  # of which a check tells
        return None
    return Sign()
