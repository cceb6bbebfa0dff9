"""Intervals for what is computed from second moments: leave out a tenth of the items at a time, exactly."""

from collections.abc import Callable

import numpy as np

from embwidget.moments.two_spaces import Scatters, SecondMoments

GROUPS = 10


def group_error(moments: SecondMoments, statistic: Callable[[Scatters], float], random_state: int) -> float:
    """Delete-a-group jackknife standard error (Kott, 2001) of any statistic of the scatters, 10 groups of items.

    The moments of those who stay are the whole's less those of the group: no second pass over the rest.
    """
    groups = min(GROUPS, moments.n)
    member = np.random.default_rng(random_state).permutation(moments.n) % groups
    values = np.array([statistic(moments.without(np.flatnonzero(member == group))) for group in range(groups)])
    # Values without one of g groups lie g - 1 times closer than those of single groups: hence (g - 1) / g.
    return float(np.sqrt((groups - 1) / groups * np.square(values - values.mean()).sum()))
