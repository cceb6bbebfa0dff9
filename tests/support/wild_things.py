"""What no caller means to hand in, of any type and shape: texts, ragged lists, sets, dates, odd axes, nothing."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

SCALARS = (
    st.none()
    | st.booleans()
    | st.sampled_from([-1, 0, 1, 2, 3, 2.5, -0.0, float("nan"), float("inf"), 1j, b"", b"rows", object()])
    | st.text(max_size=4)
    | st.sampled_from([np.int8(3), np.float32(2.5), np.bool_(True), np.str_("cosine"), np.datetime64("2026-01-01")])
)
NESTED = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=2) | st.integers(-1, 3), inner, max_size=3)
        | st.sets(st.integers(-1, 3), max_size=3)
    ),
    max_leaves=8,
)
DTYPES = ("f8", "f4", "i8", "u1", "?", "c16", "O", "U3", "S2", "M8[s]", "m8[s]", "V4", "f8,i4")


@st.composite
def odd_array(draw: st.DrawFn) -> Any:
    """Of any dtype and of none to four axes, of which some are empty."""
    shape = draw(st.lists(st.integers(0, 4), max_size=4))
    return np.zeros(shape, draw(st.sampled_from(DTYPES)))


WILD = NESTED | odd_array() | st.builds(iter, st.lists(st.integers(0, 3), max_size=3))
