"""Sphinx: the reference from docstrings, the lessons from notebooks; `build.py` gathers the sources and calls it."""

import inspect
from importlib.metadata import version as installed
from typing import Any

project = "embwidget"
author = "The embwidget authors"
copyright = author
release = version = installed("embwidget")

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax", "myst_nb"]
html_theme = "furo"
html_title = f"embwidget {version}"
html_static_path = ["static"]
html_extra_path = ["pages"]
html_show_sphinx = False
# Pages must work from a folder, with no network: nothing is fetched from elsewhere.
mathjax_path = "mathjax.js"
html_theme_options = {"source_repository": ""}

add_module_names = False
# Docstrings say shapes and units; annotations would repeat them, longer.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "inherited-members": True}
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
default_role = "code"

# What a notebook shows was run by `build.py` beforehand, or is left out.
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
suppress_warnings = ["mystnb.unknown_mime_type"]


def skip_foreign(app: Any, what: str, name: str, member: Any, skip: bool, options: Any) -> bool | None:
    """Leaves out what a class has from another library: hundreds of methods of a chart or a widget."""
    of = inspect.unwrap(getattr(member, "fget", None) or getattr(member, "func", None) or member)
    module = getattr(of, "__module__", None)
    return True if isinstance(module, str) and module.split(".")[0] != "embwidget" else None


def keep_bars(app: Any, what: str, name: str, of: Any, options: Any, lines: list[str]) -> None:
    """|λ| is an absolute value here, not a name to be replaced."""
    lines[:] = [line if ":math:" in line else line.replace("|", r"\|") for line in lines]


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-skip-member", skip_foreign)
    app.connect("autodoc-process-docstring", keep_bars)
