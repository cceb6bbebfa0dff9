"""``embwidget audit OLD NEW``: should we switch?"""

import argparse
from typing import Any

import embwidget as ew
from embwidget.cli.outputs import add_outputs, check_outputs, write_outputs
from embwidget.cli.parser import given_options, number, whole, words
from embwidget.cli.printed import tell
from embwidget.cli.spaces import add_spaces, items_of, on_a_terminal, opened
from embwidget.cli.status import CANNOT_TELL, FAIL, PASS, rule

HELP = "can a new embedding replace an old one, and who loses?"
RULE = rule(
    "switch, or bridge: NEW can take over, within the tolerance",
    "keep: NEW answers worse than tolerated",
    "cannot tell: too few queries or judgements; what would tell is said",
)
_STATUS = {"switch": PASS, "bridge": PASS, "keep": FAIL}
_MARKS = {True: "+", False: "-", None: "?"}
_OPTIONS = ("tolerance", "measure", "k", "max_k", "metric", "at", "bridges", "device", "random_state")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    add_spaces(parser)
    parser.add_argument("--tolerance", type=number, metavar="T", help="how much worse is still accepted (0.02)")
    parser.add_argument("--measure", help="what the tolerance is of: ndcg, recall, mrr or hit (ndcg)")
    parser.add_argument("--k", type=whole, help="the length of lists that the decision is of (10)")
    parser.add_argument("--max-k", type=whole, metavar="K", help="the last length of the curves (100)")
    parser.add_argument("--metric", help="cosine, euclidean or dot (cosine)")
    parser.add_argument(
        "--at", type=number, metavar="S", help="a similarity threshold in use in OLD, to be carried over"
    )
    parser.add_argument(
        "--bridges", type=words, metavar="A,B", help="of procrustes, ridge, cca, spec; none for none (all)"
    )
    parser.add_argument("--device", help="where to compute, such as cuda")
    asked = parser.add_argument_group("queries, and what is known of them")
    for side in ("old", "new"):
        asked.add_argument(
            f"--queries-{side}", metavar="FILE", help=f"the queries as {side.upper()}'s model embeds them"
        )
        asked.add_argument(f"--queries-column-{side}", metavar="NAME", help="which of its columns is the embedding")
        asked.add_argument(f"--queries-ids-{side}", metavar="NAME", help="which of its columns names the queries")
    asked.add_argument(
        "--qrels",
        metavar="FILE",
        help="which documents answer which queries, in a file of TREC or BEIR; by ids, else by row numbers",
    )
    asked.add_argument(
        "--baseline", metavar="FILE", action="append", help="a re-run of OLD: what changes is noise; repeat it"
    )
    add_outputs(parser)


def run(given: argparse.Namespace) -> int:
    """Decide."""
    _check_queries(given)
    check_outputs(given)
    old, new = opened(given)
    shown: dict[str, Any] = {"names": given.names, "progress": on_a_terminal(), **items_of(given, old)}
    if given.queries_old is not None:
        shown["queries"] = _queries(given, "old"), _queries(given, "new")
    if given.qrels is not None:
        shown["relevant"] = given.qrels
    if given.baseline is not None:
        shown["baseline"] = [ew.open(one, column=given.column_old, ids=given.ids_old) for one in given.baseline]
    found = ew.audit(old, new, **shown, **given_options(given, *_OPTIONS))
    tell(found, reasons=[f"{_MARKS[one.favourable]} {one.says}" for one in found.reasons])
    write_outputs(found, given)
    return _STATUS.get(found.decision, CANNOT_TELL)


def _queries(given: argparse.Namespace, side: str) -> Any:
    path, column, ids = (getattr(given, f"queries_{one}{side}") for one in ("", "column_", "ids_"))
    return ew.open(path, column=column, ids=ids)


def _check_queries(given: argparse.Namespace) -> None:
    pair = given.queries_old, given.queries_new
    if (pair[0] is None) != (pair[1] is None):
        one, other = ("--queries-old", "--queries-new") if pair[1] is None else ("--queries-new", "--queries-old")
        raise ValueError(f"expected {other} with {one} but got none; each model embeds the queries itself")
    if given.qrels is not None and pair[0] is None:
        raise ValueError("expected --queries-old and --queries-new with --qrels but got none")
