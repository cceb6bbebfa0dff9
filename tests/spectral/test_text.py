"""What a spectral comparison says of itself, in each of the cases that a person can meet."""

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from planted_groups import PARAMS, clusters_of, cosine, decomposed, rows_with_groups, spectral_comparison

from embwidget import Items, spectral
from embwidget.results.card import card
from embwidget.spectral import Cluster
from embwidget.spectral.text import columns, finding, provenance, table_rows

N = 300
A, B, *REST = np.split(np.arange(N), [60, 100, 150, 200, 250])
X, Y = cosine(rows_with_groups(N, [A, [], *REST], seed=1)), cosine(rows_with_groups(N, [[], B, *REST], seed=2))
LABELS = np.full(N, "<i>other</i>")
LABELS[A], LABELS[B] = "<i>a</i>", "<i>b</i>"


@pytest.fixture(scope="module")
def clusters() -> tuple[Cluster, ...]:
    return clusters_of(X, Y, Items(labels=LABELS), m=6)


def said(clusters: tuple[Cluster, ...], **changed) -> str:
    return finding(spectral_comparison(clusters, decomposed(X, Y, 6)[1], **changed))


def test_groups_that_are_found_again_on_unseen_rows(clusters: tuple[Cluster, ...]) -> None:
    broad = tuple(replace(one, ranking=(0.6, 0.6)) for one in clusters)
    assert said(broad).startswith(
        "No tight group of items, but 6 broad directions that one space has and the other has less of, found again on "
    )
    clusters = tuple(replace(one, ranking=(0.9, 0.9)) for one in clusters)
    first = clusters[0]
    sides = [sum(one.side == side for one in clusters) for side in "XY"]
    assert said(clusters) == (
        f"CLIP has {sides[0]} and DINOv2 has {sides[1]} tight groups that the other holds less tightly, found again on "
        f"unseen rows; the strongest, of CLIP: '<i>a</i>', {len(first.indices)} items ({len(first.indices) / N:.1%}), "
        f"λ = {first.eigenvalue:.3f}."
    )
    # Those that are not found again are not counted, and the largest is one that is.
    some = (replace(first, survives=False), *(one for one in clusters if one.side == "Y"))
    assert said(some).startswith(f"DINOv2 has {sides[1]} tight groups that CLIP holds less tightly, found again on un")
    assert f"the strongest, of DINOv2: '<i>b</i>', {len(some[1].indices)} items" in said(some)
    assert f"λ = −{-some[1].eigenvalue:.3f}" in said(some)
    one = (replace(clusters[1], survives=True, enrichment=(), ranking=(0.5, 0.9)),)
    assert said(one).startswith("DINOv2 has 1 tight group that CLIP doesn't, found again on unseen rows; ")
    assert said(one).endswith(f"λ = −{-one[0].eigenvalue:.3f}.") and "largest" not in said(one)


def test_the_largest_group_is_called_by_its_name(clusters: tuple[Cluster, ...]) -> None:
    named = replace(clusters[0], name="arrows", ranking=(0.9, 0.5))
    assert f"; 'arrows', {len(named.indices)} items" in said((named,))
    given = replace(named, given_name="my own " + "long " * 20)
    assert "'my own long long" in said((given,)) and "arrows" not in said((given,)) and len(said((given,))) < 200


def test_nothing_is_found_again_on_unseen_rows(clusters: tuple[Cluster, ...]) -> None:
    none = tuple(replace(one, survives=False) for one in clusters)
    assert said(none).startswith(
        f"None of 6 groups is found again on unseen rows (largest |λ| = {none[0].eigenvalue:.3f})"
    )
    assert said(none[:1]).startswith("The only group is not found again on unseen rows")


def test_unseen_rows_were_not_tried(clusters: tuple[Cluster, ...]) -> None:
    unknown = tuple(replace(one, survives=None) for one in clusters)
    assert ", not tried on unseen rows; the strongest" in said(unknown)


def test_the_same_kernel() -> None:
    assert said(()) == "CLIP and DINOv2 have the same kernel: no group of items stands apart in either."


def test_an_offset_is_no_group(clusters: tuple[Cluster, ...]) -> None:
    everything = (replace(clusters[0], constant_share=0.96, eigenvalue=0.75), *clusters[1:])
    told = said(everything, params=PARAMS | {"center": False})
    start = "The leading eigenvector (λ = 0.750) is 96% constant: CLIP finds all items alike, which is no group"
    assert told.startswith(f"{start}; center='mean' takes an offset away. ")
    assert f"{said(clusters[1:])}" in told
    gaussian = said(everything, params=PARAMS | {"kernel": "gaussian"})
    assert gaussian.startswith(f"{start}; match the bandwidths, or use center='kernel'. ")
    assert said(everything).startswith(f"{start}. ")
    assert said(everything[:1]).endswith("no group. It is the only one.")
    # Further down it is left out of the count without a word.
    later = (clusters[0], replace(clusters[1], constant_share=0.96))
    assert said(later) == said(clusters[:1])


@pytest.mark.parametrize(("odds", "shown"), [(np.inf, "∞"), (3.14159, "3.1"), (41.2, "41"), (12345.6, "12,346")])
def test_odds(clusters: tuple[Cluster, ...], odds: float, shown: str) -> None:
    top = replace(clusters[0].enrichment[0], odds=odds)
    more = next(
        column for column in columns(table_rows([replace(clusters[0], enrichment=(top,))])) if column.title == "more of"
    )
    assert more.cells == [f"<i>a</i> ({shown})"]


