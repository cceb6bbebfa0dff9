"""The page around what a file holds of its views."""

import base64
from collections.abc import Sequence
from functools import cache
from typing import Any

from embwidget.results.card import escape
from embwidget.results.result import Result
from embwidget.results.version import VERSION
from embwidget.texts.clean import one_line
from embwidget.widgets.sent.carried import Shown, carry
from embwidget.widgets.wire.binary import WireError
from embwidget.widgets.wire.bundle import bundle

# The page may run what is in it, and load nothing.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; img-src blob: data:; "
    "base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --page: #ffffff; --ink: #202020; --quiet: #5c5c5c; --line: #d8d8d8; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --page: #161616; --ink: #e4e4e4; --quiet: #a8a8a8; --line: #3a3a3a; }}
}}
body {{ margin: 0 auto; max-width: 1600px; padding: 12px 16px; background: var(--page); color: var(--ink);
  font: 13px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }}
h1 {{ margin: 4px 12px; font-size: 18px; overflow-wrap: anywhere; }}
body > details, footer, noscript {{ display: block; margin: 12px; color: var(--quiet); overflow-x: auto; }}
summary {{ cursor: pointer; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
body > details th, body > details td {{ padding: 3px 8px; border-bottom: 1px solid var(--line); text-align: right; }}
</style>
</head>
<body class="embw-still">
<h1>{title}</h1>
<main>
{boxes}
</main>
<noscript>This page draws its views where scripts may run; in JupyterLab, press “Trust HTML” above it.</noscript>
{tables}
<footer>{foot}</footer>
<script type="text/plain" id="embwidget-packed">{packed}</script>
<script type="module">{code}</script>
</body>
</html>
"""


def write_page(views: Sequence[Shown], results: Sequence[Result] = (), title: str | None = None) -> str:
    """The whole page: a box for each view, each result as a table, and what the views are drawn from.

    Raises:
        WireError: a fit is still under way.
    """
    for status in (getattr(view.scene, "status", "done") for view in views):
        if status in ("fitting", "scoring"):
            raise WireError(f"expected a result but got a fit that is {status}; wait for its end, then save it")
    return _PAGE.format(
        policy=_POLICY,
        title=escape(one_line(title or _title(views, results), 200)),
        boxes="\n".join("<div data-view></div>" for _ in views),
        # Where there is nothing else to see they are open.
        tables="\n".join(_table(one, is_open=not views) for one in results),
        foot=escape(f"Made by embwidget {VERSION}. Nothing is loaded: code, numbers and pictures are in this file."),
        packed=base64.b64encode(carry(views)).decode(),
        code=_code(),
    )


def _table(result: Result, is_open: bool) -> str:
    kind = escape(type(result).__name__)
    return f"<details{' open' if is_open else ''}><summary>{kind} as a table</summary>{result._repr_html_()}</details>"


def _title(views: Sequence[Shown], results: Sequence[Result]) -> str:
    if not views:
        return type(results[0]).__name__
    if heading := getattr(views[0].scene, "heading", ""):
        return str(heading)
    names: list[Any] = [*views[0].scene.names]
    return " and ".join(names) if len(names) == 2 else f"{len(names)} spaces"


@cache
def _code() -> str:
    # In a page a script ends where this is written, wherever that is.
    return str(bundle("report.js")).replace("</script", "<\\/script").replace("<!--", "<\\!--")
