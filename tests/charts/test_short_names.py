"""Names along the axes of charts are short and never alike."""

import pytest

from embwidget.charts.short_names import short_names

LAYER = "open/clip-{}-patch16/encoder.layers.{}.mlp"


@pytest.mark.parametrize(
    ("names", "most", "expected"),
    [
        ([], 3, []),
        (["a", "bb", ""], 3, ["a", "bb", ""]),
        (["resnet50-imagenet", "vgg16-imagenet"], 9, ["resnet50…", "vgg16-im…"]),
        (["transformer-layer-01", "transformer-layer-02"], 11, ["transfo…-01", "transfo…-02"]),
        ([LAYER.format(*one) for one in (("base", 0), ("base", 1), ("large", 0))], 12, ["base…0", "base…1", "large…0"]),
        ([LAYER.format("base", 0), LAYER.format("base", 10), "noise"], 9, ["…0…", "…10…", "noise"]),
        (
            [f"encoder.layers.{one}.out" for one in ("3.attention", "12.mlp.up", "3.mlp.up")],
            10,
            ["3.attenti…", "12.mlp.up", "3.mlp.up"],
        ),
        (["日本語日本語", "日"], 6, ["日本…", "日"]),
    ],
)
def test_names_lose_what_does_not_tell_them_apart(names: list[str], most: int, expected: list[str]) -> None:
    assert short_names(names, most) == expected


@pytest.mark.parametrize("most", [5, 8, 13])
@pytest.mark.parametrize(
    "names",
    [
        [f"model {'x' * 40}{i}{'y' * 40}" for i in range(100)],
        [name + "z" * 30 for name in ("a b", "a  b", "a   b")],
        ["long" * 9, "long" * 9 + " ", "long…"],
    ],
)
def test_names_are_never_alike_whatever_the_room(names: list[str], most: int) -> None:
    short = short_names(names, most)
    assert len(set(short)) == len(names)
    assert all(len(name) <= most for name in short)
