"""Spaces as layers of networks: which are views of the same thing."""

import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any


@dataclass(frozen=True)
class SpaceGrid:
    """Names of spaces by network and layer: ``names[v][l]``; without layers, each space is a network of one."""

    names: tuple[tuple[str, ...], ...]

    @property
    def layers(self) -> int:
        """Layers of each network."""
        return len(self.names[0])

    @property
    def flat(self) -> tuple[str, ...]:
        """All names, network by network."""
        return tuple(name for network in self.names for name in network)


def space_grid(names: Sequence[str], groups: Any, called: str = "groups") -> SpaceGrid:
    """The grid of spaces whose ``groups`` are ``{name: (network, layer)}``; None: each is a network of its own.

    Errors name the groups as they are ``called`` where they were given.

    Raises:
        TypeError: a network or a layer that no dict can hold as a key.
        ValueError: a space without its group, two at one place, fewer than two networks, networks of unlike layers.

    """
    if groups is None:
        return SpaceGrid(tuple((name,) for name in names))
    if not isinstance(groups, Mapping) or set(groups) != set(names):
        raise ValueError(
            f"expected {called} as {{name: (network, layer)}} with the names of the spaces but got "
            f"{_unlike(groups, names)}"
        )
    places: dict[Any, dict[Any, str]] = {}
    for name in names:
        place = groups[name]
        if not isinstance(place, (tuple, list)) or len(place) != 2:
            raise ValueError(f"expected {called} as {{name: (network, layer)}} but got {place!r} for {name!r}")
        try:
            hash(tuple(place))
        except TypeError as error:
            raise TypeError(
                f"expected networks and layers in {called} to be strings or numbers but got {place!r}: {error}"
            ) from None
        layers = places.setdefault(place[0], {})
        if place[1] in layers:
            raise ValueError(f"expected one space at each network and layer but got {layers[place[1]]!r} and {name!r}")
        layers[place[1]] = name
    first = next(iter(places))
    if len(places) < 2:
        raise ValueError(f"expected layers of at least two networks but got those of {first!r} alone")
    for network, layers in places.items():
        if set(layers) != set(places[first]):
            raise ValueError(f"expected the same layers of each network but {first!r} and {network!r} have others")
    order = list(places[first])
    if all(isinstance(layer, Real) for layer in order):
        order.sort()
    return SpaceGrid(tuple(tuple(layers[layer] for layer in order) for layers in places.values()))


def _unlike(groups: Any, names: Sequence[str]) -> str:
    """What is given in place of groups of spaces."""
    if not isinstance(groups, Mapping):
        given = reprlib.repr(groups) if isinstance(groups, (int, float, str, bytes)) else f"a {type(groups).__name__}"
        return f"{given}; say where each stands, as in {{{names[0]!r}: ('network', 0), …}}"
    without = [name for name in names if name not in groups]
    return f"none for {without[0]!r}" if without else f"one for {next(n for n in groups if n not in names)!r} too"
