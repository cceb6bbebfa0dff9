"""Islands of a map: brought together, none on another, each as it was."""

import numpy as np
import pytest

from embwidget.layouts.islands import drawn_together


def disc(x: float, y: float, radius: float, n: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    angle, far = random.uniform(0, 2 * np.pi, n), radius * np.sqrt(random.uniform(0, 1, n))
    return np.column_stack([x + far * np.cos(angle), y + far * np.sin(angle)]).astype(np.float32)


def gap(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.linalg.norm(a[:, None] - b[None], axis=2).min())


def test_far_islands_come_near_as_they_are_and_in_their_direction() -> None:
    main, east, north = disc(0, 0, 2, 3000), disc(20, 0, 0.5, 60, 1), disc(0.5, 30, 0.5, 60, 2)
    moved = drawn_together(np.vstack([main, east, north]))
    parts = moved[:3000], moved[3000:3060], moved[3060:]
    np.testing.assert_array_equal(parts[0], main)
    for part, was in zip(parts[1:], (east, north), strict=True):
        np.testing.assert_allclose(part - part[0], was - was[0], atol=1e-5)
        assert 0 < gap(part, main) < 4
        ways = [one.mean(0) / np.linalg.norm(one.mean(0)) for one in (part, was)]
        assert ways[0] @ ways[1] > 0.9
    assert np.ptp(moved, axis=0).max() < 0.4 * 32


def test_islands_behind_each_other_do_not_come_to_lie_on_each_other() -> None:
    main = disc(0, 0, 2, 3000)
    far = [disc(10 + 6 * i, 0, 0.8, 60, i) for i in range(4)]
    moved = drawn_together(np.vstack([main, *far]))
    parts = [moved[:3000], *np.split(moved[3000:], 4)]
    assert min(gap(parts[a], parts[b]) for a in range(5) for b in range(a)) > 0.2
    reach = [float(part[:, 0].mean()) for part in parts]
    assert reach == sorted(reach) and reach[-1] < far[-1][:, 0].mean()


@pytest.mark.parametrize("points", [disc(3, 3, 1, 2000), np.zeros((5, 2), np.float32)], ids=["one island", "one place"])
def test_what_hangs_together_stays(points: np.ndarray) -> None:
    np.testing.assert_array_equal(drawn_together(points), points)
