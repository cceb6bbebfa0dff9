"""What a report holds of its scenes, as one block of bytes: their code, their state, their pictures, their links."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anywidget import WidgetTrait

from embwidget.results.plain import plain_value
from embwidget.texts.clean import cleaned
from embwidget.widgets.sent.pictures import sheets_of

_HOST_ONLY = {"layout", "tabbable", "tooltip", "channel", "shares"}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A view as a file shows it: of which scene, which of its views, opened how."""

    scene: Any
    kind: str
    options: dict[str, Any] = field(default_factory=dict)


class _Block:
    """Bytes one behind the other; what is put in is known by its place, and the same bytes have one."""

    def __init__(self) -> None:
        self.places: dict[bytes, list[int]] = {}
        self.size = 0

    def put(self, part: bytes) -> list[int]:
        if part not in self.places:
            self.places[part] = [self.size, len(part)]
            self.size += len(part)
        return self.places[part]


def carry(views: Sequence[Shown]) -> bytes:
    """The header's length in four bytes, the header as JSON, and the bytes that it names; all of it compressed."""
    scenes = _scenes_of(views)
    block = _Block()
    files: dict[str, list[int]] = {}
    packed = [_packed(scene, scenes, files, block) for scene in scenes]
    shown = [{"scene": _place(view.scene, scenes), "kind": view.kind, "options": view.options} for view in views]
    header = {"scenes": packed, "links": _links_of(scenes), "views": shown, "files": files}
    text = json.dumps(plain_value(cleaned(header)), allow_nan=False, separators=(",", ":")).encode()
    whole = b"".join([len(text).to_bytes(4, "little"), text, *block.places])
    # The time of day is no part of it: the same result makes the same file.
    return gzip.compress(whole, compresslevel=6, mtime=0)


def _scenes_of(views: Sequence[Shown]) -> list[Any]:
    """Each scene once, and those that are open within others."""
    found: list[Any] = []
    waiting = [view.scene for view in views]
    while waiting:
        scene = waiting.pop(0)
        if not any(scene is one for one in found):
            found.append(scene)
            waiting += [one for name in _references(scene) if (one := getattr(scene, name)) is not None]
    return found


def _references(scene: Any) -> list[str]:
    return [name for name, trait in scene.traits(sync=True).items() if isinstance(trait, WidgetTrait)]


def _place(scene: Any, scenes: list[Any]) -> int:
    return next(i for i, one in enumerate(scenes) if one is scene)


def _packed(scene: Any, scenes: list[Any], files: dict[str, list[int]], block: _Block) -> dict[str, Any]:
    code, looks = f"{type(scene).__name__}.js", f"{type(scene).__name__}.css"
    for name, text in ((code, scene._esm), (looks, scene._css)):
        if name not in files:
            files[name] = block.put(str(text).encode())
    state, arrays = _split(scene, block)
    for name in _references(scene):
        inner = getattr(scene, name)
        state[name] = None if inner is None else str(_place(inner, scenes))
    sheets = sheets_of(scene) if getattr(scene, "tiles", None) else []
    told = [{"rows": one.rows, "size": one.size, "mime": one.mime, "bytes": block.put(one.file)} for one in sheets]
    return {"code": code, "looks": looks, "state": state, "arrays": arrays, "sheets": told}


def _split(scene: Any, block: _Block) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The state that a page is sent, its arrays' bytes apart."""
    state = {name: value for name, value in scene.get_state().items() if name[0] != "_" and name not in _HOST_ONLY}
    arrays = {}
    for name, value in state.items():
        if isinstance(value, Mapping) and isinstance(value.get("data"), memoryview):
            arrays[name] = block.put(bytes(value["data"]))
            state[name] = {key: one for key, one in value.items() if key != "data"}
    return state, arrays


def _links_of(scenes: list[Any]) -> list[dict[str, Any]]:
    """What scenes of the file share with each other."""
    found = []
    for link in dict.fromkeys(one for scene in scenes for one in getattr(scene, "_links", ())):
        ends = [end[0] for end in (link.source, link.target)]
        if all(any(end is scene for scene in scenes) for end in ends):
            found.append({"trait": link.source[1], "scenes": [_place(end, scenes) for end in ends]})
    return found
