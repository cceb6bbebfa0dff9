"""Imports go one way: a module of embwidget uses only what stands before it here."""

import ast
from pathlib import Path

import pytest

FLOORS = [
    ("arrays", "_archive", "_pictures", "_whole_numbers"),
    ("_progress", "_row_hashes"),
    ("_pictures",),
    ("items", "_readers", "_feature_files"),
    ("datasets", "_matched_items"),
    ("_distances",),
    ("moments",),
    ("kernels",),
    ("_bandwidths", "_eigenpairs"),
    ("_difference",),
    ("_gram", "_unrelated"),
    ("_held_out", "_spaces"),
    ("_decompose",),
    ("_selection",),
    ("_exact_search",),
    ("_approximate_search",),
    ("neighbors", "maps"),
    ("measures",),
    ("_comparison_text", "_comparison_file", "_compare_checks", "_panel"),
    ("compare",),
    ("_prepared_spaces",),
    ("_comparison_matrix",),
    ("compare_many",),
    ("_enrichment", "_cluster_checks"),
    ("_clusters",),
    ("_spectral_text", "_spectral_file", "_out_of_sample"),
    ("_spectral_notes",),
    ("_spectral_result",),
    ("spectral",),
    ("_cosine_ranks", "_proportions", "_linear_map", "_rank_correlation", "_task_results"),
    ("_analogies", "_class_texts", "_fit_split"),
    ("_fit_history",),
    ("_fitting", "_live_training"),
    ("_align_objective", "_row_maps", "_kernel_gap", "_shared_layout"),
    ("_align_parameters", "_closed_form_maps", "_cluster_change", "_heat_sample", "_standing"),
    ("_alignment_verdict",),
    ("_spec_align", "_alignment_text", "_alignment_file"),
    ("_alignment_result",),
    ("_align_checks",),
    ("_align_job",),
    ("_benchmark_result", "_task_tables"),
    ("_benchmark_similarities",),
    ("_contrastive_loss", "_encoders", "_parameters", "_permutation_moments", "_relative_features"),
    ("_contrastive_fit", "_given_spaces", "_learned_similarity", "_row_folds", "_space_grid"),
    ("_contrasim_checks", "_contrasim_file", "_learned_matrix"),
    ("_contrasim_fit", "_learned_measure"),
    ("_ridge_cca", "_learned_entry"),
    ("_example_retrieval", "_layer_prediction", "_set_retrieval"),
    ("alignment", "contrasim", "tasks"),
    ("_layer_comparison",),
    ("compare_layers",),
    ("_offline_chart", "_short_names", "_size_axis"),
    ("_spectral_charts", "_matrix_chart", "_layout_charts"),
    ("_kernel_heatmap", "_alignment_charts", "_benchmark_charts", "_layer_chart"),
    ("charts", "report"),
    ("widgets",),
    ("show",),
    ("__main__",),
]
FLOOR = {module: i for i, floor in enumerate(FLOORS) for module in floor}
PACKAGE = Path(__file__).parents[2] / "embwidget"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def imported(path: Path) -> list[str]:
    """Modules of embwidget that a file imports anywhere, as dotted names without the package."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = (node.module or "").split(".") if node.module else []
            if node.level:
                here = list(path.relative_to(PACKAGE.parent).with_suffix("").parts)
                base = here[: len(here) - node.level] + base
            found += [[*base, alias.name] for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [alias.name.split(".") for alias in node.names]
    return [".".join(name[1:]) for name in found if name[0] == "embwidget" and name[1:] != ["__version__"]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_from_floors_below(path: Path) -> None:
    here = path.relative_to(PACKAGE).with_suffix("").parts
    assert here[0] in FLOOR, f"give {here[0]} its place in FLOORS"
    for name in imported(path):
        there = name.split(".")
        assert there[0] in FLOOR, f"{'.'.join(here)} imports {name}: import from the module that defines it"
        if there[0] != here[0]:
            assert FLOOR[there[0]] < FLOOR[here[0]], f"{'.'.join(here)} imports {name}, which is not below it"
        elif len(here) > 1 and here[1] != "__init__" and there[1:]:
            assert there[1].startswith("_") or there[1] in allowed_beside(here), f"{'.'.join(here)} imports {name}"


def allowed_beside(here: tuple[str, ...]) -> set[str]:
    # Views refer to the scenes: that is what a view is. A scene of many spaces opens that of two.
    scenes = {"scene", "matrix_scene", "alignment_scene", "fitting_scene"}
    return {("widgets", "views"): scenes, ("widgets", "matrix_scene"): {"scene"}}.get(here, set())