def test_the_largest_is_told_by_its_name_else_by_its_leading_members(clusters: tuple[Cluster, ...]) -> None:
    texts = Items(texts=[f"item {i}" for i in range(N)])
    one = replace(clusters[0], name=None, items=texts)
    leading = ", ".join(f"item {row}" for row in one.indices[:3])
    size, λ = f"{len(one.indices)} items ({len(one.indices) / N:.1%})", f"λ = {one.eigenvalue:.3f}."
    assert said((one,)).endswith(f"; {size}, such as {leading}, {λ}")
    assert said((replace(one, name="flag"),)).endswith(f"; 'flag', {size}, {λ}")
    assert said((replace(one, name="flag", given_name="mine"),)).endswith(f"; 'mine', {size}, {λ}")
    assert said((replace(one, items=Items()),)).endswith(f"; {size}, {λ}")
    rows = table_rows([one, replace(one, name="flag")])
    assert next(column for column in columns(rows) if column.title == "called").cells == [leading, "flag"]


def test_provenance_holds_all_that_the_numbers_depend_on() -> None:
    assert provenance(PARAMS) == (
        "n = 300; widths 24 and 24; cosine kernel; centring mean; η = 1; exact; 6 components; "
        "method dense (few items); unseen rows: 10 splits in halves; "
        "unrelated spaces: 5 random pairings of 300 rows; device cpu; seed 0."
    )
    other = PARAMS | {
        "kernel": "gaussian",
        "bandwidth": [25, 3.5],
        "bandwidth_reason": "given",
        "center": False,
        "eta": 0.5,
        "features": "rff",
        "splits": 0,
        "permutations": 0,
        "dropped": [3, 0],
    }
    told = provenance(other)
    for part in (
        "rows without a partner dropped: 3 of X, 0 of Y",
        "gaussian kernel, bandwidths 25 and 3.5 (given)",
        "centring none",
        "η = 0.5",
        "2,000 random Fourier features",
        "unseen rows: not tried",
        "unrelated spaces: not tried",
    ):
        assert part in told


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data + "|"


def test_html_escapes_what_users_gave(clusters: tuple[Cluster, ...]) -> None:
    odd = replace(clusters[2], survives=None, held_out=(np.nan,) * 3, within=(np.nan, 0.5), enrichment=())
    tied = replace(clusters[1], components=(1, 2), constant_share=0.7, survives=False)
    rows = table_rows((clusters[0], tied, odd))
    page = Tags()
    page.feed(card("<b>found</b>", ("<img>",), columns(rows), "<script>"))
    assert set(page.seen) == {"div", "p", "strong", "table", "thead", "tr", "th", "tbody", "td", "small"}
    assert page.seen.count("tr") == 4 and page.seen.count("td") == 3 * page.seen.count("th")
    for part in (
        "<b>found</b>",
        "<script>",
        "<img>",
        "<i>a</i>",
        "1 (2 tied)",
        "(everything)",
        "|tight|",
        "|not found again|",
        "|–|",
    ):
        assert part in page.text
    assert "table" not in card("same", (), columns([]), "line")


def test_the_result_speaks(clusters: tuple[Cluster, ...]) -> None:
    result = spectral_comparison(clusters, decomposed(X, Y, 6)[1], Items(labels=LABELS))
    assert result.sentence == said(clusters) and result.provenance == provenance(PARAMS)
    assert result.rows == [one.row for one in clusters] and len(result.to_frame()) == 6
    assert "&lt;i&gt;a" in result._repr_html_() and "<i>" not in result._repr_html_()


def test_planted_groups_from_end_to_end() -> None:
    rng = np.random.default_rng(0)
    both = rng.normal(size=(600, 32))
    x, y = both + 0.3 * rng.normal(size=both.shape), both + 0.3 * rng.normal(size=both.shape)
    x[:90, 0] += 7
    y[90:150, 1] += 7
    labels = ["flag"] * 90 + ["face"] * 60 + ["rest"] * 450
    found = spectral.spec(x, y, items=Items(labels=labels), names=("CLIP", "DINOv2"), progress=False)
    flag, face = found.side("X")[0], found.side("Y")[0]
    assert flag.kind == face.kind == "tight" and (flag.name, face.name) == ("flag", "face")
    assert (flag.enrichment[0].term, face.enrichment[0].term) == ("flag", "face")
    assert flag.ranking[0] > flag.ranking[1] and face.ranking[1] > face.ranking[0]
    assert "CLIP and DINOv2 each have one tight group" in found.sentence and "'face'" in found.sentence


def test_an_offset_from_end_to_end() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 200, 16))
    told = spectral.spec(x + 5, y, kernel="cosine", center=False, progress=False).sentence
    assert "? The leading eigenvector" in told and "center='mean' takes an offset away" in told
    assert "constant" not in spectral.spec(x + 5, y, kernel="cosine", progress=False).sentence
    assert "have the same kernel" in spectral.spec(x, x, progress=False).sentence
    assert "not tried on unseen rows" in spectral.spec(x, y, splits=0, progress=False).sentence
    few, wide = np.random.default_rng(0).normal(size=(2, 100, 1000))
    assert (
        "None of 4 groups is found again"
        in spectral.spec(few, wide, n_components=4, kernel="cosine", progress=False).sentence
    )
