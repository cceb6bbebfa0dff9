"""What ``embwidget …`` and ``python -m embwidget …`` do: find the command, run it, say an error in one line."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module, metadata
from typing import Any

from embwidget.cli.parser import Parser, complain
from embwidget.cli.status import ERROR, INTERRUPTED, rule

COMMANDS = ("audit", "compare", "same", "run", "lab", "doctor")
_RULE = rule("pass", "fail", "it cannot be told; each command's --help has its rule")

_IN_PYTHON = {
    "ids=": "--ids-old NAME --ids-new NAME",
    "column=": "--column-old NAME, --column-new NAME",
    "labels=": "--labels NAME",
    "texts=": "--texts NAME",
}
"""What arguments that remedies name are called here."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, and return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal of few letters shows the others' numbers
            stream.reconfigure(errors="backslashreplace")
    try:
        words = [*sys.argv[1:]] if arguments is None else [*arguments]
        if words and words[0].endswith(".ipynb"):
            words = ["run", *words]
        return _answered(_parser().parse_args(words))
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            print(file=sys.stderr)  # below the bar, and what the terminal shows of the keys
        complain("interrupted; no file was left half-written")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="embwidget", description="Compare two embeddings of the same items, in files, from a shell.", epilog=_RULE
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        command: Any = import_module(f"embwidget.cli.{name}")
        one = commands.add_parser(name, help=command.HELP, description=command.HELP, epilog=command.RULE)
        command.add_arguments(one)
        one.add_argument("--traceback", action="store_true", help="of an error, also where in the code it arose")
        one.set_defaults(run=command.run)
    return parser


def _version() -> str:
    try:
        return metadata.version("embwidget")
    except metadata.PackageNotFoundError:
        return "0+unknown"


def _answered(given: argparse.Namespace) -> int:
    try:
        status: int = given.run(given)
    except Exception as error:
        # Uncaught, it would end with 1, which says that a comparison failed.
        if given.traceback:
            import traceback

            traceback.print_exc()
        complain(_said(error))
        return ERROR
    return status


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return f"expected to read and write files but got {error.strerror}: {error.filename!r}"
    said = str(error)
    if said.startswith("expected "):
        options = [option for name, option in _IN_PYTHON.items() if name in said]
        return f"{said} (from a shell: {', '.join(options)})" if options else said
    return f"expected an answer but got {type(error).__name__}: {said}; --traceback shows where it arose"
