"""Builds the documentation: `python .docs/build.py OUT [--executed]`.

OUT becomes a folder of pages that work from a disk, with no network: README as the guide, the notebooks (with
`--executed` run first, so that they show what they find), the reference from docstrings, and views that are alive.
"""

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

import nbclient
import nbformat
from reference import write_reference
from sphinx.cmd.build import main as sphinx

import embwidget as ew

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MATHJAX = ROOT / "node_modules" / "mathjax" / "es5" / "tex-svg.js"
CELL_TIMEOUT = 600
TEXTS = {"README.md": "guide.md", "CHANGELOG.md": "changes.md", ".github/CONTRIBUTING.md": "contribute.md"}
LIVE = {
    "playground": "Three meters: move sixty points, and see what each measure sees",
    "explorer": "The Explorer: emoji pictures beside their names",
    "gallery": "The Gallery: the groups that pictures hold together and names do not",
    "matrix": "Every two of nine spaces of the same emoji",
}


def gather_texts(source: Path) -> None:
    """README, changes and how to contribute, as pages; links into the repository lead to their pages here."""
    for name, page in TEXTS.items():
        (source / page).write_text(_relink((ROOT / name).read_text()))
    shutil.copy(ROOT / "notebooks" / "explorer.png", source / "explorer.png")


def _relink(text: str) -> str:
    """Links that hold in a clone, as links that hold in the site; what has no page here keeps its words."""
    text = text.replace("](notebooks/explorer.png)", "](explorer.png)")
    for name, page in TEXTS.items():
        text = re.sub(rf"\]\((?:\.\./)?{re.escape(name)}(#[\w-]+)?\)", rf"]({page}\1)", text)
    return re.sub(r"\[([^\]]+)\]\((?:LICENSE|CITATION\.cff|embwidget/data/NOTICE\.md)\)", r"\1", text)


def gather_notebooks(source: Path, executed: bool) -> list[str]:
    """Copies of the notebooks, run where that is asked for; returns their names in reading order."""
    folder = source / "notebooks"
    folder.mkdir()
    names = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        if executed:
            print(f"running {path.name}", flush=True)
            nbclient.NotebookClient(notebook, timeout=CELL_TIMEOUT, resources={"metadata": {"path": folder}}).execute()
        for cell in notebook.cells:
            link_lessons(cell)
        nbformat.write(notebook, folder / path.name)
        names.append(path.stem)
    return names


def link_lessons(cell: nbformat.NotebookNode) -> None:
    """What is folded in JupyterLab is folded here, and a lesson that is named is a link."""
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
    if cell.cell_type == "markdown":
        cell.source = re.sub(r"`(\d\d_\w+)\.ipynb`", r"[\1](\1.ipynb)", cell.source)


def make_pages(folder: Path) -> None:
    """Views that are alive without Python, each a file of its own."""
    folder.mkdir()
    emoji = ew.datasets.load_emoji()
    x, y = emoji.spaces["noto_efflite0"], emoji.spaces["name_minilm"]
    between = {"names": ("picture", "name"), "items": emoji.items, "progress": False}
    shown = {
        "playground": ew.playground(),
        "explorer": ew.compare(x, y, **between),
        "gallery": ew.spec(x, y, **between),
        "matrix": ew.compare_many(emoji.spaces, measure="cka", items=emoji.items, progress=False),
    }
    for name, title in LIVE.items():
        ew.to_html(shown[name], folder / f"{name}.html", title=title)


def write_index(source: Path, notebooks: list[str]) -> None:
    """The first page, around what was gathered."""
    text = (HERE / "index.md").read_text()
    lessons = "\n".join(f"notebooks/{name}" for name in notebooks)
    pages = "\n".join(f"- <a href='{name}.html'>{title}</a>" for name, title in LIVE.items())
    (source / "index.md").write_text(text.replace("{lessons}", lessons).replace("{pages}", pages))


def build(out: Path, executed: bool = False, live: bool = True) -> int:
    """The whole site into `out`; Sphinx' exit status, where a warning is an error."""
    if not MATHJAX.is_file():
        raise FileNotFoundError(f"expected MathJax at {MATHJAX} but found none; run `npm ci` first")
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "source"
        source.mkdir()
        shutil.copy(HERE / "conf.py", source)
        (source / "static").mkdir()
        shutil.copy(MATHJAX, source / "static" / "mathjax.js")
        gather_texts(source)
        write_reference(source / "reference")
        if live:
            make_pages(source / "pages")
        else:
            (source / "pages").mkdir()
        write_index(source, gather_notebooks(source, executed))
        return sphinx(["-q", "-W", "--keep-going", "-b", "html", str(source), str(out)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--executed", action="store_true", help="run the notebooks first, in a few minutes")
    given = parser.parse_args()
    sys.exit(build(given.out, given.executed))
