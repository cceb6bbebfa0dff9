"""What the doctor sees in environments that lack one thing each, and that the remedy is of that environment."""

import json
import subprocess
import sys
import types
from importlib import metadata
from pathlib import Path

import pytest

import embwidget as ew
from embwidget.checks import browser_code, checkup, extension, machine, packages, server
from embwidget.checks.checkup import Check, Checkup
from embwidget.checks.server import Server
from embwidget.cli.main import main
from embwidget.results.version import VERSION

MANAGER = "@jupyter-widgets/jupyterlab-manager"


def extension_in(prefix: Path, name: str, version: str = VERSION, script: bool = True) -> Path:
    folder = prefix / "share/jupyter/labextensions" / name
    (folder / "static").mkdir(parents=True)
    told = {"name": name, "version": version, "jupyterlab": {"_build": {"load": "static/entry.js"}}}
    (folder / "package.json").write_text(json.dumps(told))
    if script:
        (folder / "static/entry.js").write_text("")
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server of an environment that has nothing, and no folder of Jupyter's that others could lie in."""
    monkeypatch.setenv("JUPYTER_PATH", "")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_JUPYTER_PATH", [])
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_CONFIG_PATH", [])
    return Server(prefix=tmp_path / "lab", found="elsewhere")


def test_an_extension_that_the_server_does_not_see_is_installed_with_its_own_python(elsewhere: Server) -> None:
    found = extension.check_extension(elsewhere)
    assert found.ok is False and str(elsewhere.prefix) in found.found
    assert found.remedy.startswith(f"{elsewhere.python} -m pip install embwidget=={VERSION};")


@pytest.mark.parametrize(
    ("version", "script", "ok", "said"),
    [
        (VERSION, True, True, "lab/share/jupyter/labextensions/embwidget"),
        ("0.0.9", True, False, "0.0.9 in"),
        (VERSION, False, False, "incomplete in"),
    ],
    ids=["right", "older", "without its script"],
)
def test_an_extension_is_whole_and_of_this_version(
    elsewhere: Server, version: str, script: bool, ok: bool, said: str
) -> None:
    assert elsewhere.prefix is not None
    extension_in(elsewhere.prefix, "embwidget", version, script)
    found = extension.check_extension(elsewhere)
    assert found.ok is ok and said in found.found and bool(found.remedy) is not ok


@pytest.mark.parametrize("listed", [{"embwidget": True}, {"embwidget:plugin": True}, ["embwidget"]], ids=str)
def test_an_extension_that_is_switched_off_is_told(elsewhere: Server, listed: object, tmp_path: Path) -> None:
    assert elsewhere.prefix is not None
    extension_in(elsewhere.prefix, "embwidget")
    file = tmp_path / "config/labconfig/page_config.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"disabledExtensions": {"embwidget": False}}))
    assert extension.check_extension(elsewhere).ok is True
    file.write_text(json.dumps({"disabledExtensions": listed}))
    found = extension.check_extension(elsewhere)
    assert found.ok is False and str(file) in found.found and "enable embwidget" in found.remedy


def test_each_part_of_the_widget_manager_is_asked_for(elsewhere: Server) -> None:
    assert elsewhere.prefix is not None
    nothing = extension.check_widget_manager(elsewhere)
    assert nothing.ok is False and "install jupyterlab_widgets anywidget" in nothing.remedy
    extension_in(elsewhere.prefix, MANAGER)
    half = extension.check_widget_manager(elsewhere)
    assert half.ok is False and "install anywidget;" in half.remedy and MANAGER not in half.found
    extension_in(elsewhere.prefix, "anywidget")
    assert extension.check_widget_manager(elsewhere).ok is True


def test_what_cannot_be_seen_is_not_called_missing() -> None:
    away = Server(prefix=None, found="on another machine")
    checks = [extension.check_extension(away), extension.check_widget_manager(away), extension.check_server(away)]
    assert [one.ok for one in checks] == [None] * 3
    assert "pip install embwidget" in checks[0].remedy


