"""What names groups get, whether a person would say them, and how often shuffled labels and texts get one.

    python tests/benchmarks/names.py                    # the bundled pairs, leading 8 tight groups of each
    python tests/benchmarks/names.py --groups 12 --shuffles 50 --seeds 3

Each group: its side and size, the name with the AUC and q of its test (in brackets where it failed), and three leading
members. The last lines: the share of tight groups that have a name, over seeds of the halves, and the share of groups
that have one where labels and texts are shuffled over the rows. Not a test: nothing here passes or fails.
"""

import argparse
import time

import numpy as np
from groups import pairs

from embwidget import Items, spec
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.naming.group import Group
from embwidget.spectral.naming.name_groups import Named, name_groups


def tight_groups(X: np.ndarray, Y: np.ndarray, items: Items, most: int) -> list[Cluster]:
    found = spec(X, Y, permutations=0, progress=False, items=items)
    return [one for one in found.clusters if one.kind == "tight"][:most]


def shuffled(items: Items, seed: int) -> Items:
    order = np.random.default_rng(seed).permutation(items.n or 0)
    labels = None if items.labels is None else items.labels[order]
    return Items(labels=labels, texts=None if items.texts is None else [items.texts[row] for row in order])


def line(one: Cluster, named: Named, items: Items) -> str:
    test = "" if named.test is None else f"AUC {named.test.auc:.2f}, q {named.test.q:.0e}"
    name = named.name or (f"[{named.tried}]" if named.tried else "–")
    leading = ", ".join(items.describe(int(row)).split(": ")[-1][:28] for row in one.indices[:3])
    return f"  {one.side} {len(one.indices):5} {name:<44} {test:<22} {leading}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option, value in (("groups", 8), ("shuffles", 20), ("seeds", 5)):
        parser.add_argument(f"--{option}", type=int, default=value)
    asked = parser.parse_args()
    names, false = [], []
    for title, X, Y, items in pairs():
        clusters = tight_groups(X, Y, items, asked.groups)
        groups = [Group(one.indices, one.loadings, one.side) for one in clusters]
        start = time.process_time()
        found = [name_groups(groups, items, random_state=seed) for seed in range(asked.seeds)]
        cost = (time.process_time() - start) / max(1, asked.seeds)
        print(f"{title}: {len(groups)} tight groups, {cost:.2f} CPU s")
        print(*(line(*each, items) for each in zip(clusters, found[0], strict=True)), sep="\n", flush=True)
        names += [one.name is not None for each in found for one in each]
        for seed in range(asked.shuffles):
            wrong = name_groups(groups, shuffled(items, seed), random_state=seed)
            false += [one.name is not None for one in wrong]
    print(f"{np.mean(names):.1%} of {len(names) // max(1, asked.seeds)} tight groups have a name")
    print(f"{np.mean(false):.2%} of {len(false)} groups have one where labels and texts are shuffled")


if __name__ == "__main__":
    main()
