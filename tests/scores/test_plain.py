"""P-values of measures whose null comes from a few draws: right in size, and never below one relabelling."""

import math

import numpy as np
import pytest

from embwidget.measures import procrustes, svcca
from embwidget.scores.plain import lower_tail


@pytest.mark.parametrize(("measure", "n"), [(procrustes, 5), (procrustes, 40), (svcca, 12)])
def test_unrelated_spaces_are_rarely_significant(measure, n: int) -> None:
    rng = np.random.default_rng(0)
    p = np.array([measure(rng.normal(size=(n, 3)), rng.normal(size=(n, 3)), random_state=i).p for i in range(200)])
    assert (p < 0.01).mean() <= 0.025 and 0.01 <= (p < 0.05).mean() <= 0.1
    assert p.min() >= 1 / math.factorial(min(n, 20))


def test_tail_of_few_draws_is_wider_than_the_normal() -> None:
    assert lower_tail(-3.0, (0.0, 1.0), 50, draws=20) > 2 * lower_tail(-3.0, (0.0, 1.0), 50)
    assert lower_tail(-3.0, (0.0, 1.0), 50, draws=10**6) == pytest.approx(lower_tail(-3.0, (0.0, 1.0), 50), rel=1e-3)
    assert math.isnan(lower_tail(1.0, (0.0, 0.0), 50)) and math.isnan(lower_tail(1.0, (0.0, 1.0), 50, draws=1))
    assert lower_tail(-99.0, (0.0, 1.0), 4) == 1 / 24
