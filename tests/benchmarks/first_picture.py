"""From `pip install` to the first useful picture: `python tests/benchmarks/first_picture.py [--wheel WHEEL]`.

Installs the wheel with its extra "lab" in an empty environment, starts that environment's JupyterLab, opens a
notebook of the README's first lines in a browser, and waits until the Explorer has drawn its maps. Prints what each
step took, in CPU seconds of everything but the browser and in seconds by the clock.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from lab_server import LabServer  # noqa: E402
from visits import Visits  # noqa: E402

FIRST = """
import embwidget as ew

emoji = ew.datasets.load_emoji()
x, y = emoji.spaces["noto_efflite0"], emoji.spaces["name_minilm"]
c = ew.compare(x, y, names=("picture", "name"), items=emoji.items)
ew.show(c)
"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
TICK = os.sysconf("SC_CLK_TCK")


def build_wheel(folder: Path) -> Path:
    """The wheel of this working tree."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def install(wheel: Path, folder: Path) -> str:
    """The Python of a new environment that has the wheel, by pip alone, at the pinned versions."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", ".ci/constraints.txt"]
    # torch first: on some machines a bare name would fetch its CUDA build.
    for what in (["torch"], [f"{wheel}[lab]"]):
        subprocess.run([*pip, *what], check=True, cwd=ROOT)
    return python


def cpu_of_tree(root: int) -> float:
    """CPU seconds of a process and all that descend from it, ended children included."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        stats[int(path.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / TICK)
    total, todo = 0.0, [root]
    while todo:
        one = todo.pop()
        total += stats.get(one, (0, 0.0))[1]
        todo += [child for child, (parent, _) in stats.items() if parent == one]
    return total


@contextmanager
def step(name: str, cpu: object) -> Iterator[None]:
    """Prints what happened inside: `cpu` tells CPU seconds so far."""
    before, began = cpu(), time.perf_counter()  # type: ignore[operator]
    yield
    spent, wall = cpu() - before, time.perf_counter() - began  # type: ignore[operator]
    print(f"{name:<44}{spent:8.1f} CPU-s{wall:8.1f} s", flush=True)


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def see(python: str, folder: Path, picture: Path | None) -> None:
    """A notebook in the new environment's JupyterLab, up to the drawn maps."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    began = time.perf_counter()
    with LabServer(folder, python) as lab, sync_playwright() as playwright:
        pid = lab.process.pid
        print(
            f"{'JupyterLab answers':<44}{cpu_of_tree(pid):8.1f} CPU-s{time.perf_counter() - began:8.1f} s", flush=True
        )
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        visits = Visits(lab, browser, "first")
        with step("page and kernel", lambda: cpu_of_tree(pid)):
            opened = visits.notebook(FIRST)
        with step("import, compare, show: the maps are drawn", lambda: cpu_of_tree(pid)):
            opened.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
            opened.page.locator(".embw-map[data-painted]").first.wait_for(timeout=300_000)
        if picture:
            opened.page.wait_for_timeout(1000)
            opened.page.screenshot(path=str(picture))
        visits.close()
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="what to install; by default built from this working tree")
    parser.add_argument("--picture", type=Path, help="where to keep a picture of the page")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        wheel = given.wheel or build_wheel(Path(place))
        with step("pip install of the wheel and its extra lab", cpu_of_children):
            python = install(wheel.resolve(), Path(place) / "environment")
        see(python, Path(place) / "lab", given.picture)
