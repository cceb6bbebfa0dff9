"""A parser whose errors are one line and have a status of their own, and what its options may be."""

import argparse
import sys
from typing import Any, NoReturn

from embwidget.cli.status import ERROR


class Parser(argparse.ArgumentParser):
    """Options in full, help as it is written, an error in one line."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message: str) -> NoReturn:
        """Say it in one line and leave."""
        complain(f"expected arguments as in '{self.prog} --help' but got others: {message}")
        sys.exit(ERROR)


def complain(said: str) -> None:
    """One line to stderr, whatever it holds."""
    print(f"embwidget: {safe_line(said)}", file=sys.stderr)


def safe_line(text: str) -> str:
    """The text in one line that no terminal takes for commands."""
    from embwidget.texts.clean import joined_lines

    # Beyond what a page cannot hold, the second set of control characters moves cursors too.
    return joined_lines(text).translate(dict.fromkeys(range(0x7F, 0xA0), "\N{REPLACEMENT CHARACTER}"))


def whole(text: str) -> int:
    """A whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a whole number but got {text!r}") from None


def number(text: str) -> float:
    """Any number that is one."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value != value:
        raise argparse.ArgumentTypeError(f"expected a number but got {text!r}")
    return value


def words(text: str) -> list[str]:
    """Words between commas; ``none`` for none."""
    return [] if text == "none" else [one.strip() for one in text.split(",") if one.strip()]


def given_options(given: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Those of these that were given, by name: a verb has its own for the others."""
    return {name: value for name in names if (value := getattr(given, name)) is not None}
