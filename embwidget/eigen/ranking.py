"""How well similarities to fellow members stand above those to outsiders."""

import numpy as np
import torch
from jaxtyping import Float


def fellows_first(fellow: Float[np.ndarray, "a f"], other: Float[np.ndarray, "a b"]) -> float:
    r""":math:`P(\mathrm{fellow}_{ij} > \mathrm{other}_{io}) + \frac12 P(\mathrm{fellow}_{ij} = \mathrm{other}_{io})`.

    From 0 to 1: 1 where each row's fellows all come first, ½ in no order; NaN where there are no pairs.

    Args:
        fellow, other: a row for each member: its similarities to fellow members, and to outsiders.

    Example:
        >>> import numpy as np
        >>> fellows_first(np.array([[3.0, 1.0]]), np.array([[1.0, 0.0]]))
        0.875

    """
    if not fellow.size or not other.size:
        return float("nan")
    # Sorting in numpy and searching in torch are each many times faster than in the other.
    asked, ranked = (torch.from_numpy(np.sort(part, axis=1)) for part in (fellow, other))
    # Outsiders below a fellow count whole, and those level with it half.
    below = torch.searchsorted(ranked, asked).sum() + torch.searchsorted(ranked, asked, right=True).sum()
    return float(below) / (2 * fellow.size * other.shape[1])
