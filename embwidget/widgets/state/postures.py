"""The arrangements of sixty points that the playground opens with, and what is to be learnt from each."""

import math
import random
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float

CENTRES = ((-5.0, -3.0), (5.0, -3.5), (0.5, 5.0))
EACH = 20
N = EACH * len(CENTRES)
_SPREAD = 1.2
_SEED = 56
_TURN = math.radians(35)
_SCALE = 0.7
_FAR = 18, (121.24, 70.0)
"""The point that is thrown, and where to: away from where it was, so that what it does to CKA is worst."""


@dataclass(frozen=True, kw_only=True)
class Posture:
    """One arrangement: what was done to X to make Y, the k at which it shows, and why the meters say what they do."""

    name: str
    title: str
    question: str
    why: str
    k: int


POSTURES = (
    Posture(
        name="turned",
        title="Turned and scaled",
        question="Y is X, turned by 35° and made smaller. How much of it is the same?",
        why="Turning and scaling move every point and change no neighbour and no ratio of distances: all three meters "
        "look only at those, so nothing is different.",
        k=10,
    ),
    Posture(
        name="insides",
        title="Insides shuffled",
        question="Each cluster of Y stands where it stood, but its points have swapped places with each other.",
        why="CKA sees the broad layout, which is the same. NNGS at k = 3 sees who is next to whom, which is not; at "
        "k = 19, the size of a cluster less one, it sees whole clusters, which are.",
        k=3,
    ),
    Posture(
        name="far",
        title="One thrown far",
        question="One point of Y was thrown far out; the other 59 have not moved.",
        why="CKA adds up squared distances, and one huge one drowns 59 others. NNGS counts neighbours, and only those "
        "of one point, and its places on other lists, have changed.",
        k=10,
    ),
    Posture(
        name="carried",
        title="Clusters carried",
        question="Each cluster of Y was carried whole to where another one was.",
        why="Up to k = 19, a cluster's size less one, nobody's neighbours changed, and no group appeared or went. CKA "
        "falls: the distances between clusters are others now, which is all that is broad here.",
        k=10,
    ),
    Posture(
        name="merged",
        title="Two merged",
        question="Two clusters of Y lie on top of each other.",
        why="NNGS and CKA fall, and say only how much. SPEC's λ rises, and comes with a vector that says which: the "
        "points of the two clusters that Y cannot tell apart.",
        k=10,
    ),
    Posture(
        name="stretched",
        title="One axis × 12",
        question="Y is X with its horizontal axis made twelve times as long.",
        why="Now hardly anything but left and right counts. That reorders neighbours within clusters, and closes the "
        "gap between squares and triangles; the broad left and right that CKA weighs most is still there.",
        k=10,
    ),
    Posture(
        name="rows",
        title="Rows shuffled",
        question="Y holds the same places as X, but the items were dealt onto them at random.",
        why="Both pictures look fine, and nothing is shared: NNGS and CKA stand at chance, and λ is at its largest. A "
        "wrong order of rows looks like a discovery, so look at NNGS or CKA before you believe a λ.",
        k=10,
    ),
)
NAMES = tuple(one.name for one in POSTURES)


@cache
def arranged() -> dict[str, tuple[Float[np.ndarray, "n 2"], Float[np.ndarray, "n 2"]]]:
    """X and Y of every posture, by name.

    From the standard library's generator, whose numbers are the same in every version.
    """
    dice = random.Random(_SEED)
    x = np.repeat(CENTRES, EACH, 0) + _SPREAD * np.array([_normal(dice) for _ in range(N)])
    # Far coarser than rounding, so that no distance is nearly another's and a turn changes no order.
    x = x.round(3)
    inside = _shuffled_inside(random.Random(_SEED + 1011))
    dealt = _shuffled(range(N), random.Random(_SEED + 2))
    moved = {
        "turned": _SCALE * x @ _rotation(_TURN),
        "insides": x[inside],
        "far": _thrown(x),
        "carried": _carried(x, (1, 2, 0)),
        "merged": _carried(x, (0, 0, 2)),
        "stretched": x * [12.0, 1.0],
        "rows": x[dealt],
    }
    return {name: (x, moved[name]) for name in NAMES}


def _normal(dice: random.Random) -> tuple[float, float]:
    """Two independent standard normal numbers (Box and Muller, 1958)."""
    length, angle = math.sqrt(-2 * math.log(1 - dice.random())), 2 * math.pi * dice.random()
    return length * math.cos(angle), length * math.sin(angle)


def _rotation(angle: float) -> Float[np.ndarray, "2 2"]:
    return np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])


def _shuffled(rows: range, dice: random.Random) -> list[int]:
    """The rows in a random order (Fisher and Yates)."""
    order = [*rows]
    for last in range(len(order) - 1, 0, -1):
        other = int(dice.random() * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order


def _shuffled_inside(dice: random.Random) -> list[int]:
    groups = [range(start, start + EACH) for start in range(0, N, EACH)]
    return [row for group in groups for row in _shuffled(group, dice)]


def _thrown(x: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "n 2"]:
    row, place = _FAR
    moved = x.copy()
    moved[row] = place
    return moved


def _carried(x: Float[np.ndarray, "n 2"], to: tuple[int, ...]) -> Float[np.ndarray, "n 2"]:
    """Each cluster whole to where the cluster of this number was."""
    groups = x.reshape(len(CENTRES), EACH, 2)
    middles = groups.mean(1, keepdims=True)
    return (groups - middles + middles[list(to)]).reshape(N, 2)