def test_the_server_is_known_by_the_process_that_began_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server.find_server().prefix == Path(sys.prefix)
    monkeypatch.setattr(server, "in_a_kernel", lambda: True)
    python = tmp_path / "lab/bin/python"
    python.parent.mkdir(parents=True)
    # Stands for the Python of that environment: it waits. Its link is not followed, as all lead to the same program.
    python.symlink_to("/bin/sh")
    for last, expected in (("jupyter-lab", tmp_path / "lab"), ("code-server", None)):
        words = [str(python), "-c", "echo begun; read line", last]
        begun = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            assert begun.stdout is not None and begun.stdout.readline() == b"begun\n"
            monkeypatch.setenv("JPY_PARENT_PID", str(begun.pid))
            found = server.find_server()
        finally:
            begun.kill()
            begun.wait()
        assert found.prefix == expected
    assert server._command(begun.pid) == []


def test_packages_are_compared_with_what_embwidget_requires(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packages.check_packages().ok is True
    monkeypatch.setattr(
        metadata, "requires", lambda _: ["anywidget>=999", "no-such-package>=1", "numpy", "gone>=9; extra == 'lab'"]
    )
    found = packages.check_packages()
    assert found.ok is False
    assert found.found.endswith("999 is needed; no-such-package is not there, 1 is needed")
    assert found.remedy == packages.pip("--upgrade 'anywidget>=999' 'no-such-package>=1'")
    assert packages._numbers("0.11.0rc1") == (0, 11, 0) < packages._numbers("0.11.1") < packages._numbers("1")


def test_extras_are_good_to_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name in ("umap", "pandas") else name)
    found = packages.check_extras()
    assert found.ok is None and found.found == "not there: pandas (tables), umap (maps by neighbours)"
    assert found.remedy.endswith("pip install 'embwidget[lab,umap]'")


def test_browser_code_that_was_not_built_is_named(tmp_path: Path) -> None:
    assert browser_code.check_browser_code().ok is True
    (tmp_path / "widgets").mkdir()
    (tmp_path / "widgets/one.py").write_text('_esm = bundle("one.js")\n_css = bundle("one.css")')
    (tmp_path / "static").mkdir()
    (tmp_path / "static/one.css").write_text("")
    found = browser_code.check_browser_code(tmp_path)
    assert found.ok is False and found.found == "not built: one.js" and "build:widgets" in found.remedy


def test_what_does_not_load_and_little_memory_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "free_memory", lambda: 300_000_000)
    assert machine.check_memory().ok is False and machine.check_memory().found == "300.0 MB free"
    for name, check in (("torch", machine.check_torch), ("pynndescent", machine.check_searches)):
        monkeypatch.setitem(sys.modules, name, None)
        found = check()
        assert found.ok is False and "does not load: " in found.found and name in found.remedy


def test_one_screen_is_data_and_says_what_is_missing() -> None:
    checks = [Check(name="a", ok=True, found="<b>"), Check(name="c", ok=False, found="d", remedy="e & f")]
    found = Checkup(checks=(*checks, Check(name="g", ok=None, found="h")))
    assert not found.ok and repr(found).splitlines() == [
        "To be mended: c.",
        "✓ a: <b>",
        "✗ c: d",
        "    → e & f",
        "· g: h",
    ]
    shown = found._repr_html_()
    assert "&lt;b&gt;" in shown and "e &amp; f" in shown and "✗ c" in shown
    assert Checkup(checks=(checks[0], Check(name="g", ok=None, found="h"))).ok


def test_in_a_kernel_the_page_says_whether_it_shows_widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr("IPython.display.display", lambda one, **how: shown.append(one))
    monkeypatch.setattr(checkup, "in_a_kernel", lambda: True)
    Checkup(checks=(Check(name="a", ok=True, found="b"),))._ipython_display_()
    table, sign = shown
    assert isinstance(table, dict) and {*table} == {"text/html", "text/plain"}
    # What a page shows that has no widgets is all of it, and says so.
    bundle = sign._repr_mimebundle_()[0]  # type: ignore[attr-defined]
    assert bundle["text/plain"] == repr(sign) and repr(sign).startswith("✗ ")
    sign.close()  # type: ignore[attr-defined]


def test_the_command_fails_where_something_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = ew.doctor()
    assert main(["doctor"]) == (0 if found.ok else 1)
    assert capsys.readouterr().out.splitlines()[0] == found.sentence
    monkeypatch.setattr(packages, "VERSION", "9\x1b[31m")
    monkeypatch.setitem(sys.modules, "pynndescent", types.ModuleType("pynndescent"))
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert said.splitlines()[0].startswith("To be mended: ") and "approximate search" in said.splitlines()[0]
    assert "\x1b" not in said
