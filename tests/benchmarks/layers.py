"""Which measure finds the same layer of another network: a family of small networks, whole, in one run.

    python tests/benchmarks/layers.py                  # twelve members, several minutes on one core
    python tests/benchmarks/layers.py --only "relu, different"     # members whose name begins so
    python tests/benchmarks/layers.py --fitted 6       # encoders fitted on six networks in place of three

Encoders are fitted on some networks and asked about six others, on pictures that nothing was trained on. Right answers
with their 95 % intervals (trials by a jackknife over networks). Not a test: nothing here passes or fails.
"""

import argparse
import functools
import sys
from pathlib import Path
from typing import Any

from embwidget import ContraSim, tasks
from embwidget.measures import cka

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from layer_family import LAYERS, MEMBERS, Member, groups_of, layers_of, of

ASKED = 6
BEFORE = {"features": "relative", "negatives": ("examples", "layers"), "loss": "supcon"}
CLOSED = {
    "CKA": "cka",
    "CKA, RBF 0.5": functools.partial(cka, kernel="rbf", bandwidth=0.5),
    "Procrustes": "procrustes",
    "NNGS": "nngs",
}
_UNTRAINED = "untrained encoder"


def asked_of(member: Member, fitted: int) -> Any:
    """Layer prediction by all measures on the networks that encoders are not fitted on."""
    fit, scored, right = layers_of(member, fitted + ASKED)
    seen, unseen = range(fitted), range(fitted, fitted + ASKED)
    models = {"ContraSim.layers": ContraSim.layers(), "ContraSim, relative": ContraSim(**BEFORE)}
    for model in models.values():
        model.fit(of(fit, seen), groups=groups_of(seen), progress=False)
    entered = {name: model.with_spaces(of(fit, unseen)) for name, model in models.items()}
    found = tasks.layer_prediction(of(scored, unseen), groups_of(unseen), entered | CLOSED, shuffles=0, progress=False)
    return found, right


def _cell(found: Any, name: str, control: str) -> str:
    try:
        row = found.row(name, control)
    except KeyError:  # the warnings below the row say why
        return "none"
    return f"{row['accuracy']:.0%} ({row['low']:.0%}–{row['high']:.0%})".replace("%–", "–")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--fitted", type=int, default=3)
    asked = parser.parse_args()
    members = [one for one in MEMBERS if str(one).startswith(asked.only)]
    columns = [
        ("ContraSim.layers", ""),
        ("ContraSim.layers", _UNTRAINED),
        ("ContraSim, relative", ""),
        ("ContraSim, relative", _UNTRAINED),
        *((name, "") for name in CLOSED),
    ]
    print(f"fitted on {asked.fitted} networks, asked about {ASKED} others; chance {1 / LAYERS:.0%}")
    print("| networks (digits right) | " + " | ".join(f"{n}{c and ', untrained'}" for n, c in columns) + " |")
    for member in members:
        found, right = asked_of(member, asked.fitted)
        cells = [_cell(found, name, control) for name, control in columns]
        print(f"| {member} ({right:.0%}) | " + " | ".join(cells) + " |", flush=True)
        for warning in found.warnings:
            print(f"    {warning}", flush=True)


if __name__ == "__main__":
    main()
