"""``embwidget doctor``: what is missing here, and what helps?"""

import argparse

from embwidget.cli.printed import say
from embwidget.cli.status import FAIL, PASS, rule

HELP = "say what is missing here for views and files, and what helps"
RULE = rule("nothing is missing", "something is: its line begins with ✗")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes: nothing."""


def run(given: argparse.Namespace) -> int:
    """Look, and say it in one screen."""
    from embwidget.checks.doctor import doctor

    found = doctor()
    say(repr(found).splitlines())
    return PASS if found.ok else FAIL
