"""``embwidget run NOTEBOOK``: run a notebook where there is no screen, and print what its cells say."""

import argparse
from pathlib import Path
from typing import Any

from embwidget.cli.parser import complain
from embwidget.cli.status import FAIL, PASS, rule

HELP = "run a notebook, and print what its cells say"
RULE = rule("every cell ran", "a cell failed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("notebook", type=Path, metavar="NOTEBOOK", help="for example notebooks/01_compare.ipynb")


def run(given: argparse.Namespace) -> int:
    """Execute it in a kernel of this Python, printing each cell's text as it comes."""
    path = given.notebook
    if not path.is_file():
        raise FileNotFoundError(f"expected the path of a notebook but got {str(path)!r}, which is no file")
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
    except ImportError as missing:
        raise ImportError(
            f"expected {missing.name} to run a notebook but it is not installed; pip install 'embwidget[lab]'"
        ) from None
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # of what is no notebook nearly anything can come
        raise ValueError(
            f"expected a notebook but got {str(path)!r}, which is none; save it anew in Jupyter"
        ) from error
    client = NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(path.parent)}})
    client.on_cell_executed = _say
    try:
        client.execute()
    except CellExecutionError as error:
        complain(f"expected every cell to run but got {error.ename}: {error.evalue}")
        return FAIL
    except Exception:
        # nbclient takes Ctrl-C for itself: it ends the kernel, and fails later for want of one.
        if getattr(client, "_async_cleanup_kernel_future", None) is not None:
            raise KeyboardInterrupt from None
        raise
    return PASS


def _say(cell: Any, cell_index: int, execute_reply: Any) -> None:
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stdout":
            print(output.text, end="", flush=True)
        elif output.output_type == "execute_result":
            print(output.data.get("text/plain", ""), flush=True)
