"""Make embwidget/data from a folder of source files: `python .ci/make_data.py SOURCE [embwidget/data]`.

SOURCE holds words.npz, analogies.json, emoji.npz, emoji.json, emoji-noto-32.png, glosses.npz, glosses.json,
multilingual.npz and multilingual.json: float16 arrays, and lists whose i-th entry belongs to row i.

Every data set becomes one zip file that `numpy.load` reads. A float16 array (n, d) is kept bit for bit, as three
members that compress better than the array does: one bit per value (is it +0?), then the high and the low
bytes of the other values, dimension by dimension. Texts are JSON, the pictures one WebP sheet.
Left out for their licences: the word pairs of `multilingual` that come from dictionaries (GPL, CC-BY-SA).
"""

import io
import json
import lzma
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image


def planes(name: str, array: np.ndarray) -> dict[str, bytes]:
    """Three members of the zip for one float16 array (n, d)."""
    bits = np.ascontiguousarray(array.astype("<f2", casting="no").T).view("<u2")
    nonzero = bits != 0
    kept = bits[nonzero]
    parts = {"mask": np.packbits(nonzero, axis=1), "high": (kept >> 8).astype("u1"), "low": kept.astype("u1")}
    return {f"{name}.{part}.npy": npy(values) for part, values in parts.items()}


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def texts(**fields: object) -> dict[str, bytes]:
    return {"texts.json": json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()}


def write(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)  # dated 1980: the same source gives the same bytes
            small = len(lzma.compress(content)) < len(content)
            archive.writestr(info, content, zipfile.ZIP_LZMA if small else zipfile.ZIP_STORED)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def arrays(path: Path, names: list[str], rows: np.ndarray | slice = slice(None)) -> dict[str, bytes]:
    with np.load(path) as source:
        return {member: content for name in names for member, content in planes(name, source[name][rows]).items()}


def words(source: Path, target: Path) -> None:
    with np.load(source / "words.npz") as lists:
        word, section = lists["words"].tolist(), lists["section"].tolist()
    analogies = json.loads((source / "analogies.json").read_text("utf8"))
    questions = np.array(analogies["questions"])
    members = arrays(source / "words.npz", ["glove100", "w2v300", "minilm384", "wordllama256"])
    members |= {
        "question_section.npy": npy(questions[:, 0].astype("u1")),
        "questions.npy": npy(questions[:, 1:].astype("<u2")),
    }
    write(target / "words.npz", members | texts(word=word, section=section, sections=analogies["sections"]))


def emoji(source: Path, target: Path) -> None:
    lists = json.loads((source / "emoji.json").read_text("utf8"))
    sheet = io.BytesIO()
    with Image.open(source / "emoji-noto-32.png") as picture:
        picture.save(sheet, "webp", quality=85, method=6)
    names = ["noto_efflite0", "noto_cocossd", "name_minilm", "name_use", "name_wordllama"]
    kept = {key: lists[key] for key in ("char", "category", "subcategory", "names", "keywords_en")}
    write(
        target / "emoji.npz", arrays(source / "emoji.npz", names) | texts(**kept) | {"noto-32.webp": sheet.getvalue()}
    )


def glosses(source: Path, target: Path) -> None:
    lists = json.loads((source / "glosses.json").read_text("utf8"))
    write(target / "glosses.npz", arrays(source / "glosses.npz", ["minilm", "use", "wordllama"]) | texts(**lists))


def multilingual(source: Path, target: Path) -> None:
    lists = json.loads((source / "multilingual.json").read_text("utf8"))
    rows = np.flatnonzero(np.array(lists["kind"]) != "dictionary")
    names = ["en_glove100", "en_w2v300", "ru_navec300", "ja_chive300"]
    members = arrays(source / "multilingual.npz", names, rows)
    write(
        target / "multilingual.npz",
        members | texts(**{key: [column[i] for i in rows] for key, column in lists.items()}),
    )


def main(source: Path, target: Path) -> None:
    for make in (words, emoji, glosses, multilingual):
        make(source, target)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(
        Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) == 3 else Path(__file__).parents[1] / "embwidget" / "data")
    )
