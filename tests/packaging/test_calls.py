"""Calls that can be read: what has many parts has them by name."""

import ast

from import_graph import FILES, PACKAGE

MOST = 6


def test_no_call_passes_seven_values_by_position() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {ast.unparse(node.func)}: {len(node.args)}"
        for path in FILES.values()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and len(node.args) > MOST
    ]
    assert found == []
