"""What a notebook shows of a chart."""

import base64
import re
from typing import Any


def shown_svg(bundle: dict[str, Any]) -> str:
    """The drawing inside the HTML that a chart gives a notebook."""
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', bundle["text/html"])
    assert found, bundle["text/html"][:300]
    return base64.b64decode(found[1]).decode()
