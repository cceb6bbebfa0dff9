"""A folder that shows the widgets in any browser, without Jupyter: python js/dev/page.py FOLDER [scene [view ...]].

Scenes: both, ties, sampled, runs (each an Explorer); neighbors (a MapPair); pictures, texts, offset, nothing,
shuffled (each a Gallery); models, layers, hundred, two, distances, networks (each a SimilarityMatrix, in which every
pair opens the same comparison); aligned, planted, shuffled_aligned (each an AlignmentView); trained, training (each a
FitView); searching, filling, filled (an Explorer of a live comparison: before it opens, while measures run, and
after); audit, audit_pictures (each an AuditView); playground (a Playground).
"""

import json
import shutil
import sys
import threading
import time
from pathlib import Path

import numpy as np
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import (
    AlignmentScene,
    AuditScene,
    ComparingScene,
    FittingScene,
    MatrixScene,
    PlaygroundScene,
    Scene,
)
from embwidget.widgets.scenes.item_scene import ItemScene
from embwidget.widgets.wire import thumbnails as _thumbnails
from embwidget.widgets.wire.carrier import Carrier

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "embwidget" / "static"
PAGE = """<!doctype html>
<meta charset="utf-8"><title>embwidget</title>
{styles}
<body style="margin:16px;background:var(--page, #fff);color:var(--ink, #111)">
{views}
<script type="module" src="host.js"></script>
"""


