"""Which file of the package imports which, read from their sources."""

import ast
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "embwidget"
FILES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def imported(name: str, files: dict[str, Path] = FILES) -> set[str]:
    """Modules of the package that one of them imports anywhere, by their dotted names."""
    found = set()
    for node in ast.walk(ast.parse(files[name].read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {inner if (inner := f"{node.module}.{one.name}") in files else node.module for one in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {one for one in found if one in files}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of nodes that lead back to themselves: strongly connected components of more than one, or with a loop."""
    reached = {one: reachable(one, graph) for one in graph}
    groups = {tuple(sorted(b for b in reached[a] if a in reached[b])) for a in graph if a in reached[a]}
    return [list(group) for group in sorted(groups)]


def reachable(start: str, graph: dict[str, Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += graph.get(one, ())
    return seen
