"""Results as plain values: what JSON holds, whatever they hold."""

import json
from pathlib import Path

import numpy as np
import pytest
from every_result import RESULTS, made

import embwidget as ew
from embwidget.results.plain import plain_value


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_is_plain(name: str, tmp_path: Path) -> None:
    result = made(name)
    plain = result.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert (plain["kind"], plain["embwidget"]) == (type(result).__name__, ew.__version__)
    assert plain["sentence"] == result.sentence
    result.to_json(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == plain


def test_numbers_are_those_of_the_result() -> None:
    result = made("Comparison")
    plain = result.to_dict()
    assert plain["scores"]["nngs"]["value"] == result.scores["nngs"].value
    assert plain["arrays"]["curves.nngs.curve"] == result.curves["nngs"].curve.tolist()
    assert plain["arrays"]["counts"] == {"dtype": result.counts.dtype.str, "shape": [*result.counts.shape]}
    whole = result.to_dict(longest=None)
    assert np.array_equal(whole["arrays"]["counts"], result.counts)


def test_what_is_no_number_is_null() -> None:
    odd = {"a": np.array([np.nan, np.inf, 1.5]), 3: (np.float32("nan"), True, None, Path("x"))}
    assert plain_value(odd) == {"a": [None, None, 1.5], "3": [None, True, None, "x"]}