def write_page(folder: Path, scene: Carrier, views: list[str]) -> None:
    """Everything the page loads: the built code, the state, its buffers, the sheets of tiles; of a matrix, one pair."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "host.js", folder / "host.js")
    shutil.copy(STATIC / "view.js", folder / "view.js")
    write_state(folder, scene)
    if isinstance(scene, MatrixScene):
        scene.open_pair(0, len(scene.layers[0]) if scene.layers else 1)
        write_state(folder / "pair", scene.opened)
    boxes = "\n".join(f'<div data-view="{view}"></div>' for view in views)
    sheets = sorted(file.relative_to(folder) for file in folder.rglob("code.css"))
    styles = "\n".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
    (folder / "index.html").write_text(PAGE.format(styles=styles, views=boxes))


def write_state(folder: Path, scene: Carrier) -> None:
    """One scene: its code, its traits, its buffers, its pictures."""
    folder.mkdir(exist_ok=True)
    (folder / "code.js").write_text(str(scene._esm))
    (folder / "code.css").write_text(str(scene._css))
    state, paths, buffers = _remove_buffers(scene.get_state())
    kept = {name: state[name] for name in scene.class_trait_names(sync=True) if name in state and name[0] != "_"}
    kept = {name: value for name, value in kept.items() if name not in ("layout", "tabbable", "tooltip")}
    listed = []
    for place, (path, buffer) in enumerate(zip(paths, buffers, strict=True)):
        (folder / f"buffer-{place}.bin").write_bytes(bytes(buffer))
        listed.append({"path": path, "file": f"buffer-{place}.bin"})
    (folder / "state.json").write_text(json.dumps({"state": kept, "buffers": listed}))
    rows = range(scene.n) if isinstance(scene, ItemScene) and scene.tiles else range(0)
    for number, first in enumerate(range(0, len(rows), _thumbnails.PER_SHEET)):
        some = rows[first : first + _thumbnails.PER_SHEET]
        (folder / f"sheet-{number}.bin").write_bytes(_thumbnails.sheet(scene._items, scene.n, some)[0])


def of_both() -> Scene:
    """Pictures against names, with curves and clusters."""
    emoji = ew.datasets.load_emoji()
    X, Y = emoji.spaces["noto_efflite0"], emoji.spaces["name_minilm"]
    scene = Scene.from_comparison(ew.compare(X, Y, items=emoji.items, names=("picture", "name")))
    scene.add_spectral(ew.spec(X, Y, items=emoji.items, names=("picture", "name")))
    return scene


def of_runs() -> Scene:
    """An encoder against another, beside re-runs of the first that differ a little."""
    emoji = ew.datasets.load_emoji()
    X, Y = emoji.spaces["noto_efflite0"], emoji.spaces["noto_cocossd"]
    spread = np.random.default_rng(0).normal(size=(3, *X.shape)) * X.std()
    runs = [X + size * one for size, one in zip((0.25, 0.4, 0.6), spread, strict=True)]
    found = ew.compare(X, Y, items=emoji.items, names=("efflite0", "cocossd"), baseline=runs, measures=["nngs"])
    return Scene.from_comparison(found)


def of_neighbors() -> Scene:
    """The same, drawn by neighbours."""
    emoji = ew.datasets.load_emoji()
    X, Y = emoji.spaces["noto_efflite0"], emoji.spaces["name_minilm"]
    found = ew.compare(X, Y, items=emoji.items, names=("picture", "name"), maps="umap", measures=["nngs"])
    return Scene.from_comparison(found)


def of_ties() -> Scene:
    """Placeholders at the same rows, and one of few classes for the rest of Y: many sizes without a score."""
    random = np.random.default_rng(0)
    X = random.normal(size=(300, 6))
    Y = np.eye(20)[random.integers(0, 20, 300)]
    X[:60] = Y[:60] = 1
    return Scene.from_comparison(ew.compare(X, Y, metric="euclidean"))


def of_sampled() -> Scene:
    """A few of the glosses, searched for among all of them."""
    glosses = ew.datasets.load_glosses()
    X, Y = glosses.spaces["minilm"], glosses.spaces["use"]
    how = {"method": "sampled", "sample": 150, "measures": ["nngs", "rank_similarity", "cka"]}
    return Scene.from_comparison(ew.compare(X, Y, items=glosses.items, names=("minilm", "use"), **how))


def of_shuffled() -> Scene:
    """Rows in another order."""
    X = np.random.default_rng(0).normal(size=(300, 8))
    X[:60] += 2
    return Scene.from_spectral(ew.spec(X, X[np.random.default_rng(1).permutation(300)]))


def of_shuffled_aligned() -> AlignmentScene:
    """Rows in another order, aligned."""
    X = np.random.default_rng(0).normal(size=(300, 8))
    Y = X[np.random.default_rng(1).permutation(300)]
    return AlignmentScene.from_alignment(ew.align(X, Y, steps=20))


def of_pictures() -> Scene:
    """Two image encoders, clusters alone."""
    emoji = ew.datasets.load_emoji()
    X, Y = emoji.spaces["noto_efflite0"], emoji.spaces["noto_cocossd"]
    return Scene.from_spectral(ew.spec(X, Y, items=emoji.items, names=("efflite0", "cocossd")))


def of_texts() -> Scene:
    """Glosses without pictures, with random features and so with a noise floor."""
    glosses = ew.datasets.load_glosses()
    X, Y = glosses.spaces["minilm"], glosses.spaces["use"]
    kernel = {"kernel": "gaussian", "bandwidth": "median", "features": "rff"}
    return Scene.from_spectral(ew.spec(X, Y, items=glosses.items, names=("minilm", "use"), **kernel))


def of_offset() -> Scene:
    """Neither pictures nor texts, and a common offset that nothing takes away."""
    random = np.random.default_rng(0)
    X = random.normal(size=(300, 8))
    X[:40] = 0.2 * X[:40] + 3
    Y = random.normal(size=(300, 12)) + 2
    return Scene.from_spectral(ew.spec(X, Y, center=False, n_components=6))


def of_nothing() -> Scene:
    """The same space twice: no cluster."""
    X = np.random.default_rng(0).normal(size=(60, 5))
    return Scene.from_spectral(ew.spec(X, X @ np.linalg.qr(X[:5])[0]))


def of_models() -> MatrixScene:
    """The encoders of the emoji, and narrower copies of them; one that has nothing to do with the others."""
    emoji = ew.datasets.load_emoji()
    random = np.random.default_rng(0)
    spaces = {}
    for name, X in emoji.spaces.items():
        spaces[name] = X
        spaces[f"{name} (64 wide)"] = X.astype(np.float32) @ random.normal(size=(X.shape[1], 64)).astype(np.float32)
    spaces["<b>unrelated</b>"] = random.normal(size=(len(X), 32))
    return MatrixScene.from_matrix(ew.compare_many(spaces, items=emoji.items, progress=False))


def of_layers(depths: tuple[int, ...] = (13, 11)) -> MatrixScene:
    """The layers of networks that go different ways from the same start, with long names that are nearly alike."""
    random = np.random.default_rng(0)
    start = random.normal(size=(400, 24))
    spaces = {}
    for network, depth in zip(["base", "large", "small", "tiny"], depths, strict=False):
        X = start
        for layer in range(depth):
            X = X + 0.35 * np.tanh(X @ random.normal(size=(24, 24)) / 4) + 0.25 * random.normal(size=X.shape)
            spaces[f"openai/clip-vit-{network}-patch16-224/encoder.layers.{layer}.mlp"] = X
    return MatrixScene.from_matrix(ew.compare_many(spaces, progress=False))


def of_networks() -> MatrixScene:
    """Two networks that grow apart, one of them turned, by four measures."""
    random = np.random.default_rng(0)
    start = random.normal(size=(240, 24))
    networks: list[dict[str, np.ndarray]] = [{}, {}]
    shared = [random.normal(size=(24, 24)) for _ in range(9)]
    for network in networks:
        X = start
        for layer, change in enumerate(shared):
            X = X + 0.5 * np.tanh(X @ change / 3) + 0.3 * random.normal(size=X.shape)
            network[f"encoder.layers.{layer}.<b>mlp</b>"] = X @ np.linalg.qr(random.normal(size=(24, 24)))[0]
    found = ew.compare_layers(*networks, names=("base", "large"), progress=False)
    return MatrixScene.from_layers(found)


def of_two() -> MatrixScene:
    """The fewest spaces."""
    X = np.random.default_rng(0).normal(size=(200, 12))
    return MatrixScene.from_matrix(ew.compare_many({"all": X, "some": X[:, :9]}, progress=False))


def of_distances() -> MatrixScene:
    """A distance, between word embeddings and one that has nothing to do with them."""
    words = ew.datasets.load_words()
    rows = np.arange(1000)
    spaces = {name: X[rows] for name, X in words.spaces.items()}
    spaces["noise"] = np.random.default_rng(0).normal(size=(len(rows), 40))
    items = words.items.take(rows)
    return MatrixScene.from_matrix(ew.compare_many(spaces, measure="spec_diff", items=items, progress=False))


def of_pictures_aligned() -> AlignmentScene:
    """Pictures brought to see what names see."""
    emoji = ew.datasets.load_emoji()
    X, Y = emoji.spaces["noto_efflite0"], emoji.spaces["name_minilm"]
    return AlignmentScene.from_alignment(ew.align(X, Y, items=emoji.items, names=("picture", "name"), steps=100))


def of_planted_group() -> AlignmentScene:
    """A group that one space hardly has, texts without pictures, and a closed form, which has no history."""
    random = np.random.default_rng(0)
    group = np.repeat(np.arange(6), 150)
    x, y = random.normal(size=(2, len(group), 16))
    y += 5 * np.eye(16)[group]
    x += 5 * np.eye(16)[group] * (group != 5)[:, None] + 2 * np.eye(16)[15] * (group == 5)[:, None]
    items = ew.Items(labels=[f"group {g}" for g in group], texts=[f"item number {i}" for i in range(len(group))])
    return AlignmentScene.from_alignment(ew.align(x, y, items=items, method="ridge", progress=False))


def of_comparing(until: str) -> ComparingScene:
    """Pictures against names, live, held where neighbours are searched, or at a measure that does not end by itself."""
    emoji = ew.datasets.load_emoji()
    X, Y = emoji.spaces["noto_efflite0"], emoji.spaces["name_minilm"]
    go = threading.Event()

    def my_own(X: np.ndarray, Y: np.ndarray) -> float:
        go.wait(600)
        return 0.42

    measures = [my_own, "nngs", "mutual_knn", "rank_similarity", "cknna", "cka", "procrustes", "rsa"]
    how = {"items": emoji.items, "names": ("picture", "name"), "measures": measures, "live": True}
    scene = ComparingScene.from_fitting(ew.compare(X, Y, **how))
    while until == "filling" and scene.progress["what"] != "measure my_own":
        time.sleep(0.05)
    if until == "filled":
        go.set()
        scene.wait()
    if until == "searching":
        scene._fitting._watchers.clear()
    return scene


def of_training(wait: bool = False) -> FittingScene:
    """A learned similarity of pictures and names: over, or on its way."""
    emoji = ew.datasets.load_emoji()
    X, Y = emoji.spaces["noto_efflite0"], emoji.spaces["name_minilm"]
    fitting = ew.ContraSim(max_steps=100_000).fit({"picture": X[:1200], "name": Y[:1200]}, live=True)
    scene = FittingScene.from_fitting(fitting)
    while not wait and fitting.step < 120 and not fitting.done:
        time.sleep(0.05)
    if wait:
        scene.wait()
    return scene


def of_audit() -> AuditScene:
    """Words as queries for their definitions, by the same two encoders."""
    glosses, words = ew.datasets.load_glosses(), ew.datasets.load_words()
    known = {word: row for row, word in enumerate(words.words)}
    asked = sorted({word for word in glosses.words if word in known})
    rows = [known[word] for word in asked]
    answers: dict[int, list[int]] = {}
    for document, word in enumerate(glosses.words):
        if word in known:
            answers.setdefault(asked.index(word), []).append(document)
    found = ew.audit(
        glosses.spaces["minilm"],
        glosses.spaces["wordllama"],
        queries=(words.spaces["minilm384"][rows], words.spaces["wordllama256"][rows]),
        relevant=answers,
        items=ew.Items(labels=glosses.topics, texts=glosses.definitions),
        query_items=ew.Items(texts=asked),
        names=("minilm", "wordllama"),
        bridges=["procrustes", "ridge"],
    )
    return AuditScene.from_audit(found)


def of_audit_pictures() -> AuditScene:
    """Emoji that ask for their neighbours, by two image encoders; nobody judged."""
    emoji = ew.datasets.load_emoji()
    X, Y = emoji.spaces["noto_efflite0"], emoji.spaces["noto_cocossd"]
    return AuditScene.from_audit(ew.audit(X, Y, items=emoji.items, bridges=["procrustes"]))


def of_playground() -> PlaygroundScene:
    """Points to be dragged, in the posture in which CKA and NNGS differ most."""
    return PlaygroundScene.opened("insides")


SCENES = {
    "both": (of_both, "explorer"),
    "sampled": (of_sampled, "explorer"),
    "runs": (of_runs, "explorer"),
    "neighbors": (of_neighbors, "map_pair"),
    "ties": (of_ties, "explorer"),
    "shuffled": (of_shuffled, "gallery"),
    "shuffled_aligned": (of_shuffled_aligned, "alignment_view"),
    "pictures": (of_pictures, "gallery"),
    "texts": (of_texts, "gallery"),
    "offset": (of_offset, "gallery"),
    "nothing": (of_nothing, "gallery"),
    "models": (of_models, "similarity_matrix"),
    "layers": (of_layers, "similarity_matrix"),
    "hundred": (lambda: of_layers((25, 25, 25, 25)), "similarity_matrix"),
    "networks": (of_networks, "similarity_matrix"),
    "two": (of_two, "similarity_matrix"),
    "distances": (of_distances, "similarity_matrix"),
    "aligned": (of_pictures_aligned, "alignment_view"),
    "searching": (lambda: of_comparing("searching"), "explorer"),
    "filling": (lambda: of_comparing("filling"), "explorer"),
    "filled": (lambda: of_comparing("filled"), "explorer"),
    "training": (of_training, "fit_view"),
    "trained": (lambda: of_training(True), "fit_view"),
    "planted": (of_planted_group, "alignment_view"),
    "audit": (of_audit, "audit_view"),
    "audit_pictures": (of_audit_pictures, "audit_view"),
    "playground": (of_playground, "playground"),
}


def main(folder: str, scene: str = "both", *views: str) -> None:
    make, view = SCENES[scene]
    write_page(Path(folder), make(), list(views) or [view])


if __name__ == "__main__":
    main(*sys.argv[1:])
