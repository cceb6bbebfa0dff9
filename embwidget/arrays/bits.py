"""Bits, one a place or eight to a byte: recognised where bytes are no numbers, unpacked where they are asked for."""

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.reading.words import for_numpy, in_code

OCTETS = (torch.uint8, torch.int8)

_ROWS, _COLUMNS = 2000, 64
"""As many are looked at."""

_LEAST = 2000
"""Fewer bytes tell nothing."""

_EVEN = 0.5
"""Each place of a byte is set about as often as any other, where these are dimensions of one kind."""

_MEAN, _MOST = 0.02, 0.08
"""Correlation of two places of a byte, averaged over columns, less two standard errors: mean and most over pairs.

Dimensions correlate with either sign, the digits of numbers the same way in every column. Seen of packed signs and
fingerprints: at most .003 and .035; of numbers in eight bits, pictures and codes: at least .035 and .13."""

_CLEARLY_NUMBERS = 0.4
"""The largest such correlation at which bytes are numbers even beside a partner eight times as wide."""


def unpacked(tensor: Tensor, name: str) -> Float[Tensor, "n d"]:
    """Zeros and ones as float32: as they are, or the bits of bytes, first bit first.

    Of int8 the first bit is turned, as those who write packed bits as int8 take 128 off.

    Raises:
        ValueError: neither.

    Example:
        >>> unpacked(torch.tensor([[5]], dtype=torch.uint8), "X").tolist()
        [[0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0]]

    """
    if tensor.dtype == torch.bool or ((tensor == 0) | (tensor == 1)).all():
        return tensor.to(torch.float32)
    if tensor.dtype not in OCTETS:
        low, high = (float(one) for one in tensor.double().aminmax())
        raise ValueError(
            f"expected 0 and 1, or packed bits as uint8, in {name} for metric='hamming' but got {tensor.dtype} with "
            f"values from {low:g} to {high:g}; pass ew.arrays.as_matrix({in_code(name)}, 'X') > 0"
        )
    return _bits(tensor).flatten(1).to(torch.float32)


def packed_note(tensor: Tensor, name: str, beside: int | None = None) -> tuple[str, ...]:
    """What to say where bytes look like packed bits, by themselves or ``beside`` a partner of that width."""
    if tensor.dtype not in OCTETS or int(tensor.max()) <= 1:
        return ()
    width = tensor.shape[1]
    partner = beside is not None and 8 * width - 8 < beside <= 8 * width
    if not _like_bits(tensor, partner):
        return ()
    code = for_numpy(name, tensor.device.type)
    read = f"np.unpackbits(np.asarray({code}){'.view(np.uint8) ^ 128' if tensor.dtype == torch.int8 else ''}, axis=1)"
    told = f", an eighth of its partner's {beside}" if partner else ""
    return (
        f"{name} looks like packed bits ({str(tensor.dtype)[6:]} of width {width}{told}, eight dimensions to a byte): "
        f"taken as numbers, bytes mean nothing. Unpack them, {read}, or search with metric='hamming'.",
    )


def _like_bits(tensor: Tensor, partner: bool) -> bool:
    some = tensor[:: -(-len(tensor) // _ROWS), :: -(-tensor.shape[1] // _COLUMNS)]
    if some.numel() < (8 if partner else _LEAST):
        return False
    bits = _bits(some).double()
    share = bits.mean((0, 1))
    even = float(share.min() / share.max()) if share.max() > 0 else 0.0
    spread = bits - bits.mean(0)
    between = torch.einsum("nwi,nwj->wij", spread, spread)
    scale = between.diagonal(dim1=1, dim2=2).sqrt()
    first, second = torch.triu_indices(8, 8, 1)
    correlation = between[:, first, second] / (scale[:, first] * scale[:, second])
    # Where a place never changes nothing is known; a mean that chance gives is none.
    known = correlation.isfinite().sum(0)
    mean = correlation.nanmean(0)
    spare = 2 * (correlation - mean).square().nanmean(0).sqrt() / known.sqrt()
    alike = (mean.abs() - spare).clamp(min=0).nan_to_num(0.0 if partner else 1.0)
    if partner:
        return even > _EVEN / 2 and float(alike.max()) < _CLEARLY_NUMBERS
    return even > _EVEN and float(alike.mean()) < _MEAN and float(alike.max()) < _MOST


def _bits(tensor: Tensor) -> Tensor:
    """The bits of each byte, along a last axis of eight."""
    octets = tensor.view(torch.uint8) ^ 128 if tensor.dtype == torch.int8 else tensor
    shifts = torch.arange(7, -1, -1, dtype=torch.uint8, device=tensor.device)
    return octets[..., None] >> shifts & 1
