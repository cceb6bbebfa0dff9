"""What a benchmark can put to the test: names of measures, functions of two spaces, fitted encoders."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.checks import MINIMUM_ITEMS, check_ks
from embwidget.arrays.options import as_number
from embwidget.arrays.pair import Pair
from embwidget.comparison.prepared import ListedSpace, Search, neighbor_score
from embwidget.measures.record import Measure, look_up
from embwidget.measures.table import known_measures
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments
from embwidget.tasks.benchmark_result import PLAIN, UNTRAINED

_LESS = {"detail": False, "permutations": 0}
"""What is left out where only the value is wanted."""
_PREPARED = ("moments", "rows")

Parts = tuple[Callable[[Any], Any], Callable[[Any, Any], float]]
"""What to make of each array, once, and the similarity of two that were prepared so."""


def _as_it_is(rows: Any) -> Any:
    return rows


@dataclass(frozen=True, eq=False)
class Similarity:
    """A similarity under test: ``score`` of two prepared arrays, more for more similar.

    ``encode`` turns spaces by name into what is compared instead; ``products``: their mean row product is the score.
    ``prepare``: what to make of each array, once, before it is scored against others.
    ``rows(x, y)`` gives the similarities of every row with every row, where a function was asked for those. ``named``:
    it is one of the package's measures, which may refuse data with a ValueError.
    """

    name: str
    score: Callable[[Any, Any], float]
    symmetric: bool = False
    control: str = PLAIN
    encode: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    prepare: Callable[[Any], Any] = _as_it_is
    products: bool = False
    rows: Callable[[Any, Any], Any] | None = None
    named: bool = False

    def entered(self, spaces: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The spaces as this similarity takes them: encoded, where it is fitted encoders."""
        if self.encode is None:
            return dict(spaces)
        return {name: torch.as_tensor(np.asarray(codes)) for name, codes in self.encode(spaces).items()}

    def table(
        self, spaces: Mapping[str, Tensor], pairs: Sequence[tuple[str, str]], report: Callable[[float], None]
    ) -> dict[tuple[str, str], float]:
        """The score of each pair of entered spaces, each space prepared once."""
        if self.products:
            return _mean_products(spaces, pairs)
        prepared = {name: self.prepare(rows) for name, rows in spaces.items()}
        found: dict[tuple[str, str], float] = {}
        for step, (a, b) in enumerate(pairs):
            report(step / len(pairs))
            known = found.get((b, a)) if self.symmetric else None
            found[a, b] = self.score(prepared[a], prepared[b]) if known is None else known
        return found


def check_sides(sides: Any) -> None:
    """Raise a ValueError unless ``sides`` are two different names."""
    good = isinstance(sides, (tuple, list)) and len(sides) == 2 and all(isinstance(one, str) for one in sides)
    if not good or sides[0] == sides[1]:
        raise ValueError(f"expected sides as two different names of spaces, that of X and that of Y, but got {sides!r}")


def similarities_of(given: Any, *, by_rows: bool = False) -> list[Similarity]:
    """One similarity or several by name, each fitted encoder beside the same untrained.

    With ``by_rows`` functions are those that compare every row with every row.

    Raises:
        ValueError: an unknown measure, or none at all.
        TypeError: neither a name, a function nor a fitted encoder.

    """
    named = given if isinstance(given, Mapping) else {_name(given): given}
    if not named:
        raise ValueError("expected at least one similarity but got none")
    found = []
    for name, one in named.items():
        found.append(_of_rows(str(name), one) if by_rows else _similarity(str(name), one))
        if hasattr(one, "encode") and hasattr(one, "untrained"):
            found.append(_encoders(str(name), one.untrained(), UNTRAINED))
    return found


def _name(given: Any) -> str:
    if isinstance(given, str):
        return given
    return str(getattr(given, "measure", None) or getattr(_inner(given), "__name__", "similarity"))


def _similarity(name: str, one: Any) -> Similarity:
    if _encodes(one):
        return _encoders(name, one)
    if isinstance(one, (str, Measure)):
        return _measure(name, one if isinstance(one, Measure) else look_up(known_measures(), one), {})
    if not callable(one):
        raise TypeError(
            f"expected a measure's name, a function of (X, Y) or fitted encoders but got {type(one).__name__}"
        )
    known = {record.function: record for record in known_measures().values()}
    record, how = known.get(_inner(one)), getattr(one, "keywords", {})
    if record is not None and not getattr(one, "args", ()) and how.keys() <= _options(record):
        return _measure(name, record, how)
    sign = 1.0 if record is None or record.larger_is_more_similar else -1.0
    return Similarity(name, lambda x, y: sign * _number(name, one(x, y)), record is not None and record.symmetric)


