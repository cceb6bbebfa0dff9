"""Imports go one way: a folder uses only folders of the floors below its own, and no files form a circle."""

import ast

from import_graph import FILES, PACKAGE, circles, imported

FLOORS = [
    ("texts",),
    ("arrays", "items", "work"),
    ("results", "datasets", "sources"),
    ("kernels", "neighbors", "moments", "layouts"),
    ("eigen", "scores", "maps"),
    ("measures",),
    ("comparison", "retrieval", "spectral"),
    ("alignment", "contrasim", "tasks"),
    ("upgrade",),
    ("charts", "widgets"),
    ("show",),
    ("report", "public", "checks"),
    ("cli",),
    ("__main__",),
]
BESIDE = {
    # `embwidget.arrays.Progress` is an old public path.
    ("arrays", "work"),
    # What a number is, is asked in one room.
    ("items", "arrays"),
}
WIDEST, LONGEST = 20, 300
FLOOR = {folder: i for i, floor in enumerate(FLOORS) for folder in floor}
GRAPH = {name: imported(name) for name in FILES}


def folder(name: str) -> str:
    return [*name.split("."), ""][1]


def test_every_folder_stands_on_a_floor() -> None:
    assert {folder(name) for name in GRAPH} - {""} == set(FLOOR)


def test_folders_import_only_from_floors_below() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, others in GRAPH.items()
        for other in sorted(others)
        if (here := folder(name)) and (there := folder(other)) != here
        # What the top of the package hands out is for users, of whom a command is one: inside, a name is imported from
        # where it is defined.
        if (not there and here != "cli") or (there and FLOOR[there] >= FLOOR[here] and (here, there) not in BESIDE)
    ]
    assert wrong == []


def test_every_exception_is_needed() -> None:
    used = {(folder(name), folder(other)) for name, others in GRAPH.items() for other in others}
    assert used >= BESIDE


def test_no_files_import_each_other_in_a_circle() -> None:
    files = {
        name: {one for one in others if FILES[one].name != "__init__.py"}
        for name, others in GRAPH.items()
        if FILES[name].name != "__init__.py"
    }
    assert circles(files) == []
    folders: dict[str, set[str]] = {}
    for name, others in files.items():
        folders.setdefault(folder(name), set()).update({folder(one) for one in others} - {folder(name)})
    assert circles(folders) == []


def test_names_are_imported_from_the_file_that_defines_them() -> None:
    rooms = {name for name, path in FILES.items() if path.name == "__init__.py"} - {"embwidget"}
    tops = {"embwidget", "embwidget.public", "embwidget.show"}
    assert [(a, b) for a, others in GRAPH.items() if a not in tops for b in others & rooms] == []


def test_doors_define_nothing() -> None:
    doors = list(PACKAGE.glob("*/**/__init__.py"))
    long = [str(path.relative_to(PACKAGE)) for path in doors if len(path.read_text().splitlines()) > 40]
    assert long == []
    assert [str(p.relative_to(PACKAGE)) for p in doors if defines(p)] == []


def defines(path):

    return [n for n in ast.parse(path.read_text()).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]


def test_rooms_are_small() -> None:
    folders: dict[str, int] = {}
    for path in FILES.values():
        where = str(path.parent.relative_to(PACKAGE))
        folders[where] = folders.get(where, 0) + (path.name != "__init__.py")
    assert {where: files for where, files in folders.items() if files > WIDEST} == {}
    lengths = {str(path.relative_to(PACKAGE)): len(path.read_text().splitlines()) for path in FILES.values()}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}
