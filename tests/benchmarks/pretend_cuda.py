"""The CUDA path of a program on a machine without a GPU: ``with pretend_cuda.device(): ...``.

Tensors that the program puts on "cuda" keep real values in CPU memory but carry the label; an operation that mixes
labels raises, as CUDA would, and so does indexing a CPU tensor with labelled indices or asking a labelled one for
.numpy(). Values are real, so that results can be compared with the CPU's. What it cannot do: gradients (the autograd
engine asks the driver), streams, speed, memory, rounding of real kernels. It needs a CUDA build of torch (a CPU build
refuses the label); ``every_verb_on_cuda.py`` says how to have one.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

LABEL = torch.device("cuda", 0)
_MAY_MIX = {
    "aten::_to_copy",
    "aten::copy_",
    "aten::index",
    "aten::index_put",
    "aten::index_put_",
    "aten::_index_put_impl_",
    "aten::set_",
}


class Labelled(torch.Tensor):
    """A tensor that says cuda and holds its values on the CPU."""

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> "Labelled":
        shape = {
            "strides": held.stride(),
            "storage_offset": held.storage_offset(),
            "dtype": held.dtype,
            "layout": held.layout,
        }
        made = torch.Tensor._make_wrapper_subclass(cls, held.size(), device=LABEL, requires_grad=False, **shape)
        made.held = held
        return made

    def tolist(self) -> Any:
        return self.held.tolist()

    def __repr__(self) -> str:
        return f"Labelled({self.held!r})"

    @classmethod
    def __torch_dispatch__(cls, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _run(operation, args, kwargs or {})


class _Mode(TorchDispatchMode):
    def __torch_dispatch__(self, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _run(operation, args, kwargs or {})


def _run(operation: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    name = operation._schema.name
    given = [one for one in tree_flatten((args, kwargs))[0] if isinstance(one, torch.Tensor)]
    labelled = [one for one in given if isinstance(one, Labelled)]
    plain = [one for one in given if not isinstance(one, Labelled) and one.dim() > 0]
    if labelled and plain and name not in _MAY_MIX:
        shapes = [tuple(one.shape) for one in labelled], [tuple(one.shape) for one in plain]
        raise RuntimeError(
            f"Expected all tensors to be on the same device: {operation} got cuda {shapes[0]} and cpu {shapes[1]}"
        )
    if name.startswith(("aten::index", "aten::_index")) and not isinstance(args[0], Labelled) and labelled:
        raise RuntimeError(f"{operation}: indices should be on cpu, as the tensor is")
    wanted = kwargs.get("device")
    held = tree_map(lambda one: one.held if isinstance(one, Labelled) else one, (args, dict(kwargs)))
    if held[1].get("device") is not None:
        held[1]["device"] = torch.device("cpu")
    found = operation(*held[0], **held[1])
    if name == "aten::copy_":
        return args[0]
    to_cuda = wanted is not None and torch.device(wanted).type == "cuda"
    if name == "aten::_to_copy" and wanted is not None:
        label = to_cuda
    else:
        label = isinstance(args[0], Labelled) if name == "aten::index" else bool(labelled) or to_cuda

    def named(one: Any) -> Any:
        if not isinstance(one, torch.Tensor) or isinstance(one, Labelled):
            return one
        same = next(
            (old for old in labelled if old.held is one), None
        )  # an operation in place gives its own tensor back
        return same if same is not None else Labelled(one) if label else one

    return tree_map(named, found)


@contextlib.contextmanager
def device() -> Iterator[None]:
    """Within it torch believes that there is a GPU."""
    cuda = torch.cuda
    said = {
        "is_available": lambda: True,
        "_lazy_init": lambda: None,
        "current_device": lambda: 0,
        "device_count": lambda: 1,
        "mem_get_info": lambda *_: (60 << 30, 80 << 30),
        "synchronize": lambda *_: None,
        "empty_cache": lambda: None,
        "get_device_name": lambda *_: "pretend",
    }
    before = {name: getattr(cuda, name) for name in said}
    for name, answer in said.items():
        setattr(cuda, name, answer)
    with contextlib.suppress(AttributeError):
        torch._C._ensureCUDADeviceGuardSet()
    try:
        with _Mode():
            yield
    finally:
        for name, function in before.items():
            setattr(cuda, name, function)
