import base64
import io
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import PIL.Image
import pytest
from shown_chart import shown_svg

import embwidget as ew
from embwidget.charts import OfflineChart, OfflinePanels, kernel_heatmap, spectrum
from embwidget.charts.palette import ONLY_X
from embwidget.measures import Score
from embwidget.spectral import Cluster, SpectralComparison
from embwidget.spectral.cluster_quality import Histograms
from embwidget.spectral.enrichment import Enrichment

N = 90
VALUES = [0.3, -0.2, 0.1, 0.1, -0.05, 0.0]
HELD = [[0.28, 0.2, 0.36], [-0.15, -0.2, -0.1], [0.08, 0.05, 0.1], [0.07, 0.04, 0.1], [0.01, -0.02, 0.04], [np.nan] * 3]
GROUPS = {"X": [(0, 30), (30, 50)], "Y": [(50, 70)]}


@dataclass(frozen=True, eq=False, repr=False)
class Drawn(SpectralComparison):
    """A result written by hand, with similarities that are blocks of known rows."""

    def similarity(self, side: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        group = np.full(N, -1)
        for i, (start, stop) in enumerate(GROUPS[side]):
            group[start:stop] = i
        same = (group[a][:, None] == group[b]) & (group[a][:, None] >= 0)
        return np.where(a[:, None] == b, 1.0, np.where(same, 0.5 + a[:, None] / 1000 + b / 1000, 0.01))


def cluster(index: int, components: tuple[int, ...], rows: range, survives: bool | None, term: str = "") -> Cluster:
    empty, value = np.zeros(1), VALUES[components[0]]
    terms = (
        (Enrichment(kind="label", term=term, inside=5, members=10, outside=0, others=50, odds=9.0, p=1e-9, q=1e-8),)
        if term
        else ()
    )
    return Cluster(
        index=index,
        components=components,
        eigenvalue=value,
        side="X" if value > 0 else "Y",
        loadings=np.zeros(N),
        indices=np.array(rows),
        effective_size=float(len(rows)),
        share=len(rows) / N,
        constant_share=0.0,
        held_out=tuple(HELD[components[0]]),
        survives=survives,
        within=(0.5, 0.1),
        between=(0.0, 0.0),
        histograms=Histograms(np.zeros(2), np.zeros(2), empty, empty, empty, empty),
        ranking=(0.9, 0.5),
        enrichment=terms,
        nearest=np.zeros(0, np.int64),
        name=term or None,
    )


def drawn(**changes: Any) -> Drawn:
    found = Drawn(
        names=("a", "<i>b</i>"),
        eigenvalues=np.array(VALUES),
        eigenvectors=np.zeros((N, 6)),
        residuals=np.zeros(6),
        constant_share=np.zeros(6),
        held_out=np.array(HELD),
        noise_floor=0.0,
        unrelated=np.array([-0.4, 0.25, 0.2]),
        spec_diff=0.3,
        score=Score(
            measure="spec_diff",
            value=0.3,
            ks=np.array([]),
            curve=np.array([]),
            null_mean=0.4,
            null_sd=0.01,
            calibrated=0.0,
            z=0.0,
            p=1.0,
            interval=None,
            per_item=None,
        ),
        clusters=(
            cluster(0, (0,), range(30), True, "<b>clocks</b>"),
            cluster(1, (1,), range(50, 70), True, "flags"),
            cluster(2, (2, 3), range(25, 50), None),
            cluster(3, (4,), range(70, 80), False),
        ),
        maps=(np.zeros((N, 2), np.float32), np.zeros((N, 2), np.float32)),
        items=ew.Items(texts=[f"item {i}" for i in range(N)]),
        params={"kernel": "cosine"},
        warnings=(),
    )
    return replace(found, **changes)


@pytest.fixture(autouse=True)
def default_renderer() -> Any:
    yield
    alt.renderers.enable("default")


def bars(chart: OfflineChart) -> list[dict[str, Any]]:
    return max(chart.to_dict()["datasets"].values(), key=len)


def words(path: Path) -> str:
    root = ElementTree.parse(path).getroot()
    return " ".join(element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text"))


def test_each_eigenvalue_is_a_bar_with_its_side_its_reference_and_its_kind() -> None:
    rows = bars(spectrum(drawn()))
    assert [row["eigenvalue"] for row in rows] == VALUES
    lost, broad = "not found again", "more by <i>b</i>, broad direction"
    sides = ["more by a, tight", broad, "more by a, tight", "more by a, tight", lost, lost]
    assert [row["side"] for row in rows] == sides
    assert [[row[name] for name in ("held out", "low", "high")] for row in rows[:5]] == HELD[:5]
    assert "low" not in rows[5]
    # the reference of a rank is drawn on the side of the bar: its own sign is as good as chance
    assert [row.get("unrelated") for row in rows] == [0.4, -0.25, 0.2, None, None, None]


def test_sides_have_the_colours_of_the_gallery() -> None:
    (scale,) = [
        layer["encoding"]["color"]["scale"]
        for layer in spectrum(drawn()).to_dict()["layer"]
        if "color" in layer["encoding"]
    ]
    colours = dict(zip(scale["domain"], scale["range"], strict=True))
    assert (colours["more by a, tight"], colours["more by <i>b</i>, broad direction"]) == (ONLY_X, "#a6cbe3")


def test_bars_carry_numbers_and_titles_and_ties_a_letter() -> None:
    found = drawn()
    names = ["0 · <b>clocks</b>", "1 · flags", "2 · group 2 (a)", "2 · group 2 (b)", "3 · group 3", "(5)"]
    assert [row["cluster"] for row in bars(spectrum(found))] == names
    found.rename(0, "my clocks")
    assert [row["cluster"] for row in bars(spectrum(found))] == ["0 · my clocks", *names[1:]]


def test_a_turned_group_is_one_bar_of_its_own_eigenvalue() -> None:
    found = drawn()
    turned = replace(
        found.clusters[1], components=(0, 1), weights=(0.6, 0.8), eigenvalue=-0.27, held_out=(-0.2, -0.3, -0.1)
    )
    first = replace(found.clusters[0], components=(0, 1), weights=(0.8, -0.6), eigenvalue=0.32)
    found = replace(found, clusters=(first, turned, *found.clusters[2:]))
    rows = bars(spectrum(found))
    assert [(row["cluster"], row["eigenvalue"]) for row in rows[:2]] == [
        ("0 · <b>clocks</b>", 0.32),
        ("1 · flags", -0.27),
    ]
    assert [rows[1][name] for name in ("held out", "low", "high")] == [-0.2, -0.3, -0.1]
    assert [row.get("unrelated") for row in rows[:2]] == [0.4, -0.25]
    assert [row["eigenvalue"] for row in rows[2:]] == VALUES[2:]


def test_names_take_the_place_of_titles() -> None:
    rows = bars(spectrum(drawn(), names=["watches", "banners"]))
    assert [row["cluster"] for row in rows][:3] == ["0 · watches", "1 · banners", "2 · group 2 (a)"]


@pytest.mark.parametrize(("names", "got"), [(["x"] * 5, "5 names"), ("clocks", "'clocks'")])
def test_names_that_do_not_fit_are_refused(names: Any, got: str) -> None:
    for chart in (spectrum, kernel_heatmap):
        with pytest.raises(ValueError, match=f"a list of at most 4 names, one for each .* but got {got}"):
            chart(drawn(), names=names)


def test_nothing_is_drawn_that_was_not_computed() -> None:
    bare = drawn(held_out=np.full((6, 3), np.nan), unrelated=np.zeros(0))
    assert len(spectrum(bare).layer) == 2
    written = str(spectrum(bare).to_dict()["title"])
    assert "held-out" not in written and "unrelated" not in written and "floor" not in written
    whole = spectrum(drawn(noise_floor=0.02))
    assert len(whole.layer) == 7
    assert {"low": -0.02, "high": 0.02} in [row for rows in whole.to_dict()["datasets"].values() for row in rows]
    written = str(whole.to_dict()["title"])
    assert "held-out" in written and "unrelated" in written and "noise floor" in written


def test_spaces_of_one_name_are_told_apart() -> None:
    rows = bars(spectrum(drawn(names=("clip", "clip"))))
    assert [row["side"] for row in rows[:2]] == [
        "more by clip (first), tight",
        "more by clip (second), broad direction",
    ]


def test_equal_spaces_have_a_spectrum_of_zeros() -> None:
    zeros = drawn(eigenvalues=np.zeros(6), clusters=(), unrelated=np.zeros(0), held_out=np.full((6, 3), np.nan))
    assert [row["cluster"] for row in bars(spectrum(zeros))] == [f"({i})" for i in range(6)]
    assert "svg" in shown_svg(spectrum(zeros)._repr_mimebundle_())
    with pytest.raises(ValueError, match="expected groups to draw but the spaces have none that they do not share"):
        kernel_heatmap(zeros)


def blocks(chart: OfflinePanels) -> list[tuple[str, float]]:
    (rows,) = [rows for rows in chart.to_dict()["datasets"].values() if "block" in rows[0]]
    return [(row["block"], row["y"]) for row in rows]


def pixels(chart: OfflinePanels, rows: int) -> list[np.ndarray]:
    """Both matrices as grey values, one for each entry."""
    found = []
    for panel in chart.to_dict()["hconcat"]:
        (values,) = [
            chart.to_dict()["datasets"][layer["data"]["name"]]
            for layer in panel["layer"]
            if layer["mark"]["type"] == "image"
        ]
        data = base64.b64decode(values[0]["url"].split(",")[1])
        with PIL.Image.open(io.BytesIO(data)) as picture:
            assert picture.width == picture.height and picture.width % rows == 0
            grey = np.asarray(picture.convert("L"))
        each = len(grey) // rows
        cells = grey.reshape(rows, each, rows, each)
        assert (cells == cells[:, :1, :, :1]).all()  # whole pixels: nothing is blurred
        found.append(cells[:, 0, :, 0])
    return found


def test_rows_are_the_clusters_by_side_then_others() -> None:
    chart = kernel_heatmap(drawn(), members=10, rest=15)
    # rows 25 to 49 are of clusters 0 and 2, of which 0 shows ten; cluster 3 is not found again
    assert blocks(chart) == [("0 · <b>clocks</b>", 5), ("2 · group 2", 15), ("1 · flags", 25), ("15 others", 37.5)]
    left, right = pixels(chart, 45)
    for start, stop, tight, loose in ((0, 10, left, right), (20, 30, right, left)):
        square = tight[start:stop, start:stop]
        assert square.min() > 160
        off = ~np.eye(10, dtype=bool)
        assert (loose[start:stop, start:stop][off] < 40).all()
        assert (np.diag(loose)[start:stop] > 160).all()


def test_an_item_of_two_clusters_is_shown_with_the_first() -> None:
    chart = kernel_heatmap(drawn(), clusters=[2, 0], members=30, rest=0)
    assert blocks(chart) == [("0 · <b>clocks</b>", 15), ("2 · group 2", 40)]


def test_others_are_members_of_no_cluster_shown_and_the_same_each_time() -> None:
    asked = []

    class Asked(Drawn):
        def similarity(self, side: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
            asked.append(a.tolist())
            return super().similarity(side, a, b)

    result = Asked(**vars(drawn()))
    for seed in (0, 0, 1):
        kernel_heatmap(result, clusters=1, members=5, rest=30, random_state=seed)
    first, _, again, _, other, _ = asked
    assert first == again != other
    assert first[:5] == [0, 1, 2, 3, 4]
    assert set(first[5:]) <= set(range(30, 90)) and len(set(first)) == 35
    kernel_heatmap(result, clusters=1, members=5, rest=500)
    assert len(asked[-1]) == 65


def test_negative_similarities_get_colours_of_their_own_about_white() -> None:
    class Signed(Drawn):
        def similarity(self, side: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
            return super().similarity(side, a, b) - 0.3 * (side == "Y")

    left, right = kernel_heatmap(Signed(**vars(drawn()))).to_dict()["hconcat"]
    domains = [
        layer["encoding"]["color"]["scale"]["domain"]
        for panel in (left, right)
        for layer in panel["layer"]
        if "color" in layer.get("encoding", {})
    ]
    assert domains[0][0] > 0
    assert domains[1][0] == -domains[1][-1] and domains[1][1] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"clusters": [0, 9]}, r"indices of clusters in 0\.\.3 but got \[9\]; see result\.clusters"),
        ({"clusters": []}, r"indices of clusters in 0\.\.3 but got none"),
        ({"clusters": 0}, "clusters to be a whole number, at least 1, but got 0"),
        ({"members": 0}, "members to be a whole number, at least 1, but got 0"),
        ({"rest": -1}, "rest to be a whole number, at least 0, but got -1"),
    ],
)
def test_rows_that_cannot_be_shown_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kernel_heatmap(drawn(), **arguments)


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        (spectrum, ["a and <i>b</i>", "0 · <b>clocks</b>", "eigenvalue λ", "more by <i>b</i>"]),
        (kernel_heatmap, ["Similarity in a and <i>b</i>", "0 · <b>clocks</b>", "others", "<i>b</i>"]),
    ],
)
def test_saves_svg_and_png_on_white(chart: Any, expected: list[str], tmp_path: Path) -> None:
    chart(drawn()).save(tmp_path / "chart.svg")
    written = words(tmp_path / "chart.svg")
    assert all(text in written for text in expected), written  # names are text, not tags
    chart(drawn()).save(tmp_path / "chart.png", ppi=200)
    with PIL.Image.open(tmp_path / "chart.png") as picture:
        assert picture.width > 900
        flat = picture.convert("RGB")
        assert flat.getpixel((0, 0)) == flat.getpixel((flat.width - 1, flat.height - 1)) == (255, 255, 255)
        assert len(flat.quantize(64).convert("RGB").getcolors(1 << 20)) > 5


@pytest.mark.parametrize(
    ("chart", "text"), [(spectrum, "OfflineChart(layers=5)"), (kernel_heatmap, "OfflinePanels(panels=2)")]
)
def test_shows_itself_as_svg_with_no_network(chart: Any, text: str) -> None:
    bundle = chart(drawn())._repr_mimebundle_()
    assert set(bundle) == {"image/png", "text/html", "text/plain"}
    tree = ElementTree.parse(io.StringIO(shown_svg(bundle)))
    links = [value for element in tree.iter() for name, value in element.attrib.items() if "href" in name]
    assert all(link.startswith("data:image/png;base64,") for link in links)
    assert bundle["text/plain"] == text
    alt.renderers.enable("png")
    assert "svg" not in str(chart(drawn())._repr_mimebundle_())
