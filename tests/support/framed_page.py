"""A page in which each view is in a frame of its own, with a model of its own, over the state that one kernel sent."""

import functools
import http.server
import importlib.util
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import FrameLocator, Page

PAGE = Path(__file__).parents[2] / "js" / "dev" / "page.py"
SIZES = 'style="width:620px;height:640px;border:0"'
NO_ICON = '<link rel="icon" href="data:,">'
TOLD = "() => embw.model.log.filter((one) => Array.isArray(one)).flat()"


def write_frames(folder: Path, frames: Mapping[str, tuple[Any, str]]) -> None:
    """A folder for each frame, of a scene and one of its views, and the page around them."""
    spec = importlib.util.spec_from_file_location("dev_page", PAGE)
    assert spec is not None and spec.loader is not None
    dev_page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dev_page)
    for name, (scene, view) in frames.items():
        dev_page.write_page(folder / name, scene, [view])
    boxes = "".join(f'<iframe name="{name}" src="{name}/index.html" {SIZES}></iframe>' for name in frames)
    (folder / "index.html").write_text(f"<!doctype html><title>frames</title>{NO_ICON}{boxes}")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the folder, for as long as it is needed."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def inside(page: Page, name: str) -> FrameLocator:
    return page.frame_locator(f"iframe[name={name}]")


def told(page: Page, name: str) -> list[str]:
    """What the frame's model has told its kernel, trait by trait."""
    frame = page.frame(name)
    assert frame is not None
    names: list[str] = frame.evaluate(TOLD)
    return names
