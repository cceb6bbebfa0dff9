"""Arrays on their way to the browser and back."""

import numpy as np
import pytest
from ipywidgets.widgets.widget import _put_buffers, _remove_buffers
from traitlets import HasTraits, TraitError

from embwidget.widgets.wire.binary import Array, decode, encode


class Holder(HasTraits):
    rows = Array("<u4", ndim=1, stored="<i8")
    counts = Array("|u1", "<u2", ndim=2)
    positions = Array("<f4", ndim=2)


@pytest.mark.parametrize("dtype", ["<f4", "<u4", "<u2", "|u1"])
def test_an_array_survives_the_message_with_its_buffers(dtype):
    array = np.arange(12, dtype=dtype).reshape(3, 4)
    state, paths, buffers = _remove_buffers({"a": encode(array[:, ::2])})
    message = [memoryview(bytes(buffer)) for buffer in buffers]
    _put_buffers(state, paths, message)
    back = decode(state["a"])
    assert back.dtype == dtype
    np.testing.assert_array_equal(back, array[:, ::2])


def test_bytes_on_the_wire_are_little_endian():
    assert bytes(encode(np.array([1], "<u4"))["data"]) == b"\x01\0\0\0"
    holder = Holder(rows=np.array([258], ">i8"))
    assert bytes(Holder.rows.metadata["to_json"](holder.rows, holder)["data"]) == b"\x02\x01\0\0"


def test_a_decoded_array_outlives_the_buffer_of_its_message():
    buffer = bytearray(np.array([1, 2], "<u4").tobytes())
    rows = decode({"dtype": "<u4", "shape": [2], "data": memoryview(buffer)})
    buffer[:] = bytes(8)
    assert rows.tolist() == [1, 2]


def test_a_message_with_too_few_bytes_is_refused():
    with pytest.raises(ValueError, match="expected 8 bytes for shape"):
        decode({"dtype": "<u4", "shape": [2], "data": b"1234"})
    with pytest.raises(ValueError, match="expected an array of dtype"):
        decode({"dtype": "|O", "shape": [1], "data": b"12345678"})


def test_row_numbers_are_integers_in_python_whatever_wrote_them():
    holder = Holder(rows=[3, 1])
    assert holder.rows.dtype == np.int64
    assert holder.rows.tolist() == [3, 1]
    holder.rows = Holder.rows.metadata["from_json"](encode(np.array([7], "<u4")), holder)
    assert holder.rows.tolist() == [7]


@pytest.mark.parametrize("bad", [[1.5], [True], [-1], [[1]], ["1"]])
def test_what_is_no_list_of_rows_is_refused_and_nothing_changes(bad):
    holder = Holder(rows=[3])
    with pytest.raises(TraitError, match="expected rows"):
        holder.rows = bad
    assert holder.rows.tolist() == [3]


def test_counts_keep_the_smallest_type_that_holds_them():
    assert Holder(counts=np.ones((2, 2), np.uint8)).counts.dtype == np.uint8
    assert Holder(counts=np.full((2, 2), 300, np.uint16)).counts.dtype == np.uint16


def test_an_equal_array_is_no_change_and_a_kept_array_cannot_be_edited():
    holder, heard = Holder(rows=[1, 2]), []
    holder.observe(heard.append, "rows")
    holder.rows = np.array([1, 2])
    assert heard == []
    holder.rows = []
    assert len(heard) == 1
    with pytest.raises(ValueError, match="read-only"):
        Holder(rows=[1]).rows[0] = 5
