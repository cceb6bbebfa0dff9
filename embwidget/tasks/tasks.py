"""What embeddings are good for (analogies, zero-shot classes, retrieval), and benchmarks of measures of similarity."""

from typing import Any

import numpy as np
import torch

from embwidget.arrays.blocks import resolve_device
from embwidget.arrays.checks import check_values
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.options import check_one_of, check_seed
from embwidget.arrays.row_labels import check_row_labels
from embwidget.arrays.split import split_rows
from embwidget.tasks.accuracies import AnalogyAccuracy, RetrievalAccuracy, ZeroShotAccuracy
from embwidget.tasks.analogies import analogy_result, questions_of, ranked
from embwidget.tasks.class_texts import class_texts, fit_goals
from embwidget.tasks.cosine_ranks import UnitRows, check_directions
from embwidget.tasks.linear_bridge import checked_ridge, described, map_between
from embwidget.tasks.tables import checked_sizes, class_notes, partner_ranks, recall_rows, zero_shot_result
from embwidget.work.progress import part, progress_bar

_CANDIDATES = ("vocabulary", "section")
_TIES = "counted against the answer"


def analogy_accuracy(
    vectors: Any,
    words: Any,
    questions: Any,
    *,
    sections: Any = None,
    exclude_question_words: bool = True,
    normalize: bool = True,
    candidates: str = "vocabulary",
    device: Any = None,
    progress: Any = True,
) -> AnalogyAccuracy:
    r"""How many questions "a is to b as c is to d" the offset answers (3CosAdd), per section and overall.

    The answer is right where no other word is as near to the offset: d :math:`= \arg\max_w \cos(v_w, v_b - v_a + v_c)`
    over the vocabulary without a, b and c. A tie counts against it, so that neither the order of the words nor a
    collapsed space makes answers right. Questions with a word that has no vector are not asked; they are counted, and
    their words listed.

    The questions of a section are made of few word pairs, so the 95 % score intervals count as many independent
    trials as the spread between word pairs allows (a jackknife over them), not one for each question.

    Args:
        vectors: ``(n, d)`` array-like, the vector of each word.
        words: the n words, each once; None where ``questions`` are row numbers.
        questions: ``(q, 4)`` words or row numbers (-1 for a word without a vector), or what
            `embwidget.datasets.read_analogies` returns, which brings its sections.
        sections: the section of each question; by default all are in one.
        exclude_question_words: leave a, b and c out of the candidates, as is usual: the nearest word is mostly one of
            them.
        normalize: bring vectors to unit length before they are added; the cosine is taken either way.
        candidates: ``"vocabulary"``, or ``"section"``: only the answers of the question's section, which is easier.
        device: where to compute; by default the input's GPU, else CUDA if there is one, else the CPU.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `AnalogyAccuracy`: 1 is all right; chance, of order 1 / candidates, is in its table.

    Raises:
        TypeError, ValueError: bad arrays or zero rows, a word twice, no question that can be asked, row numbers out of
            range, a section missing.

    Example:
        >>> vectors = [[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0.9, 1], [1, 0, 1]]
        >>> analogy_accuracy(vectors, ["man", "king", "woman", "queen", "pair"], [["man", "king", "woman", "queen"]])
        AnalogyAccuracy(accuracy=1.0000 (0.2065–1.0000), 1 of 1, 1 sections)

    Source: Mikolov, Yih and Zweig (2013), NAACL; Levy and Goldberg (2014), CoNLL.

    """
    x = as_matrix(vectors, "vectors")
    check_one_of("candidates", candidates, _CANDIDATES)
    asked = questions_of(questions, words, sections, len(x))
    check_directions(x, "vectors")
    with progress_bar(progress) as report:
        found = ranked(
            x,
            asked,
            exclude=exclude_question_words,
            normalize=normalize,
            within=candidates == "section",
            device=resolve_device(x, device),
            progress=report,
        )
    params = {
        "words": len(x),
        "width": x.shape[1],
        "rule": "3CosAdd",
        "exclude_question_words": bool(exclude_question_words),
        "normalize": bool(normalize),
        "candidates": candidates,
        "ties": _TIES,
        "interval": "95 % (Wilson), trials by a jackknife over word pairs",
    }
    return analogy_result(asked, found, params)


