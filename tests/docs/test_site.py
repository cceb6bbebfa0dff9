"""The documentation: whole, without a warning, and without a network."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from sphinx.util.inventory import InventoryFile

import embwidget as ew

ROOT = Path(__file__).parents[2]
# Where a page may lead a reader, never what it loads.
LOADED = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\ssrc=["']?https?:|<link[^>]*rel=["']?stylesheet["']?[^>]*https?:"""
)
BUILD = """
import pathlib, sys
sys.path.insert(0, ".docs")
from build import build
sys.exit(build(pathlib.Path(sys.argv[1]), live=False))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as a reader builds it, without the living views; a warning fails."""
    out = tmp_path_factory.mktemp("site")
    built = subprocess.run([sys.executable, "-c", BUILD, str(out)], cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return out


def test_every_public_name_has_its_place_in_the_reference(site: Path) -> None:
    known = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="").data
    described = {name for kind in known.values() for name in kind}
    modules = {"charts", "measures", "datasets", "tasks", "widgets"}
    wanted = {f"embwidget.{name}" for name in ew.__all__ if name not in modules | {"sources"}}
    wanted |= {
        f"embwidget.measures.{name}" for name in ew.measures.MEASURES if callable(getattr(ew.measures, name, None))
    }
    assert sorted(wanted - described) == []


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    assert [page.name for page in pages if LOADED.search(page.read_text())] == []
    assert "cdn" not in (site / "reference" / "groups.html").read_text()
    assert (site / "_static" / "mathjax.js").stat().st_size > 1_000_000


def test_lessons_and_texts_are_pages(site: Path) -> None:
    index = (site / "index.html").read_text()
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        assert f"notebooks/{notebook.stem}.html" in index
    assert "To add a measure" in unescape((site / "contribute.html").read_text())
    assert f"<h2>{ew.__version__}" in (site / "changes.html").read_text()


def test_the_citation_names_this_version() -> None:
    assert f"version: {ew.__version__}\n" in (ROOT / "CITATION.cff").read_text()
