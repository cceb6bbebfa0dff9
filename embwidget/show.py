"""The right widget for a result, and the playground, loaded only when they are asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from embwidget.alignment.result import Alignment
from embwidget.comparison.layers import LayerComparison
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.comparison.result import Comparison
from embwidget.contrasim.result import LearnedSimilarity
from embwidget.spectral.result import SpectralComparison
from embwidget.upgrade.result import Audit
from embwidget.work.fitting import Fitting

if TYPE_CHECKING:
    from embwidget.widgets.playground import Playground
    from embwidget.widgets.scenes.alignment_scene import AlignmentScene
    from embwidget.widgets.scenes.audit_scene import AuditScene
    from embwidget.widgets.scenes.comparing_scene import ComparingScene
    from embwidget.widgets.scenes.item_scene import ItemScene
    from embwidget.widgets.scenes.matrix_scene import MatrixScene
    from embwidget.widgets.scenes.scene import Scene


def show(result: Any, view: str | None = None, scene: "ItemScene | MatrixScene | None" = None) -> Any:
    """The view of a result, to be the last value of a notebook's cell.

    Args:
        result: what `embwidget.compare`, `embwidget.compare_many`, `embwidget.compare_layers`, `embwidget.spec`,
            `embwidget.align` or `embwidget.audit` returned. Of an alignment, or a `ContraSim`, that is still being
            fitted (``live=True``) the view follows the fitting, and then shows what came of it; of a comparison it
            opens when the neighbours are there, and measures fill in. Of a `LearnedSimilarity` the scores of single
            items colour the maps of ``scene``, which shows a comparison of the same items.
        view: of a comparison "explorer" (the default), "k_sweep" or "map_pair"; of a spectral comparison "gallery"
            (the default), "map_pair" or "explorer"; of a matrix of comparisons, or of layers, "similarity_matrix"; of
            an alignment "alignment_view"; of an audit "audit_view"; of a `ContraSim` that is being fitted "fit_view".
        scene: the scene of an earlier view of the same items (`earlier.scene`): the new view is linked to it. A
            spectral comparison is added to a scene that has none. Otherwise the view shows its own result, and only
            selected, hovered and, where both have curves, k are shared; of a matrix, with each pair that is opened.
            The scene of a matrix stands for that of the pair that is open.

    Raises:
        TypeError: the result is not one that has a view.
        ValueError: no such view; or a scene of other items.

    Example:
        >>> import numpy as np
        >>> import embwidget as ew
        >>> X = np.random.default_rng(0).normal(size=(20, 4))
        >>> maps = show(ew.compare(X, X[:, :3], k=5, progress=False), "map_pair")
        >>> maps
        MapPair(Scene(n=20, names=('X', 'Y'), k=5, selected=0))
    """
    from embwidget import widgets
    from embwidget.widgets.views import VIEWS

    views = _views_of(result)
    if not views:
        raise TypeError(
            "expected the result of embwidget.compare, embwidget.compare_many, embwidget.compare_layers, "
            f"embwidget.spec, embwidget.align or embwidget.audit but got {type(result).__name__}"
        )
    view = views[0] if view is None else view
    if view not in views:
        raise ValueError(f"expected a view of {', '.join(views)} but got {view!r}")
    if isinstance(result, ComparisonMatrix | LayerComparison):
        return widgets.SimilarityMatrix(_matrix_scene_of(result, scene))
    if isinstance(scene, widgets.MatrixScene):
        scene = scene.opened or scene.shared
    if view == "fit_view":
        known = isinstance(scene, widgets.FittingScene) and scene.shows(result)
        return widgets.FitView(scene if known else result)
    if isinstance(result, LearnedSimilarity):
        return _coloured(result, VIEWS[view], scene)
    if isinstance(result, Fitting) and result.kind == "comparison":
        return VIEWS[view](_comparing_scene_of(result, scene))
    if isinstance(result, Alignment | Fitting):
        return widgets.AlignmentView(_alignment_scene_of(result, scene))
    if isinstance(result, Audit):
        return widgets.AuditView(_audit_scene_of(result, scene))
    return VIEWS[view](_scene_of(result, scene))


def playground(posture: str = "turned") -> "Playground":
    """Three meters on sixty points that can be dragged: what NNGS, CKA and SPEC see, and what each does not.

    Both neighbour graphs, NNGS at every k with its chance, debiased CKA and SPEC's leading λ follow each drag, in the
    browser, and are the numbers of Python's own measures. For each posture one guesses first, and then sees.

    Args:
        posture: what was done to X to make Y: "turned", "insides", "far", "carried", "merged", "stretched" or "rows".

    Returns:
        The view. ``X`` and ``Y`` are its points, ``(60, 2)``, as they were last let go, and ``meters`` what was said of
        them at ``k``. ``embwidget.to_html(playground(), "playground.html")`` makes one page of it that needs no kernel.

    Raises:
        ValueError: no such posture.

    Example:
        >>> p = playground("carried")
        >>> {name: round(value, 2) for name, value in p.meters.items()}
        {'nngs': 1.0, 'cka': 0.79, 'spec': -0.01}

    Source: NNGS: Tavares and others (2024), arXiv 2411.08687; CKA: Kornblith et al. (2019), arXiv 1905.00414; SPEC:
    Jalali, Dibaei Nia and Farnia (2025), arXiv 2506.06231.

    """
    from embwidget.widgets.playground import Playground

    return Playground(posture)


def _views_of(result: Any) -> tuple[str, ...]:
    """The names of the views that a result has; none where it has none."""
    from embwidget.widgets.views import OF, OF_FITTING

    if isinstance(result, Fitting):
        return OF_FITTING[result.kind]
    return next((views for kind, views in OF.items() if isinstance(result, kind)), ())


def _coloured(result: LearnedSimilarity, view: Any, scene: "ItemScene | None") -> Any:
    """A view of the given scene, its maps coloured by the scores of single items."""
    from embwidget.widgets.scenes.scene import Scene

    if not isinstance(scene, Scene):
        raise ValueError(
            "expected the scene of a comparison of the same items, whose maps are coloured, but got "
            f"{'none' if scene is None else type(scene).__name__}; embwidget.show(similarity, scene=explorer.scene)"
        )
    scene.add_item_scores(result.title, result.per_example, chance=result.null_mean)
    shown = view(scene)
    shown.options = {"colour_by": result.title}
    return shown


def _comparing_scene_of(result: Fitting, scene: "ItemScene | None") -> "ComparingScene":
    from embwidget.widgets.scenes.comparing_scene import ComparingScene

    return _given_or_own(ComparingScene, ComparingScene.from_fitting, result, scene)


def _alignment_scene_of(result: Alignment | Fitting, scene: "ItemScene | None") -> "AlignmentScene":
    from embwidget.widgets.scenes.alignment_scene import AlignmentScene

    fitting = isinstance(result, Fitting)
    make = AlignmentScene.from_fitting if fitting else AlignmentScene.from_alignment
    return _given_or_own(AlignmentScene, make, result, scene)


def _audit_scene_of(result: Audit, scene: "ItemScene | None") -> "AuditScene":
    from embwidget.widgets.scenes.audit_scene import AuditScene

    return _given_or_own(AuditScene, AuditScene.from_audit, result, scene)


def _given_or_own(kind: type[Any], make: Callable[[Any], Any], result: Any, scene: "ItemScene | None") -> Any:
    """The given scene where it is of this kind and shows the result, else one of its own that follows the given one."""
    if isinstance(scene, kind) and scene.shows(result):
        return scene
    own = make(result)
    if scene is not None:
        own.follow(scene)
    return own


def _matrix_scene_of(
    result: ComparisonMatrix | LayerComparison, scene: "ItemScene | MatrixScene | None"
) -> "MatrixScene":
    """The given scene where it shows the matrix, else one of its own whose pairs follow the given one."""
    from embwidget.widgets.scenes.matrix_scene import MatrixScene

    if isinstance(scene, MatrixScene) and scene.shows(result):
        return scene
    own = MatrixScene.from_layers(result) if isinstance(result, LayerComparison) else MatrixScene.from_matrix(result)
    own.shared = scene.shared if isinstance(scene, MatrixScene) else scene
    if own.shared is not None and own.shared.n != result.params["n"]:
        raise ValueError(f"expected the scene of n = {result.params['n']} items but got n = {own.shared.n}")
    return own


def _scene_of(result: Comparison | SpectralComparison, scene: "ItemScene | None") -> "Scene":
    """The given scene where it shows the result or can take it, else one of its own that follows the given one."""
    from embwidget.widgets.scenes.scene import Scene

    if isinstance(scene, Scene) and scene.shows(result):
        return scene
    if isinstance(scene, Scene) and isinstance(result, SpectralComparison) and not scene.spectral:
        scene.add_spectral(result)
        return scene
    own = Scene.from_comparison(result) if isinstance(result, Comparison) else Scene.from_spectral(result)
    if scene is not None:
        own.follow(scene)
    return own
