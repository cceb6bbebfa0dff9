"""Whether the groups that `spec` shows first can be named: how tight they are, and what they share.

    python tests/benchmarks/groups.py                        # the bundled pairs, default arguments, leading 8 groups
    python tests/benchmarks/groups.py --kernel gaussian --groups 6
    python tests/benchmarks/groups.py --data FILE X Y        # spaces X and Y of an .npz, with labels in "labels"

Each pair: of its leading groups the median ranking in the own and in the other space (how surely a member is more
similar to a member than to an outsider), the median number of members, how many hold on unseen rows, and how many can
be named: at least 60 % of their 30 leading members share a label or a word that is at least three times as frequent
among them as elsewhere. Not a test: nothing here passes or fails.
"""

import argparse
from collections import Counter
from collections.abc import Iterator

import numpy as np

from embwidget import Items, datasets, spec
from embwidget.spectral.cluster import Cluster

PAIRS = {
    "emoji": [("noto_efflite0", "noto_cocossd"), ("noto_efflite0", "name_minilm"), ("name_minilm", "name_wordllama")],
    "glosses": [("minilm", "use"), ("use", "wordllama")],
    "words": [("glove100", "minilm384"), ("w2v300", "wordllama256")],
}
LEADING, PURE, ODDS = 30, 0.6, 3.0


def pairs() -> Iterator[tuple[str, np.ndarray, np.ndarray, Items]]:
    for name, both in PAIRS.items():
        data = getattr(datasets, f"load_{name}")()
        for x, y in both:
            yield f"{name}: {x} and {y}", data.spaces[x], data.spaces[y], data.items


def given(file: str, x: str, y: str) -> Iterator[tuple[str, np.ndarray, np.ndarray, Items]]:
    data = np.load(file, allow_pickle=False)
    yield f"{x} and {y}", data[x], data[y], Items(labels=data["labels"])


def terms_of(items: Items, row: int) -> set[str]:
    words = set() if items.texts is None else {word.lower() for word in str(items.texts[row]).split() if len(word) > 2}
    label = "" if items.labels is None else str(items.labels[row])
    return words | ({f"[{label}]"} if label else set())


def name_of(cluster: Cluster, terms: list[set[str]], everywhere: Counter[str]) -> tuple[str, float]:
    """The term that most of the leading members share, and their share; of those that are no commonplace."""
    rows = cluster.indices[:LEADING]
    found = Counter(term for row in rows for term in terms[row])
    for term, count in found.most_common():
        outside = (everywhere[term] - count) / (len(terms) - len(rows))
        if count / len(rows) >= ODDS * outside:
            return term, count / len(rows)
    return "", 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs=3, metavar=("FILE", "X", "Y"))
    parser.add_argument("--kernel", default=None)
    parser.add_argument("--groups", type=int, default=8)
    asked = parser.parse_args()
    how = {} if asked.kernel is None else {"kernel": asked.kernel}
    nameable = total = 0
    for title, X, Y, items in given(*asked.data) if asked.data else pairs():
        clusters = spec(X, Y, items=items, progress=False, **how).clusters[: asked.groups]
        terms = [terms_of(items, row) for row in range(len(X))]
        everywhere = Counter(term for row in terms for term in row)
        own = [cluster.ranking[cluster.side == "Y"] for cluster in clusters]
        other = [cluster.ranking[cluster.side == "X"] for cluster in clusters]
        named = [name_of(cluster, terms, everywhere) for cluster in clusters]
        can = [term for term, share in named if share >= PURE]
        nameable, total = nameable + len(can), total + len(clusters)
        print(
            f"{title:<42} ranking {np.median(own):.2f} own, {np.median(other):.2f} other; "
            f"{np.median([len(cluster.indices) for cluster in clusters]):5.0f} members; "
            f"{sum(cluster.survives is True for cluster in clusters)} of {len(clusters)} hold; "
            f"{len(can)} can be named: {', '.join(can)}",
            flush=True,
        )
    print(f"{nameable} of {total} groups can be named")


if __name__ == "__main__":
    main()
