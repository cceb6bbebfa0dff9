"""Small networks on scikit-learn's digits, trained in seconds: the layers of several, and two halves of the picture."""

import functools
import math
from itertools import pairwise

import numpy as np
import torch
from sklearn.datasets import load_digits

NETWORKS, LAYERS, WIDTH = 10, 8, 96
SEEN, UNSEEN = range(6), range(6, 10)
NET_ROWS, FIT_ROWS = 700, 500


def split() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows to train networks on, to fit encoders on, and to test on."""
    order = np.random.default_rng(0).permutation(len(load_digits().data))
    return order[:NET_ROWS], order[NET_ROWS : NET_ROWS + FIT_ROWS], order[NET_ROWS + FIT_ROWS :]


def trained(rows: np.ndarray, seeds: list[int], widths: list[int], labels: np.ndarray, epochs: int) -> list[tuple]:
    """Weights of tanh networks of one shape, one a seed, trained side by side: N(0, 1/fan_in), Adam, batches of 64."""
    layers = []
    for layer, (inputs, outputs) in enumerate(pairwise(widths)):
        made = [torch.Generator().manual_seed(1000 * seed + layer) for seed in seeds]
        weight = torch.stack([torch.randn(inputs, outputs, generator=g) / math.sqrt(inputs) for g in made])
        layers.append((weight.requires_grad_(), torch.zeros(len(seeds), 1, outputs, requires_grad=True)))
    optimizer = torch.optim.Adam([one for pair in layers for one in pair], lr=1e-3)
    data, goal = torch.from_numpy(rows).float(), torch.from_numpy(labels)
    generator = torch.Generator().manual_seed(0)
    for _ in range(epochs):
        for batch in torch.randperm(len(data), generator=generator).split(64):
            optimizer.zero_grad()
            out = activations(layers, data[batch])[-1]
            torch.nn.functional.cross_entropy(out.flatten(0, 1), goal[batch].repeat(len(seeds))).backward()
            optimizer.step()
    return [(weight.detach(), bias.detach()) for weight, bias in layers]


def activations(layers: list[tuple], data: torch.Tensor) -> list[torch.Tensor]:
    """Of each layer ``(networks, n, width)``; the last is the output, without tanh."""
    x, found = data.expand(len(layers[0][0]), *data.shape), []
    for i, (weight, bias) in enumerate(layers):
        x = torch.baddbmm(bias, x, weight)
        x = x.tanh() if i < len(layers) - 1 else x
        found.append(x)
    return found


@functools.cache
def layers_of_networks() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, tuple[int, int]]]:
    """Hidden layers of ten networks on the rows to fit on, on those to test on, and ``{name: (network, layer)}``."""
    digits = load_digits()
    pictures, (net, fit, test) = digits.data / 16, split()
    layers = trained(pictures[net], list(range(NETWORKS)), [64, *[WIDTH] * LAYERS, 10], digits.target[net], 60)
    groups = {f"net {v} layer {layer}": (v, layer) for v in range(NETWORKS) for layer in range(LAYERS)}
    spaces = []
    for rows in (fit, test):
        found = activations(layers, torch.from_numpy(pictures[rows]).float())
        spaces.append({name: found[layer][v].numpy() for name, (v, layer) in groups.items()})
    return spaces[0], spaces[1], groups


@functools.cache
def halves_of_pictures(widths: tuple[int, int] = (WIDTH, WIDTH)) -> list[tuple[np.ndarray, np.ndarray]]:
    """Second layer of a network that sees the left half and of one that sees the right: (fit, test) for each side."""
    digits = load_digits()
    pictures, (net, fit, test) = digits.data.reshape(-1, 8, 8) / 16, split()
    found = []
    for side, width in enumerate(widths):
        half = pictures[:, :, 4 * side : 4 * side + 4].reshape(len(pictures), -1)
        layers = trained(half[net], [20 + side], [32, *[width] * 4, 10], digits.target[net], 60)
        fitted, held = (activations(layers, torch.from_numpy(half[rows]).float())[1][0] for rows in (fit, test))
        found.append((fitted.numpy(), held.numpy()))
    return found
