"""Contrastive losses: an item's own encodings from several views are drawn together, those of other items apart."""

from collections.abc import Sequence
from itertools import combinations

import torch
from jaxtyping import Float
from torch import Tensor


def arranged(z: Float[Tensor, "v l b k"], negatives: Sequence[str]) -> Float[Tensor, "g v m e"]:
    """Unit encodings of b examples at l layers of v networks as g separate sets of m items, seen from v views.

    With ``examples`` alone each layer is a set of its own, and examples are told from each other. With ``layers`` too
    an item is an example at a layer. With ``layers`` alone an item is a layer: the encodings of all examples, joined
    and brought to unit length, so that the product of two is the mean cosine of their rows (and examples are never
    told apart).
    """
    views, layers, examples, _ = z.shape
    if "layers" not in negatives:
        # Layers become sets: items of different layers never meet in a denominator.
        return z.transpose(0, 1)
    if "examples" in negatives:
        # One set of all: an example at another layer is a negative as any other.
        return z.reshape(1, views, layers * examples, -1)
    # b unit vectors joined are of length √b: by it, a product of two is the mean of b cosines.
    joined = z.reshape(1, views, layers, -1)
    return joined / torch.linalg.vector_norm(joined, dim=-1, keepdim=True).clamp(min=1e-12)


def info_nce(z: Float[Tensor, "g v m e"], temperature: float) -> Float[Tensor, ""]:
    r"""Cross-entropy of finding an item in another view by its product, over all ordered pairs of views.

    .. math:: -\frac1m \sum_i \log \frac{\exp(z_i \cdot w_i / \tau)}{\sum_j \exp(z_i \cdot w_j / \tau)}

    0 is perfect, log m is chance.

    Source: van den Oord, Li and Vinyals (2018), arXiv 1807.03748; both ways: Radford et al. (2021), arXiv 2103.00020.
    """
    terms = []
    for u, v in combinations(range(z.shape[1]), 2):
        # All pairs of items of a set at once: rows are items seen from u, columns the same seen from v.
        products = z[:, u] @ z[:, v].mT / temperature
        own = products.diagonal(dim1=1, dim2=2)
        # Both ways, so that neither view is the one that only answers.
        terms.append((products.logsumexp(2) - own).mean() + (products.logsumexp(1) - own).mean())
    # A pair of views gave two terms: halved, log m is chance whatever the number of views.
    return torch.stack(terms).mean() / 2


def supervised_contrastive(z: Float[Tensor, "g v m e"], temperature: float) -> Float[Tensor, ""]:
    r"""Supervised contrastive loss: the v encodings of an item are positives of each other.

    .. math:: \frac1N \sum_i \frac{-1}{|P(i)|} \sum_{p \in P(i)}
              \log \frac{\exp(z_i \cdot z_p / \tau)}{\sum_{a \ne i} \exp(z_i \cdot z_a / \tau)}

    over the N = v m encodings of a set; the denominator holds those of i's own view and its positives too.
    log(N - 1) is what equal encodings give.

    Source: Khosla et al. (2020), arXiv 2004.11362; Rahamim and Belinkov (2024), arXiv 2303.16992.
    """
    sets, views, items, _ = z.shape
    rows = z.reshape(sets, views * items, -1)
    products = rows @ rows.mT / temperature
    # An encoding's product with itself is the largest there is and teaches nothing.
    itself = torch.eye(views * items, dtype=torch.bool, device=z.device)
    spread = products.masked_fill(itself, -torch.inf).logsumexp(2)
    # The mean product with the v - 1 positives is the product with their sum: no second N × N table.
    others = z.sum(1, keepdim=True) - z
    own = (z * others).sum(3) / ((views - 1) * temperature)
    return (spread - own.reshape(sets, views * items)).mean()


LOSSES = {"infonce": info_nce, "supcon": supervised_contrastive}
"""The losses by name."""
