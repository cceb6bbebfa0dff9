"""Whether the groups that `spec` shows first can be named: how tight they are, and what they share.

    python tests/benchmarks/groups.py                        # the bundled pairs, default arguments, leading 8 groups
    python tests/benchmarks/groups.py --published            # the cosine, eigenvectors as they come: what was before
    python tests/benchmarks/groups.py --data FILE X Y        # spaces X and Y of an .npz, with labels in "labels"

Each pair: of its leading groups how many are tight, broad and not found again; of the leading tight ones (with
--published of all) the median ranking in the own and in the other space (how surely a member is more similar to a
member than to an outsider), the median number of members, how many have a name that passed its test, and how many can
be named at sight: at least 60 % of their 30 leading members share a label or a word that is at least three times as
frequent among them as elsewhere. Not a test: nothing here passes or fails.
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
    parser.add_argument("--published", action="store_true")
    parser.add_argument("--groups", type=int, default=8)
    asked = parser.parse_args()
    how = {"kernel": "cosine", "unmix": False, "n_components": 10} if asked.published else {}
    rankings: list[float] = []
    passed = nameable = 0
    for title, X, Y, items in given(*asked.data) if asked.data else pairs():
        found = spec(X, Y, items=items, progress=False, **how).clusters
        kinds = Counter(one.kind for one in found[: asked.groups])
        clusters = [one for one in found if asked.published or one.kind == "tight"][: asked.groups]
        terms = [terms_of(items, row) for row in range(len(X))]
        everywhere = Counter(term for row in terms for term in row)
        own = [cluster.ranking[cluster.side == "Y"] for cluster in clusters]
        other = [cluster.ranking[cluster.side == "X"] for cluster in clusters]
        can = sum(name_of(cluster, terms, everywhere)[1] >= PURE for cluster in clusters)
        named = [cluster.name for cluster in clusters if cluster.name is not None]
        rankings, passed, nameable = rankings + own, passed + len(named), nameable + can
        print(
            f"{title:<42} {', '.join(f'{count} {kind}' for kind, count in kinds.most_common()):<44} "
            f"ranking {np.median(own):.2f} own, {np.median(other):.2f} other; "
            f"{np.median([len(cluster.indices) for cluster in clusters]):5.0f} members; {can} at sight; "
            f"{len(named)} of {len(clusters)} named: {', '.join(named)}",
            flush=True,
        )
    print(
        f"{len(rankings)} groups: median ranking {np.median(rankings):.3f}; {passed} have a name that passed "
        f"({passed / len(rankings):.0%}), {nameable} can be named at sight ({nameable / len(rankings):.0%})"
    )


if __name__ == "__main__":
    main()