def zero_shot_accuracy(
    images: Any,
    texts: Any,
    labels: Any,
    *,
    classes: Any = None,
    k: Any = (1, 5),
    captions: Any = None,
    fit_rows: Any = None,
    rows: Any = None,
    ridge: Any = None,
    random_state: Any = 0,
    device: Any = None,
    progress: Any = True,
) -> ZeroShotAccuracy:
    r"""How many images lie nearest, by cosine, the text of their own class among the texts of all classes.

    Several texts of a class (prompts) are brought to unit length and averaged. An image is right at k where fewer than
    k other classes are as near; a tie counts against it. Images of a class without a text are not scored; they are
    counted, and their classes named.

    Spaces of different widths, or that were not trained together, need a linear map: with ``fit_rows``, ridge
    regression takes image rows to ``captions`` (of unit length, as the class texts are) on those rows, only other rows
    are scored, and cosines are taken about the mean of the fitted captions.
    This is no longer zero-shot in the strict sense where classes were seen in the fit; ``params`` says how many were.

    Args:
        images: ``(n, dx)`` array-like.
        texts: ``(t, dy)`` array-like, one or more rows a class.
        labels: the class of each image, in the words of ``classes``.
        classes: the class of each row of texts; by default its row number.
        k: sizes for top-k accuracy; those above the number of classes are left out.
        captions: ``(n, dy)``: the text of each image, to fit the map to; by default its class's.
        fit_rows: row numbers to fit a map on, or ``"half"``: a random half.
        rows: row numbers to score; by default all that were not fitted on.
        ridge: strength of the penalty, as a multiple of the mean variance of the images' coordinates; by default that
            of least squared error by generalised cross-validation, on the fitted rows. A weaker one may rank better.
        random_state: seed of the random half.
        device: where to compute; by default the input's GPU, else CUDA if there is one, else the CPU.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).

    Returns:
        `ZeroShotAccuracy`: 1 is all right; chance is 1 / classes.

    Raises:
        TypeError, ValueError: bad arrays or zero rows, labels and classes that do not match, widths that differ
            without ``fit_rows``, rows both fitted and scored.

    Example:
        >>> images = [[1.0, 0.1], [0.9, 0.2], [0.1, 1.0], [0.8, 0.7]]
        >>> zero_shot_accuracy(images, [[1, 0], [0, 1]], ["cat", "cat", "dog", "dog"], classes=["cat", "dog"])
        ZeroShotAccuracy(accuracy=0.7500 (0.3006–0.9544), 3 of 4, 2 classes)

    Source: Radford and others, 2021, arXiv:2103.00020; with a linear map, Frome and others, 2013, NIPS.

    """
    x, y = as_matrix(images, "images"), as_matrix(texts, "texts")
    sizes, ridge, random_state = checked_sizes(k), checked_ridge(ridge), check_seed(random_state)
    fitted, scored = split_rows(len(x), fit_rows, rows, random_state)
    target = resolve_device(x, device)
    check_values(x, "images")
    check_directions(y, "texts")
    found = class_texts(y, labels, classes, len(x), target)
    if fitted is not None and captions is None:
        fitted = fitted[found.of[fitted] >= 0]
    goals = None if fitted is None else fit_goals(captions, found, fitted, x, y, target)
    linear = map_between(x, goals, fitted, y.shape[1], ridge, target)
    of = found.of[scored]
    at = torch.from_numpy(scored[of >= 0]).to(x.device)
    if not len(at):
        raise ValueError("expected an image to score of a class with a text but got none; give texts of more classes")
    queries, goals = (x[at], found.rows) if linear is None else (linear(x[at]), found.rows - linear.target)
    check_directions(queries, "images" if linear is None else "images as mapped")
    with progress_bar(progress) as report:
        rank, tied = partner_ranks(queries, goals, torch.from_numpy(of[of >= 0]), target, report)
    params = {
        "images": len(scored),
        "classes": len(found.names),
        "chance": 1 / len(found.names),
        "metric": "cosine",
        "map": described(linear, fitted),
        "random_state": random_state,
        "ties": _TIES,
        "interval": "95 % (Wilson), of images, given the classes",
    }
    seen = None if fitted is None else np.unique(found.of[fitted])
    notes = class_notes(found, of, tied, seen)
    return zero_shot_result(found, of, rank, sizes=sizes, scored=scored, params=params, notes=notes)