def _number(name: str, said: Any) -> float:
    try:
        return float(said)
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(f"expected {name}(X, Y) to return one number but got {type(said).__name__}") from None


def _encodes(one: Any) -> bool:
    if isinstance(one, type):
        raise TypeError(f"expected fitted encoders but got the class {one.__name__}; pass {one.__name__}().fit(X, Y)")
    return hasattr(one, "encode") and not isinstance(one, (str, bytes))


def _of_rows(name: str, one: Any) -> Similarity:
    if _encodes(one):
        return _encoders(name, one)
    known = {record.function for record in known_measures().values()}
    if not callable(one) or _inner(one) in known:
        raise TypeError(
            f"expected fitted encoders or a function that compares every row with every row but got {name!r}, which "
            "compares whole spaces; use layer_prediction or set_retrieval"
        )
    return Similarity(name, one, rows=one)


def _inner(one: Any) -> Any:
    return one.func if isinstance(one, functools.partial) else one


def _options(record: Measure) -> frozenset[str]:
    """What the measure can be told beside prepared spaces, or beside arrays where it prepares none of its own."""
    return frozenset(inspect.signature(record.of if record.needs in _PREPARED else record.function).parameters)


def _measure(name: str, record: Measure, how: Mapping[str, Any]) -> Similarity:
    sign = 1.0 if record.larger_is_more_similar else -1.0
    parts = None
    if record.needs in _PREPARED:
        parts = _by_moments(record, how)
    elif record.needs == "neighbors" and how.keys() <= {"k", "metric"}:
        parts = _by_neighbors(record, how)
    if parts is None:
        return Similarity(name, lambda x, y: sign * float(record.function(x, y, **how)), record.symmetric, named=True)
    prepare, of = parts
    return Similarity(name, lambda x, y: sign * of(x, y), record.symmetric, prepare=prepare, named=True)


def _by_moments(record: Measure, how: Mapping[str, Any]) -> Parts:
    known = _options(record)
    less = {option: value for option, value in _LESS.items() if option in known}

    def of(x: SpaceMoments, y: SpaceMoments) -> float:
        rows = np.arange(x.n)
        pair = Pair(x.rows, y.rows, rows, rows, None, (0, 0))
        return float(record.of(SecondMoments(pair, x, y), **{**less, **how}))

    return SpaceMoments.of, of


def _by_neighbors(record: Measure, how: Mapping[str, Any]) -> Parts | None:
    """None where sizes are not one number: then each pair is searched."""
    defaults = {name: one.default for name, one in inspect.signature(record.function).parameters.items()}
    k = how.get("k", defaults.get("k"))
    size = as_number(k)
    if not isinstance(size, int):
        return None
    search = Search(size, how.get("metric", defaults.get("metric", "cosine")), "auto", None, 0)

    def prepare(rows: Tensor) -> ListedSpace:
        if len(rows) < MINIMUM_ITEMS:
            raise ValueError(f"expected at least {MINIMUM_ITEMS} items but got n = {len(rows)}")
        check_ks(size, len(rows))
        return ListedSpace.of(rows, "given rows", search, lambda done, what: None)

    return prepare, lambda x, y: float(neighbor_score(record, x, y, search))


def _encoders(name: str, model: Any, control: str = PLAIN) -> Similarity:
    return Similarity(name, _mean_product, True, control, model.encode, products=True)


def _mean_product(f: Float[Tensor, "n k"], g: Float[Tensor, "n k"]) -> float:
    return float(torch.linalg.vecdot(f, g).mean())


def _mean_products(spaces: Mapping[str, Tensor], pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """Of all pairs at once: one product of the joined encodings."""
    names = {name: i for i, name in enumerate(spaces)}
    joined = torch.stack([codes.flatten() for codes in spaces.values()])
    values = (joined @ joined.T / len(next(iter(spaces.values())))).cpu().numpy()
    return {(a, b): float(values[names[a], names[b]]) for a, b in pairs}
