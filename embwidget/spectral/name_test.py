"""How well a name tells the members of a group that it was not chosen on from the items that are no members."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NameTest:
    r"""The test of a name, on members and on others that had no part in the choice of it.

    Attributes:
        auc: chance that a member is nearer to the name than another item, ties half: ½ where the name tells nothing, 1
            where all members have it and no other item does.
        p: one-sided p-value of that under names that have nothing to do with membership.
        q: p adjusted for all groups of the comparison (Benjamini and Hochberg, 1995).
        members, others: of how many of each.

    """

    auc: float
    p: float
    q: float
    members: int
    others: int