def retrieval_accuracy(
    X: Any,
    Y: Any,
    *,
    k: Any = (1, 5, 10),
    fit_rows: Any = None,
    rows: Any = None,
    ridge: Any = None,
    random_state: Any = 0,
    device: Any = None,
    progress: Any = True,
) -> RetrievalAccuracy:
    r"""How often an item's row in Y is among the k nearest, by cosine, of its row in X, and the other way round.

    Recall at k is the share of items with fewer than k other rows as near as their partner; a tie counts against them
    (items with the same text cannot all be found at k = 1). Candidates are the scored rows only. With ``fit_rows``, X
    is first taken to Y (of unit length) by ridge regression fitted on those rows, only others are scored, and cosines
    are taken about the mean of the fitted rows.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes of the same items.
        k: sizes; those above the number of scored rows are left out.
        fit_rows: row numbers to fit a linear map on, or ``"half"``: a random half.
        rows: row numbers to score; by default all that were not fitted on.
        ridge: strength of the penalty, as a multiple of the mean variance of X's coordinates; by default that of least
            squared error by generalised cross-validation, on the fitted rows. A weaker one may rank better.
        random_state: seed of the random half.
        device: where to compute; by default the input's GPU, else CUDA if there is one, else the CPU.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).

    Returns:
        `RetrievalAccuracy`: 1 is all found; chance is k / scored rows.

    Raises:
        TypeError, ValueError: bad arrays, unequal rows, zero rows, widths that differ without ``fit_rows``, rows both
            fitted and scored.

    Example:
        >>> X = np.random.default_rng(0).normal(size=(200, 8))
        >>> retrieval_accuracy(X, X[:, ::-1] * 3, fit_rows="half")
        RetrievalAccuracy(n=100, recall@1: X to Y 1.0000, Y to X 1.0000)

    Source: recall at k for images and sentences: Hodosh, Young and Hockenmaier (2013), JAIR 47.

    """
    x, y = as_matrix(X, "X"), as_matrix(Y, "Y")
    check_row_labels({"X": X, "Y": Y}, "Y.loc[X.index] for Y")
    if len(x) != len(y):
        raise ValueError(f"expected X and Y to have the same number of rows but got {len(x)} and {len(y)}")
    sizes, ridge, random_state = checked_sizes(k), checked_ridge(ridge), check_seed(random_state)
    fitted, scored = split_rows(len(x), fit_rows, rows, random_state)
    target = resolve_device(x, device)
    check_values(x, "X")
    check_directions(y, "Y")
    goals = None if fitted is None else UnitRows(y, target)[torch.from_numpy(fitted)]
    linear = map_between(x, goals, fitted, y.shape[1], ridge, target)
    at = torch.from_numpy(scored)
    left, right = x[at.to(x.device)], y[at.to(y.device)]
    if linear is not None:
        left, right = linear(left), UnitRows(right, target)[:] - linear.target
    check_directions(left, "X" if linear is None else "X as mapped")
    partners = torch.arange(len(scored))
    with progress_bar(progress) as report:
        forward, tied = partner_ranks(left, right, partners, target, part(report, 0, 0.5))
        backward, tied_back = partner_ranks(right, left, partners, target, part(report, 0.5, 1))
    ranks = np.stack([forward, backward], 1)
    table = recall_rows(ranks, sizes)
    tied += tied_back
    notes = (f"{tied:,} partners are no nearer than another row; a tie counts against them.",) if tied else ()
    params = {
        "scored": len(scored),
        "metric": "cosine",
        "map": described(linear, fitted),
        "random_state": random_state,
        "ties": _TIES,
        "interval": "95 % (Wilson), of items, given the candidates",
    }
    return RetrievalAccuracy(
        accuracy=float((ranks <= table[0]["k"]).mean()),
        table=table,
        ranks=ranks,
        rows=scored,
        params=params,
        warnings=notes,
    )
