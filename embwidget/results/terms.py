"""The one vocabulary: what each word means that tables and views use, in a plain line. The same as the page's."""

TERMS = {
    "value": (
        "What was measured. Of a similarity 1 is the same and 0 is nothing in common; of a distance 0 is the same."
    ),
    "chance": (
        "What the same measure gives on average when items are paired at random: where a value has to be read from."
    ),
    "calibrated": (
        "How far the value is on the way from chance to the same: (value − chance) / (1 − chance). 0 is "
        "chance, 1 the same."
    ),
    "z": (
        "How many standard deviations of chance the value lies above chance. It grows with the number of "
        "items: how sure, not how alike."
    ),
    "p": "How often items paired at random reach a value this high. Small: it is no accident.",
    "interval": "95 % interval: how far the value could be off, had other items of the same kind been taken.",
    "k": (
        "How many nearest neighbours of each item are looked at: few see fine detail, many see broad groups. "
        "The item itself does not count."
    ),
    "kept": "Those of an item's k nearest neighbours in X that are among its k nearest in Y too.",
    "lost": "Those of an item's k nearest neighbours in X that are not among its k nearest in Y.",
    "gained": "Those of an item's k nearest neighbours in Y that are not among its k nearest in X.",
    "agreement": (
        "How far an item's neighbours are the same in both spaces, beyond chance. 1 is the same neighbours, "
        "0 is chance."
    ),
    "no_more_than_chance": (
        "So few neighbours kept that among items paired at random as many would be no surprise (exact p, "
        "false discovery rate 5 %)."
    ),
    "band": "Where nearly all values lie that random pairings give: chance ± 1.96 standard deviations.",
    "held_out": (
        "Items set aside: nothing was fitted to them or chosen by them, so what they score holds for new items."
    ),
    "tight": "A group whose members are closer to each other than to nearly everything else.",
    "broad": "A gradual direction along which items lie, more than a group with an edge.",
    "not_found_again": "Other items do not show it again: not to be relied on.",
    "eigenvalue": (
        "How much one space groups these items and the other does not: its size; its sign says which space does."
    ),
}

SEES = {
    "mutual_knn": (
        "The mean share of an item's k nearest neighbours that the other space keeps. Sees who is near; not "
        "how near, nor the broad shape."
    ),
    "nngs": (
        "Neighbours that both spaces name, of all that either names. Sees who is near, and is harder than "
        "the share kept; not the broad shape."
    ),
    "cka": (
        "Whether all similarities between items go together. Sees the broad shape, led by the largest "
        "directions; not who is nearest to whom."
    ),
    "r_nx": (
        "The share of neighbours kept with chance taken out. Sees who is near, at any k on one scale; not how near."
    ),
    "auc_ln_k": (
        "Neighbours kept beyond chance, averaged over all k, small k weighing more. Sees all scales; not "
        "which of them differ."
    ),
    "rank_similarity": (
        "Neighbours that both spaces name, weighed by how alike their ranks are. Sees the order of the "
        "nearest; not distances."
    ),
    "cknna": "CKA among shared neighbours only. Sees how alike close pairs are; not the neighbours that were lost.",
    "second_order_cosine": (
        "Whether an item is as similar to its neighbours in both spaces. Sees degrees among the near; not the far."
    ),
    "rsa": (
        "Whether pairs of items have the same order of similarity. Sees all pairs alike, so mostly far ones; "
        "not who is nearest."
    ),
    "spec_diff": (
        "The largest group of items that one space has and the other has not. Sees the worst difference; not "
        "how many there are."
    ),
    "procrustes": (
        "The angle that is left after the best turn of one space onto the other; 0 is the same. Sees places; "
        "not who is nearest."
    ),
    "cca": (
        "How well a linear map of one space tells the other. Sees every direction, small ones as much as "
        "large; not distances."
    ),
    "svcca": "CCA of the largest directions only. Sees what they have in common; not how large they are.",
    "pwcca": (
        "CCA that weighs directions by their share of X. Sees what matters in X; the other way round it is "
        "another number."
    ),
    "gulp": (
        "How differently ridge regressions on the two spaces predict, at worst; 0 is the same. Sees linear "
        "use; not neighbours."
    ),
    "eigenspace_overlap": (
        "How much of the spanned space both share. Sees directions, whatever their size; not distances."
    ),
}
"""What each measure sees, and what it does not."""
