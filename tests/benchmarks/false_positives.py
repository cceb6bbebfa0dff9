"""How often independent spaces are called alike: the share of p at most .05 at each k, over seeds, for tied spaces.

python tests/benchmarks/false_positives.py [--seeds 200] [--n 200]
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from tied_spaces import codes, one_hot, placeholders, rounded_map, shared_placeholders, word_presence

from embwidget.arrays import paired
from embwidget.measures.joined import search_both
from embwidget.measures.neighborhood import mutual_knn_of, nngs_of

KS = [1, 2, 5, 10, 20, 40]
MAKERS = {
    "Gaussian, no ties": (lambda rng, n: rng.normal(size=(n, 6)), "cosine"),
    "one-hot, 20 classes": (one_hot, "euclidean"),
    "8-bit codes": (lambda rng, n: codes(rng, n, 8), "euclidean"),
    "24-bit codes": (lambda rng, n: codes(rng, n, 24), "euclidean"),
    "64-bit codes": (lambda rng, n: codes(rng, n, 64), "euclidean"),
    "placeholders, 5 %": (lambda rng, n: placeholders(rng, n, 0.05), "euclidean"),
    "placeholders, 20 %": (lambda rng, n: placeholders(rng, n, 0.2), "cosine"),
    "placeholders, 40 %": (lambda rng, n: placeholders(rng, n, 0.4), "euclidean"),
    **{f"the same {share:.0%}": (share, "euclidean") for share in (0.05, 0.2, 0.4)},
    "rounded map": (rounded_map, "euclidean"),
    "word presence": (word_presence, "cosine"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--only", default="", help="part of a name")
    asked = parser.parse_args()
    print(f"n = {asked.n}, {asked.seeds} seeds; per k = {KS}: share of p <= .05 (NNGS | mutual kNN); sd of z")
    for name, (make, metric) in MAKERS.items():
        if asked.only not in name:
            continue
        p, z = [], []
        for seed in range(asked.seeds):
            rng = np.random.default_rng([seed, 3])
            both = shared_placeholders(rng, asked.n, make) if isinstance(make, float) else None
            X, Y = both or (make(rng, asked.n), make(rng, asked.n))
            hoods = search_both(paired(X, Y), KS[-1] + 1, metric=metric)
            found = [of(hoods, KS, False, items=False) for of in (nngs_of, mutual_knn_of)]
            p.append([one.p for one in found])
            z.append([one.z for one in found])
        p, z = np.array(p, float), np.array(z, float)
        with np.errstate(all="ignore"):
            share = np.where(np.isnan(p).all(0), np.nan, np.nansum(p <= 0.05, 0) / (~np.isnan(p)).sum(0))
            sd = np.nanstd(z, 0)
        rows = (" ".join(f"{v:5.3f}" for v in line) for line in share)
        print(f"{name:22s} {' | '.join(rows)} ; {' '.join(f'{v:4.2f}' for v in sd[0])}", flush=True)


if __name__ == "__main__":
    main()
