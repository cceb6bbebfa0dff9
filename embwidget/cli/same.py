"""``embwidget same OLD NEW``: has a model changed in silence?"""

import argparse

import embwidget as ew
from embwidget.cli.outputs import add_outputs, check_outputs, write_outputs
from embwidget.cli.parser import given_options, number
from embwidget.cli.printed import tell
from embwidget.cli.spaces import add_spaces, items_of, opened
from embwidget.cli.status import CANNOT_TELL, FAIL, PASS, rule

HELP = "are the coordinates of two files the same?"
RULE = rule(
    "the same: each row is within the tolerance of its row in OLD",
    "not the same",
    "the rows of NEW are those of OLD in another order: join them by ids, and ask again",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    add_spaces(parser)
    parser.add_argument(
        "--tolerance", type=number, metavar="T", help="share of a row's length; by default what storage explains"
    )
    parser.add_argument("--metric", choices=("euclidean", "cosine"), help="cosine where lengths of rows do not matter")
    add_outputs(parser)


def run(given: argparse.Namespace) -> int:
    """Compare coordinates."""
    check_outputs(given)
    old, new = opened(given)
    options = given_options(given, "tolerance", "metric", "random_state")
    found = ew.same(old, new, names=given.names, **items_of(given, old), **options)
    tell(found, table=not found)
    write_outputs(found, given)
    if found:
        return PASS
    return CANNOT_TELL if found.change == "rows" else FAIL
