"""The reference: which page describes which public name; each page from the docstrings alone."""

from pathlib import Path

import embwidget as ew

# A page: its title, what one finds there, and its names.
PAGES = {
    "compare": (
        "Compare two spaces",
        "How alike are they, at which scale, and on which items do they disagree?",
        ["compare", "Comparison", "show", "to_html", "load", "Items", "SpriteSheet", "paired", "Pair"],
    ),
    "noise": (
        "More than noise",
        "Is one score higher than another, and is a change more than a re-run makes?",
        ["difference", "difference_of", "Difference", "same", "Same", "Score"],
    ),
    "many": (
        "Many spaces, and layers",
        "Every two of many models, or the layers of two networks.",
        ["compare_many", "ComparisonMatrix", "compare_layers", "LayerComparison"],
    ),
    "upgrade": (
        "Switch to a new model",
        "Should we, who loses, and what becomes of old vectors and thresholds?",
        ["audit", "Audit", "thresholds", "Thresholds", "compare_retrieval", "RetrievalComparison"],
    ),
    "groups": (
        "Groups that one space sees",
        "Eigenvectors of the kernel difference, and what they hold.",
        [
            "spec",
            "SpectralComparison",
            "Cluster",
            "spec_path",
            "bandwidth_sweep",
            "median_bandwidth",
            "random_fourier_features",
        ],
    ),
    "align": (
        "Bring one space to agree with another",
        "A map of the first, fitted on one half of the items and judged on the other.",
        ["align", "Alignment", "Fitting"],
    ),
    "learned": (
        "Learned similarity",
        "Encoders that tell each row's partner from others.",
        ["ContraSim", "RidgeCCA", "LearnedSimilarity"],
    ),
    "help": (
        "Learn, and find what is missing",
        "A playground of sixty points, and one screen that says what an installation lacks.",
        ["playground", "doctor"],
    ),
    "neighbors": (
        "Neighbours, moments and files",
        "What everything is made of, and how embeddings in files go in.",
        ["knn", "Neighbors", "Moments", "open", "Opened", "from_records"],
    ),
}
MODULES = {
    "measures": ("Measures", "One function a measure: what it sees, its range, its chance."),
    "charts": ("Charts", "Figures for papers and slides, which show without a network."),
    "tasks": ("Tasks and benchmarks", "What a space is good for, and which measure finds what belongs together."),
    "datasets": ("Bundled data", "Real embeddings with their items, and readers of such files."),
    "widgets": ("Views", "What `show` opens, one by one."),
}


def left_out() -> list[str]:
    """Public names that no page describes; none, or the reference is not whole."""
    described = {name for _, _, names in PAGES.values() for name in names}
    return [name for name in ew.__all__ if name not in described | {*MODULES, "sources"} and name in public()]


def public() -> set[str]:
    """Names of `embwidget` that are not written with underscores."""
    return {name for name in ew.__all__ if not name.startswith("_")}


def write_reference(folder: Path) -> None:
    """A page for each question and each module, and the list of them."""
    missing = left_out()
    if missing:
        raise ValueError(f"expected every public name on a page of the reference but got none for {missing}")
    folder.mkdir(parents=True)
    for page, (title, what, names) in PAGES.items():
        entries = [_entry("embwidget", name, getattr(ew, name)) for name in names]
        (folder / f"{page}.md").write_text(_page(title, what, entries))
    for page, (title, what) in MODULES.items():
        module = getattr(ew, page)
        names = [name for name in module.__all__ if callable(getattr(module, name)) and name not in ew.__all__]
        entries = [_entry(f"embwidget.{page}", name, getattr(module, name)) for name in names]
        (folder / f"{page}.md").write_text(_page(title, what, entries))
    listed = "\n".join([*PAGES, *MODULES])
    what = "Every public name, by the question it answers."
    (folder / "index.md").write_text(f"# Reference\n\n{what}\n\n```{{toctree}}\n:maxdepth: 2\n\n{listed}\n```\n")


def _page(title: str, what: str, entries: list[str]) -> str:
    return "\n\n".join([f"# {title}", what, *entries]) + "\n"


def _entry(module: str, name: str, of: object) -> str:
    kind = "autoclass" if isinstance(of, type) else "autofunction"
    return f"## {name}\n\n```{{eval-rst}}\n.. {kind}:: {module}.{name}\n```"
