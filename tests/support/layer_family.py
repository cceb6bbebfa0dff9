"""A family of small networks on scikit-learn's digits, trained side by side: tanh, ReLU, convolution."""

import functools
import math
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import torch
from digit_nets import split
from sklearn.datasets import load_digits

LAYERS = 6
SCORED = 300
KINDS = ("tanh", "relu", "convolution")
DROPPED = 0.2
_WIDEST = {"tanh": 64, "relu": 64, "convolution": 12}
_EPOCHS = {"tanh": 60, "relu": 40, "convolution": 20}
_POOLED = (2, 4)
"""Convolutions that see a picture of half the side."""

Spaces = dict[str, np.ndarray]


@dataclass(frozen=True)
class Member:
    """What the networks are made of, whether all layers of all of them are as wide, and whether units were dropped."""

    kind: str
    equal: bool
    dropout: bool

    def __str__(self) -> str:
        return f"{self.kind}, {'equal' if self.equal else 'different'} widths{', dropout' if self.dropout else ''}"

    def widths(self, networks: int) -> np.ndarray:
        """Units (or channels) of each layer of each network, ``(networks, LAYERS)``."""
        most = _WIDEST[self.kind]
        if self.equal:
            return np.full((networks, LAYERS), most * 3 // 4)
        # Of a few channels fewer can die before a network sees nothing: no layer is narrower than half.
        least = most // 2 if self.kind == "convolution" else most // 3
        return np.random.default_rng(5).integers(least, most + 1, (networks, LAYERS))


MEMBERS = tuple(Member(*one) for one in product(KINDS, (True, False), (False, True)))


@dataclass(eq=False)
class Stack:
    """Networks of one member, all as wide as the widest: units that a network lacks are zero."""

    member: Member
    networks: int
    weights: list[torch.Tensor] = field(default_factory=list)
    gains: list[torch.Tensor] = field(default_factory=list)
    offsets: list[torch.Tensor] = field(default_factory=list)
    norms: list[tuple[torch.Tensor, torch.Tensor]] = field(default_factory=list)

    def __post_init__(self) -> None:
        conv, most = self.member.kind == "convolution", _WIDEST[self.member.kind]
        scale = 1 if self.member.kind == "tanh" else 2
        widths = self.member.widths(self.networks)
        self.masks = [torch.arange(most) < torch.from_numpy(widths[:, layer : layer + 1]) for layer in range(LAYERS)]
        counts = [np.full(self.networks, 1 if conv else 64), *widths.T]
        for layer in range(LAYERS):
            shape = (1 if layer == 0 else most, most, 3, 3) if conv else (64 if layer == 0 else most, most)
            started = []
            for network in range(self.networks):
                made = torch.Generator().manual_seed(1000 * network + layer)
                fan_in = int(counts[layer][network]) * (9 if conv else 1)
                started.append(torch.randn(shape, generator=made) * math.sqrt(scale / fan_in))
            self.weights.append(torch.stack(started).requires_grad_())
            self.gains.append(torch.ones(self.networks, most, requires_grad=True))
            self.offsets.append(torch.zeros(self.networks, most, requires_grad=True))
        made = torch.Generator().manual_seed(99)
        last = torch.randn(self.networks, most, 10, generator=made) / math.sqrt(most)
        self.head = last.requires_grad_()

    @property
    def parameters(self) -> list[torch.Tensor]:
        """All that is trained."""
        return [*self.weights, *self.gains, *self.offsets, self.head]

    def hidden(self, data: torch.Tensor, *, training: bool, dropped: float = 0.0) -> list[torch.Tensor]:
        """Of each layer ``(networks, n, units)``, of a convolution ``(networks, n, units, side, side)``."""
        conv = self.member.kind == "convolution"
        x, found, norms = data.expand(self.networks, *data.shape), [], []
        x = x.unflatten(2, (1, 8, 8)) if conv else x
        for layer in range(LAYERS):
            if conv and layer in _POOLED:
                x = torch.nn.functional.avg_pool2d(x.flatten(0, 1), 2).unflatten(0, x.shape[:2])
            x = _convolved(x, self.weights[layer]) if conv else torch.bmm(x, self.weights[layer])
            if self.member.kind != "tanh":
                over = (1, 3, 4) if conv else (1,)
                known = (x.mean(over), x.var(over, correction=0)) if training else self.norms[layer]
                norms.append(known)
                mean, variance = (_wide(one, x) for one in known)
                x = _wide(self.gains[layer], x) * (x - mean) / (variance + 1e-5).sqrt()
            x = x + _wide(self.offsets[layer], x)
            x = (x.tanh() if self.member.kind == "tanh" else x.relu()) * _wide(self.masks[layer], x)
            found.append(x)
            x = torch.nn.functional.dropout(x, dropped) if dropped else x
        if training and not torch.is_grad_enabled():
            self.norms = norms
        return found

    def digits(self, hidden: list[torch.Tensor]) -> torch.Tensor:
        """What each network takes the pictures for, ``(networks, n, 10)``."""
        last = hidden[-1]
        return torch.bmm(last.mean((3, 4)) if last.ndim > 3 else last, self.head)

    def train(self, data: torch.Tensor, labels: torch.Tensor) -> "Stack":
        """Adam, batches of 64; what batch-norm takes for mean and variance is that of all rows, last."""
        optimizer = torch.optim.Adam(self.parameters, lr=1e-3 if self.member.kind == "tanh" else 3e-3)
        generator = torch.Generator().manual_seed(0)
        dropped = DROPPED if self.member.dropout else 0.0
        with torch.random.fork_rng():
            torch.manual_seed(0)
            for _ in range(_EPOCHS[self.member.kind]):
                for batch in torch.randperm(len(data), generator=generator).split(64):
                    optimizer.zero_grad()
                    out = self.digits(self.hidden(data[batch], training=True, dropped=dropped))
                    torch.nn.functional.cross_entropy(out.flatten(0, 1), labels[batch].repeat(self.networks)).backward()
                    optimizer.step()
        with torch.no_grad():
            self.hidden(data, training=True)
        return self

    def spaces(self, data: torch.Tensor) -> Spaces:
        """The rows of every layer of every network, of the units that it has."""
        with torch.no_grad():
            found = self.hidden(data, training=False)
        return {
            name_of(network, layer): found[layer][network][:, self.masks[layer][network]].flatten(1).numpy()
            for network in range(self.networks)
            for layer in range(LAYERS)
        }


def name_of(network: int, layer: int) -> str:
    """What a layer of a network is called."""
    return f"net {network} layer {layer}"


def groups_of(networks: range) -> dict[str, tuple[int, int]]:
    """``{name: (network, layer)}`` of the layers of some networks."""
    return {name_of(network, layer): (network, layer) for network in networks for layer in range(LAYERS)}


def of(spaces: Spaces, networks: range) -> Spaces:
    """Those of some networks."""
    return {name: spaces[name] for name in groups_of(networks)}


@functools.cache
def layers_of(member: Member, networks: int) -> tuple[Spaces, Spaces, float]:
    """All layers on 500 rows to fit on and on others to be asked about, and the share of digits told right there."""
    digits, (net, fit, test) = load_digits(), split()
    pictures, labels = torch.from_numpy(digits.data / 16).float(), torch.from_numpy(digits.target)
    stack = Stack(member, networks).train(pictures[net], labels[net])
    asked = test[:SCORED]
    with torch.no_grad():
        told = stack.digits(stack.hidden(pictures[asked], training=False)).argmax(2)
    return stack.spaces(pictures[fit]), stack.spaces(pictures[asked]), float((told == labels[asked]).float().mean())


def _wide(one: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """A number a unit, in the shape of activations."""
    return one[:, None, :, None, None] if x.ndim > 3 else one[:, None, :]


def _convolved(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Each network's own convolution: all in one product, by groups."""
    networks = len(x)
    joined = x.transpose(0, 1).flatten(1, 2)
    filters = weight.transpose(1, 2).flatten(0, 1)
    found = torch.nn.functional.conv2d(joined, filters, padding=1, groups=networks)
    return found.unflatten(1, (networks, -1)).transpose(0, 1)
