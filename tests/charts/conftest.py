"""Charts of which tests read the drawing itself."""

import pytest

from embwidget.charts import on_any_page


@pytest.fixture(autouse=True)
def drawn_as_svg(monkeypatch: pytest.MonkeyPatch) -> None:
    """However large it is: a notebook is given PNG in its place then."""
    monkeypatch.setattr(on_any_page, "LARGEST", 10**8)
