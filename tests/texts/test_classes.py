import time

import numpy as np

from embwidget.texts.classes import class_codes, in_natural_order


def test_numbers_are_ordered_by_size() -> None:
    assert in_natural_order(["10", "2", "1e3", "-3", "0.5", "02"]) == ["-3", "0.5", "02", "2", "10", "1e3"]
    assert in_natural_order(["layer10.a", "layer2.b", "layer2.a"]) == ["layer2.a", "layer2.b", "layer10.a"]
    assert in_natural_order(["b", "3", "B", "a3x", "a", ""]) == ["3", "", "B", "a", "a3x", "b"]


def test_no_label_breaks_the_order() -> None:
    odd = ["9" * 100_000, "1" * 5000 + "x", "1_0", "nan", "inf", "²", "٣", "\ud800", "1e999", "-", "+1"]
    assert sorted(in_natural_order(odd)) == sorted(odd)


def test_codes_number_the_classes_and_leave_out_the_empty_label() -> None:
    names, codes = class_codes(np.array(["b10", "", "b9", "b10"], object))
    assert (names, codes.tolist()) == (["b9", "b10"], [1, -1, 0, 1])
    assert class_codes([])[0] == []


def test_many_classes_cost_little() -> None:
    labels = [f"class {i}" for i in range(10_000)] * 5
    start = time.process_time()
    names, codes = class_codes(labels)
    assert time.process_time() - start < 1
    assert (names[2], codes[2], codes[10_002]) == ("class 2", 2, 2)
