"""``python -m embwidget NOTEBOOK``: run a notebook where there is no screen, and print what its cells say."""

import argparse
from pathlib import Path
from typing import Any


def main() -> None:
    """Execute the notebook in a kernel of this Python, printing each cell's text as it comes."""
    parser = argparse.ArgumentParser(prog="python -m embwidget", description="Run a notebook and print what it says.")
    parser.add_argument("notebook", type=Path, help="for example notebooks/01_compare.ipynb")
    path = parser.parse_args().notebook
    if not path.is_file():
        parser.error(f"expected the path of a notebook but got {str(path)!r}, which is no file")
    try:
        import nbformat
        from nbclient import NotebookClient
    except ImportError as missing:
        parser.error(f"running a notebook needs {missing.name}: pip install 'embwidget[lab]'")
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(path.parent)}})
    client.on_cell_executed = _say
    client.execute()


def _say(cell: Any, cell_index: int, execute_reply: Any) -> None:
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stdout":
            print(output.text, end="")
        elif output.output_type == "execute_result":
            print(output.data.get("text/plain", ""))


if __name__ == "__main__":
    main()
