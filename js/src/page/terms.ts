/** The one vocabulary: each word that every screen uses, in a plain line. The same as Python's. Pure; owns no state. */

/** `word` as it is written, `line` what it means. */
interface Term {
  word: string;
  line: string;
}

const table = <Name extends string>(terms: Record<Name, readonly [word: string, line: string]>) =>
  Object.fromEntries(
    Object.entries<readonly [string, string]>(terms).map(([name, [word, line]]) => [name, { word, line }]),
  ) as Record<Name, Term>;

/** What stands in the heads of tables and on axes. */
export const TERMS = table({
  value: [
    "value",
    "What was measured. Of a similarity 1 is the same and 0 is nothing in common; of a distance 0 is the same.",
  ],
  chance: [
    "chance",
    "What the same measure gives on average when items are paired at random: where a value has to be read from.",
  ],
  calibrated: [
    "calibrated",
    "How far the value is on the way from chance to the same: (value − chance) / (1 − chance). 0 is chance, 1 the same.",
  ],
  z: [
    "z",
    "How many standard deviations of chance the value lies above chance. It grows with the number of items: how sure, not how alike.",
  ],
  p: ["p", "How often items paired at random reach a value this high. Small: it is no accident."],
  interval: ["interval", "95 % interval: how far the value could be off, had other items of the same kind been taken."],
  k: [
    "k",
    "How many nearest neighbours of each item are looked at: few see fine detail, many see broad groups. The item itself does not count.",
  ],
  kept: ["kept", "Those of an item's k nearest neighbours in X that are among its k nearest in Y too."],
  lost: ["lost", "Those of an item's k nearest neighbours in X that are not among its k nearest in Y."],
  gained: ["gained", "Those of an item's k nearest neighbours in Y that are not among its k nearest in X."],
  agreement: [
    "agreement",
    "How far an item's neighbours are the same in both spaces, beyond chance. 1 is the same neighbours, 0 is chance.",
  ],
  no_more_than_chance: [
    "no more than chance",
    "So few neighbours kept that among items paired at random as many would be no surprise (exact p, false discovery rate 5 %).",
  ],
  band: ["band", "Where nearly all values lie that random pairings give: chance ± 1.96 standard deviations."],
  held_out: [
    "held out",
    "Items set aside: nothing was fitted to them or chosen by them, so what they score holds for new items.",
  ],
  tight: ["tight", "A group whose members are closer to each other than to nearly everything else."],
  broad: ["broad direction", "A gradual direction along which items lie, more than a group with an edge."],
  not_found_again: ["not found again", "Other items do not show it again: not to be relied on."],
  eigenvalue: [
    "λ",
    "How much one space groups these items and the other does not: its size; its sign says which space does.",
  ],
});

/** What each measure sees, and what it does not. */
export const MEASURE_TERMS = table({
  mutual_knn: [
    "neighbours kept",
    "The mean share of an item's k nearest neighbours that the other space keeps. Sees who is near; not how near, nor the broad shape.",
  ],
  nngs: [
    "NNGS (Jaccard)",
    "Neighbours that both spaces name, of all that either names. Sees who is near, and is harder than the share kept; not the broad shape.",
  ],
  cka: [
    "CKA (debiased)",
    "Whether all similarities between items go together. Sees the broad shape, led by the largest directions; not who is nearest to whom.",
  ],
  r_nx: [
    "R_NX",
    "The share of neighbours kept with chance taken out. Sees who is near, at any k on one scale; not how near.",
  ],
  adjusted: ["adjusted", "NNGS with chance taken out: 0 is chance, 1 the same neighbours, whatever k is."],
  auc_ln_k: [
    "AUC of R_NX over ln k",
    "Neighbours kept beyond chance, averaged over all k, small k weighing more. Sees all scales; not which of them differ.",
  ],
  rank_similarity: [
    "rank similarity",
    "Neighbours that both spaces name, weighed by how alike their ranks are. Sees the order of the nearest; not distances.",
  ],
  cknna: [
    "CKNNA",
    "CKA among shared neighbours only. Sees how alike close pairs are; not the neighbours that were lost.",
  ],
  second_order_cosine: [
    "second-order cosine",
    "Whether an item is as similar to its neighbours in both spaces. Sees degrees among the near; not the far.",
  ],
  rsa: [
    "RSA (Spearman)",
    "Whether pairs of items have the same order of similarity. Sees all pairs alike, so mostly far ones; not who is nearest.",
  ],
  spec_diff: [
    "SPEC-diff",
    "The largest group of items that one space has and the other has not. Sees the worst difference; not how many there are.",
  ],
  procrustes: [
    "Procrustes distance (angular)",
    "The angle that is left after the best turn of one space onto the other; 0 is the same. Sees places; not who is nearest.",
  ],
  cca: [
    "CCA (mean squared)",
    "How well a linear map of one space tells the other. Sees every direction, small ones as much as large; not distances.",
  ],
  svcca: ["SVCCA", "CCA of the largest directions only. Sees what they have in common; not how large they are."],
  pwcca: [
    "PWCCA",
    "CCA that weighs directions by their share of X. Sees what matters in X; the other way round it is another number.",
  ],
  gulp: [
    "GULP (squared distance)",
    "How differently ridge regressions on the two spaces predict, at worst; 0 is the same. Sees linear use; not neighbours.",
  ],
  eigenspace_overlap: [
    "eigenspace overlap",
    "How much of the spanned space both share. Sees directions, whatever their size; not distances.",
  ],
});

export type TermName = keyof typeof TERMS;

/** What a measure sees, where it is one of ours. */
export const measureTerm = (name: string): Term | undefined =>
  Object.hasOwn(MEASURE_TERMS, name) ? MEASURE_TERMS[name as keyof typeof MEASURE_TERMS] : undefined;
