"""Which rows a result is of."""

import torch
from torch import Tensor

from embwidget.arrays.blocks import row_blocks


def fingerprint(spaces: dict[str, Tensor]) -> list[float]:
    """A number a space that changes with its rows and their order, by which a saved matrix knows its spaces again."""
    found = []
    for space in spaces.values():
        total = 0.0
        for block in row_blocks(len(space), 8 * space.shape[1]):
            weights = torch.arange(block.start + 1, block.stop + 1, dtype=torch.float64, device=space.device)
            total += float(weights @ space[block].double().square().sum(1))
        found.append(total)
    return found
