"""A folder that shows the widgets in any browser, without Jupyter: python js/dev/page.py FOLDER [view ...]."""

import json
import shutil
import sys
from pathlib import Path

from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import Scene, _thumbnails

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "embwidget" / "static"
PAGE = """<!doctype html>
<meta charset="utf-8"><title>embwidget</title>
<link rel="stylesheet" href="scene.css">
<body style="margin:16px;background:var(--page, #fff)">
{views}
<script type="module" src="host.js"></script>
"""


def write_page(folder: Path, scene: Scene, views: list[str]) -> None:
    """Everything the page loads: the built code, the state, its buffers, the sheets of tiles."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in (HERE / "host.js", STATIC / "scene.js", STATIC / "scene.css", STATIC / "view.js"):
        shutil.copy(file, folder / file.name)
    state, paths, buffers = _remove_buffers(scene.get_state())
    kept = {name: state[name] for name in scene.class_trait_names(sync=True) if name in state and name[0] != "_"}
    kept = {name: value for name, value in kept.items() if name not in ("layout", "tabbable", "tooltip")}
    listed = []
    for place, (path, buffer) in enumerate(zip(paths, buffers, strict=True)):
        (folder / f"buffer-{place}.bin").write_bytes(bytes(buffer))
        listed.append({"path": path, "file": f"buffer-{place}.bin"})
    (folder / "state.json").write_text(json.dumps({"state": kept, "buffers": listed}))
    for number in range(scene.tiles.get("sheets", 0)):
        (folder / f"sheet-{number}.bin").write_bytes(_thumbnails.sheet(scene._items, scene.n, number)[0])
    boxes = "\n".join(f'<div data-view="{view}"></div>' for view in views)
    (folder / "index.html").write_text(PAGE.format(views=boxes))


def main(folder: str, *views: str) -> None:
    emoji = ew.datasets.load_emoji()
    X, Y = emoji.spaces["noto_efflite0"], emoji.spaces["name_minilm"]
    comparison = ew.compare(X, Y, items=emoji.items, names=("picture", "name"))
    write_page(Path(folder), Scene.from_comparison(comparison), list(views) or ["explorer"])


if __name__ == "__main__":
    main(*sys.argv[1:])
