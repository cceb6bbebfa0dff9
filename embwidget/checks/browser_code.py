"""Whether the widgets' browser code was built."""

import re
from pathlib import Path

from embwidget.checks.checkup import Check

_PACKAGE = Path(__file__).parents[1]
_NAMED = re.compile(r"""\bbundle\(\s*["']([\w.]+)["']""")


def check_browser_code(package: Path = _PACKAGE) -> Check:
    """Each file that a widget is made of is in ``static``."""
    sources = sorted((package / "widgets").rglob("*.py"))
    named = sorted({name for path in sources for name in _NAMED.findall(path.read_text(encoding="utf-8"))})
    missing = [name for name in named if not (package / "static" / name).is_file()]
    if missing:
        remedy = "install a released embwidget again; in a checkout: npm ci && npm run build:widgets"
        return Check(name="browser code", ok=False, found=f"not built: {', '.join(missing)}", remedy=remedy)
    return Check(name="browser code", ok=True, found=f"{len(named)} files")
