"""``embwidget compare OLD NEW``: how alike are they, and is that enough?"""

import argparse
import math
from typing import Any

import embwidget as ew
from embwidget.cli.outputs import add_outputs, check_outputs, write_outputs
from embwidget.cli.parser import given_options, number, whole, words
from embwidget.cli.printed import say, tell
from embwidget.cli.spaces import add_spaces, items_of, on_a_terminal, opened
from embwidget.cli.status import CANNOT_TELL, FAIL, PASS, rule

HELP = "how alike are two files, at which scale, and on which items?"
RULE = rule(
    "compared; with --fail-under T: the 95 % interval of the measure lies at T or above",
    "with --fail-under T: it lies below T",
    "with --fail-under T: it holds T, or there is none",
)
_OPTIONS = ("k", "max_k", "metric", "method", "sample", "budget", "device", "maps", "random_state")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    add_spaces(parser)
    parser.add_argument("--k", type=whole, help="neighbours that the table is of (10)")
    parser.add_argument("--max-k", type=whole, metavar="K", help="the last size of the curves (100)")
    parser.add_argument("--metric", help="cosine, euclidean, dot or hamming, within each space (cosine)")
    parser.add_argument(
        "--measures", type=words, metavar="A,B", help="names from embwidget.measures.MEASURES; none for none"
    )
    parser.add_argument("--method", help="auto, exact, pynndescent, or sampled: exact lists of some items (auto)")
    parser.add_argument("--sample", type=whole, metavar="N", help="how many items sampled searches for (1000)")
    parser.add_argument(
        "--budget", type=number, metavar="S", help="seconds after which no further measure is begun (60)"
    )
    parser.add_argument("--maps", choices=("pca", "umap"), help="how the page draws both spaces (pca)")
    parser.add_argument("--device", help="where to compute, such as cuda")
    parser.add_argument(
        "--fail-under", type=number, metavar="T", help="the least that --measure may be; see exit status"
    )
    parser.add_argument("--measure", metavar="NAME", help="the similarity that --fail-under is about (nngs)")
    add_outputs(parser)


def run(given: argparse.Namespace) -> int:
    """Compare neighbourhoods."""
    from embwidget.comparison.leading import PANEL

    check_outputs(given)
    judged = _judged(given)
    measures = given.measures
    if judged is not None:
        # First, so that no budget leaves it out.
        others = PANEL if measures is None else measures
        measures = [judged, *(one for one in others if one != judged)]
    old, new = opened(given)
    options = given_options(given, *_OPTIONS) | ({} if measures is None else {"measures": measures})
    shown = {"names": given.names, "progress": on_a_terminal(), **items_of(given, old)}
    found = ew.compare(old, new, **shown, **options)
    tell(found)
    status = PASS
    if judged is not None:
        status, said = verdict(found.scores.get(judged), judged, given.fail_under)
        say([said])
    write_outputs(found, given)
    return status


def verdict(score: Any, name: str, least: float) -> tuple[int, str]:
    """Whether a similarity is enough, from its interval alone: the status, and why."""
    if score is None:
        return CANNOT_TELL, f"Cannot tell: {name} was left out."
    low, high = score.interval if score.interval is not None else (math.nan, math.nan)
    if not (math.isfinite(low) and math.isfinite(high)):
        return CANNOT_TELL, f"Cannot tell: {name} is {score.value:.4f}, without an interval."
    ends = f"{name} is {score.value:.4f}, 95 % interval {low:.4f} to {high:.4f}"
    if low >= least:
        return PASS, f"Pass: {ends}, not under {least:g}."
    if high < least:
        return FAIL, f"Fail: {ends}, under {least:g}."
    return CANNOT_TELL, f"Cannot tell: {ends}, which holds {least:g}."


def _judged(given: argparse.Namespace) -> str | None:
    """The measure that decides, if any.

    Raises:
        ValueError: no such measure, one that is a distance, or one that nothing is asked of.

    """
    if given.fail_under is None:
        if given.measure is not None:
            raise ValueError(
                f"expected --fail-under with --measure {given.measure} but got none; --measures for a table"
            )
        return None
    known = ew.measures.known_measures()
    name = given.measure or "nngs"
    record = known.get(name)
    if record is None or not record.larger_is_more_similar:
        similarities = ", ".join(one for one, known_one in known.items() if known_one.larger_is_more_similar)
        raise ValueError(f"expected a similarity for --fail-under but got {name!r}; one of {similarities}")
    return name
