"""What the options that callers give may be: whole numbers, real ones, shares, words, flags, names, seeds.

One rule for what a number is: a Python int or float, one of NumPy's of any width, or a 0-d array or tensor of these. No
bool, complex number, text, Fraction or Decimal is one, and no NaN. A whole number is an int: 10.0 is none. Each check
returns plain Python, so that nothing after it meets another kind of number.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np
from torch import Tensor

from embwidget.texts.clean import without_surrogates

_SEEDS = 1 << 64
"""torch takes no larger ones."""

_PYTHON: dict[str, type] = {"b": bool, "i": int, "u": int, "f": float}

T = TypeVar("T")


def as_number(value: Any) -> int | float | None:
    """The Python int or float that it stands for; None where it is no number.

    Example:
        >>> as_number(np.int8(3)), as_number(np.array(0.5)), as_number(True), as_number("3"), as_number(float("nan"))
        (3, 0.5, None, None, None)

    """
    held = _held(value)
    if isinstance(held, bool) or not isinstance(held, (int, float)) or held != held:
        return None
    return int(held) if isinstance(held, int) else float(held)


def check_whole(name: str, value: Any, least: int, *, of: str = "", remedy: str = "") -> int:
    """The whole number, as an int; ``of`` says what it counts.

    Raises:
        ValueError: it is none, or below ``least``.

    Example:
        >>> check_whole("steps", np.uint8(3), 1)
        3

    """
    number = as_number(value)
    if isinstance(number, int) and number >= least:
        return number
    if isinstance(number, float) and number.is_integer() and number >= least:
        remedy = remedy or f"pass {int(number)}"
    raise _refused(name, f"a whole number{_led(' of ', of)}, at least {least},", value, remedy)


def check_real(
    name: str,
    value: Any,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    most: float = math.inf,
    infinite: bool = False,
    what: str = "a number",
    remedy: str = "",
) -> float:
    """The number, as a float; ``what`` says of what kind, and ``infinite`` lets infinity be one.

    Raises:
        ValueError: it is none, or outside ``least <= value <= most`` and ``above < value``.

    Example:
        >>> check_real("ridge", np.array(0.25), above=0)
        0.25

    """
    number = _real(value)
    within = number is not None and least <= number <= most and (infinite or math.isfinite(number))
    if number is not None and within and (number > above or above == -math.inf):
        return number
    said = what
    said += f" above {above:g}" if above > -math.inf else ""
    said += f", at least {least:g}," if least > -math.inf else ""
    said += f"{'' if said.endswith(',') else ','} of at most {most:g}," if most < math.inf else ""
    raise _refused(name, said, value, remedy)


def check_share(
    name: str, value: Any, *, most: float = 1.0, none: bool = False, of: str = "", remedy: str = ""
) -> float:
    """The share, as a float; 0 is one only where ``none`` says so; ``of`` says of what.

    Raises:
        ValueError: it is no number, or outside the range.

    Example:
        >>> check_share("val_fraction", 0, most=0.5, none=True)
        0.0

    """
    number = _real(value)
    if number is not None and (0 < number <= most or (none and number == 0)):
        return number
    within = f"0 … {most:g}" if none else f"(0, {most:g}]"
    raise _refused(name, f"a share{_led(' of ', of)} in {within}", value, remedy)


def check_one_of(name: str, value: Any, words: Iterable[str]) -> str:
    """The word, where it is one of ``words``.

    Raises:
        ValueError: it is none of them.

    Example:
        >>> check_one_of("metric", "cosine", ("cosine", "euclidean"))
        'cosine'

    """
    known = tuple(words)
    if not isinstance(value, str) or value not in known:
        raise _refused(name, f"one of {', '.join(known)}", value)
    return str(value)


def check_flag(name: str, value: Any) -> bool:
    """The flag, as a bool: Python's or NumPy's, or a 0-d array or tensor of one.

    Raises:
        ValueError: it is none; 0 and 1 are numbers.

    Example:
        >>> check_flag("shared", np.True_)
        True

    """
    held = _held(value)
    if not isinstance(held, bool):
        raise _refused(name, "True or False", value)
    return held


def check_seed(value: Any, name: str = "random_state") -> int:
    """The seed, as an int: a whole number, at least 0, of at most 64 bits.

    Raises:
        ValueError: it is none.

    Example:
        >>> check_seed(np.int64(7))
        7

    """
    seed = check_whole(name, value, 0)
    if seed >= _SEEDS:
        raise _refused(name, "a whole number below 2**64", value, "take another")
    return seed


def check_names(names: Any) -> tuple[str, str]:
    """The names of two spaces, as text.

    Raises:
        ValueError: they are no pair, or the same.

    Example:
        >>> check_names(["old", 2])
        ('old', '2')

    """
    if not isinstance(names, (list, tuple)) or len(names) != 2:
        raise ValueError(f"expected names to be a pair, one for each space, but got {names!r}")
    first, second = (without_surrogates(str(name)) for name in names)
    if first == second:
        raise ValueError(f"expected two different names but got {names[0]!r} twice; call them apart")
    return first, second


def unless_none(check: Callable[..., T], name: str, value: Any, *bounds: Any, **how: Any) -> T | None:
    """None, or what ``check`` makes of the value: for options that choose for themselves where they are not given.

    Example:
        >>> unless_none(check_whole, "limit", None, 1), unless_none(check_whole, "limit", 5, 1)
        (None, 5)

    """
    return None if value is None else check(name, value, *bounds, **how)


def _held(value: Any) -> Any:
    """What a NumPy scalar, a 0-d array or a 0-d tensor holds, as Python's own; anything else as it is."""
    if not isinstance(value, (np.generic, np.ndarray, Tensor)):
        return value
    if value.ndim or np.ma.is_masked(value):
        return None
    if isinstance(value, Tensor):
        return value.item()
    # By its kind, for a time span is an np.integer too, and a long double's own item() is no float.
    python = _PYTHON.get(value.dtype.kind)
    return None if python is None else python(value)


def _real(value: Any) -> float | None:
    number = as_number(value)
    try:
        return None if number is None else float(number)
    except OverflowError:
        return None


def _led(lead: str, text: str) -> str:
    return lead + text if text else ""


def _refused(name: str, what: str, value: Any, remedy: str = "") -> ValueError:
    return ValueError(f"expected {name} to be {what} but got {value!r}{_led('; ', remedy)}")
