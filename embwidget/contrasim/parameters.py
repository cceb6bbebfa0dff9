"""Parameters of an estimator in scikit-learn's manner: the arguments of its constructor, kept as given."""

import inspect
from typing import Any, TypeVar

_Model = TypeVar("_Model", bound="Parameters")


class Parameters:
    """``get_params`` and ``set_params``, so that scikit-learn can clone and search."""

    @classmethod
    def _names(cls) -> list[str]:
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The constructor's arguments by name."""
        return {name: getattr(self, name) for name in self._names()}

    def set_params(self: _Model, **params: Any) -> _Model:
        """Change some; what is fitted stays until the next fit.

        Raises:
            ValueError: no such parameter.

        """
        names = self._names()
        for name, value in params.items():
            if name not in names:
                raise ValueError(f"expected parameters among {', '.join(names)} but got {name!r}")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        defaults = {name: one.default for name, one in inspect.signature(type(self).__init__).parameters.items()}
        changed = (f"{name}={value!r}" for name, value in self.get_params().items() if value != defaults[name])
        return f"{type(self).__name__}({', '.join(changed)})"
