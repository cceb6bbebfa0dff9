"""When the build hook builds, and when it asks for a Node of its own."""

import os
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def tree(hook: ModuleType, tmp_path: Path) -> Path:
    """A source tree whose bundle was made after its sources."""
    sources = ["js/src/scenes/one.ts", "js/src/scenes/other.ts", "notebooks/01.ipynb"]
    write(tmp_path, sources, 100)
    write(tmp_path, hook.built_files(tmp_path), 200)
    return tmp_path


def write(root: Path, names: list[str], time: int) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        os.utime(path, (time, time))


def asked_for(hook: ModuleType, tree: Path) -> list[str]:
    builder = hook.JavaScriptBuild(str(tree), {}, None, None, "", "wheel")
    return list(builder.dependencies())


def test_what_is_newer_than_its_sources_is_left_alone(hook: ModuleType, tree: Path) -> None:
    assert not hook.needs_build(tree)


@pytest.mark.parametrize("source", ["js/src/scenes/one.ts", "notebooks/01.ipynb"])
def test_a_newer_source_is_built_again(hook: ModuleType, tree: Path, source: str) -> None:
    os.utime(tree / source, (300, 300))
    assert hook.needs_build(tree)


def test_an_unpacked_sdist_is_complete_whatever_its_times(hook: ModuleType, tree: Path) -> None:
    os.utime(tree / "js/src/scenes/one.ts", (300, 300))
    (tree / "PKG-INFO").write_text("")
    assert not hook.needs_build(tree)


def test_each_missing_built_file_is_built(hook: ModuleType, tree: Path) -> None:
    (tree / "PKG-INFO").write_text("")
    for name in hook.built_files(tree):
        (tree / name).unlink()
        assert hook.needs_build(tree)
        (tree / name).write_text("")


def test_node_is_asked_for_only_where_it_is_needed_and_absent(
    hook: ModuleType, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert asked_for(hook, tree) == []
    (tree / hook.built_files(tree)[0]).unlink()
    assert asked_for(hook, tree) == [hook.NODE]
    program = tmp_path / "bin" / "node"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho v20.19.0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    assert asked_for(hook, tree) == []
    program.write_text("#!/bin/sh\necho v18.20.4\n")
    assert asked_for(hook, tree) == [hook.NODE]


def test_each_scene_has_its_bundle(hook: ModuleType, tree: Path) -> None:
    bundles = [f"embwidget/static/{name}" for name in ("one.js", "one.css", "other.js", "other.css", "view.js")]
    place = "embwidget/labextension/"
    assert hook.built_files(tree) == [*bundles, place + "package.json", place + "schemas/embwidget/plugin.json"]


def test_a_tree_without_scenes_is_told(hook: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="expected the sources of the widgets in js/src/scenes but found none"):
        hook.needs_build(tmp_path)
