"""``embwidget lab [FOLDER]``: JupyterLab on copies of the notebooks."""

import argparse
import importlib.util
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from embwidget.cli.status import FAIL, PASS, rule

HELP = "open JupyterLab on copies of the notebooks"
RULE = rule("JupyterLab ended well, or the copies are there", "JupyterLab failed")
FOLDER = "embwidget-notebooks"
_PACKAGE = Path(__file__).parents[1]
# In the wheel, and in a checkout.
_CARRIED = (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("folder", nargs="?", default=FOLDER, metavar="FOLDER", help=f"for the copies ({FOLDER})")
    parser.add_argument(
        "jupyter", nargs="*", metavar="OPTION", help="after FOLDER and --, for jupyter lab: -- --no-browser"
    )
    parser.add_argument("--copy-only", action="store_true", help="copy the notebooks, and start nothing")


def run(given: argparse.Namespace) -> int:
    """Copy what is not there yet, and start."""
    if not given.copy_only and importlib.util.find_spec("jupyterlab") is None:
        raise ImportError("expected JupyterLab but it is not installed; pip install 'embwidget[lab]'")
    folder = Path(given.folder)
    copied, kept = copy_notebooks(folder)
    print(
        f"{len(copied)} notebooks copied to {str(folder)!r}, {len(kept)} were there and stay as they are.", flush=True
    )
    return PASS if given.copy_only else _start(folder, given.jupyter)


def copy_notebooks(folder: Path) -> tuple[list[str], list[str]]:
    """Those that were copied, and those that were there, which are never written over.

    Raises:
        FileNotFoundError: this installation carries no notebooks.
        OSError: the folder cannot be made, or written.

    """
    from embwidget.results.whole_file import whole_file

    found = next((inside for one in _CARRIED if (inside := sorted(one.glob("[0-9]*.ipynb")))), [])
    if not found:
        raise FileNotFoundError("expected notebooks in this installation but got none; install a wheel of embwidget")
    folder.mkdir(parents=True, exist_ok=True)
    there = {one.name for one in folder.iterdir()}
    copied = [one for one in found if one.name not in there]
    for one in copied:
        with whole_file(folder / one.name) as partial:
            shutil.copyfile(one, partial)
    return [one.name for one in copied], [one.name for one in found if one.name in there]


def _start(folder: Path, options: list[str]) -> int:
    # -P: no file of that folder is taken for a module of Jupyter's.
    begun = subprocess.Popen([sys.executable, "-P", "-m", "jupyterlab", *options], cwd=folder)
    # Ctrl-C is for JupyterLab, which asks whether to stop; neither outlives the other.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: begun.terminate())
    return FAIL if begun.wait() else PASS
