"""Whether the Jupyter server sees embwidget's extension, and those that show widgets."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from embwidget.checks.checkup import Check
from embwidget.checks.packages import pip
from embwidget.checks.server import Server
from embwidget.results.version import VERSION

_WIDGETS = {"@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets", "anywidget": "anywidget"}
_RESTART = "then restart the server and reload the page"


def check_extension(server: Server) -> Check:
    """Its files are where the server looks, of this version, and not switched off."""
    name = "extension"
    if server.prefix is None:
        remedy = f"there: pip install embwidget=={VERSION}; {_RESTART}. Views need no more than widgets"
        return Check(name=name, ok=None, found="cannot be seen from here", remedy=remedy)
    found = _extension("embwidget", _paths(server, "labextensions"))
    install = f"{pip(f'embwidget=={VERSION}', server.python)}; {_RESTART}"
    if found is None:
        said = f"not in {_said(_paths(server, 'labextensions'))}: no cards, menus, dialog or viewer"
        return Check(name=name, ok=False, found=said, remedy=install)
    place, package = found
    # Sources that were never installed have no version to compare.
    if VERSION not in (package.get("version"), "0+unknown"):
        said = f"{package.get('version')} in {place}, but embwidget is {VERSION}"
        return Check(name=name, ok=False, found=said, remedy=install)
    script = str(package.get("jupyterlab", {}).get("_build", {}).get("load", ""))
    if not (script and (place / script).is_file()):
        return Check(name=name, ok=False, found=f"incomplete in {place}", remedy=install)
    if switch := _switched_off(server):
        remedy = f"jupyter labextension enable embwidget; {_RESTART}"
        return Check(name=name, ok=False, found=f"switched off in {switch}", remedy=remedy)
    return Check(name=name, ok=True, found=f"{VERSION} in {place}")


def check_widget_manager(server: Server) -> Check:
    """What shows widgets in a page is where the server looks."""
    if server.prefix is None:
        return Check(name="widget manager", ok=None, found="cannot be seen from here; the line below tells")
    paths = _paths(server, "labextensions")
    found = {name: _extension(name, paths) for name in _WIDGETS}
    missing = [name for name, one in found.items() if one is None]
    if missing:
        wanted = " ".join(_WIDGETS[name] for name in missing)
        remedy = f"{pip(wanted, server.python)}; {_RESTART}"
        return Check(name="widget manager", ok=False, found=f"{', '.join(missing)} not there", remedy=remedy)
    versions = [f"{name} {one[1].get('version')}" for name, one in found.items() if one is not None]
    return Check(name="widget manager", ok=True, found=", ".join(versions))


def check_server(server: Server) -> Check:
    """Which server it is."""
    return Check(name="server", ok=True if server.prefix is not None else None, found=server.found)


def _paths(server: Server, kind: str) -> list[Path]:
    """Where a server of that environment looks, the first first."""
    from jupyter_core.paths import jupyter_config_path, jupyter_path

    listed = jupyter_path("labextensions") if kind == "labextensions" else jupyter_config_path()
    places = [Path(one) for one in listed]
    if server.prefix is None or server.prefix == Path(sys.prefix):
        return places
    own = "share/jupyter/labextensions" if kind == "labextensions" else "etc/jupyter"
    here = Path(sys.prefix)
    return [server.prefix / own, *(one for one in places if not one.is_relative_to(here))]


def _extension(name: str, paths: Iterable[Path]) -> tuple[Path, dict[str, Any]] | None:
    """The first that is found, and what it says of itself."""
    for path in paths:
        package = _read(path / name / "package.json")
        if package is not None:
            return path / name, package
    return None


def _switched_off(server: Server) -> Path | None:
    """The file that switches it off, if one does."""
    for folder in _paths(server, "config"):
        file = folder / "labconfig" / "page_config.json"
        listed = (_read(file) or {}).get("disabledExtensions", {})
        off = {name for name, value in listed.items() if value} if isinstance(listed, dict) else set(listed)
        if off & {"embwidget", "embwidget:plugin"}:
            return file
    return None


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _said(paths: list[Path]) -> str:
    return ", ".join(map(str, paths[:2])) + (f" and {len(paths) - 2} more folders" if len(paths) > 2 else "")
