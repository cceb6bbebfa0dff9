"""doctor(): why is there no view, no card, no GPU? One screen, each line with its remedy."""

from embwidget.checks.browser_code import check_browser_code
from embwidget.checks.checkup import Checkup
from embwidget.checks.extension import check_extension, check_server, check_widget_manager
from embwidget.checks.machine import check_memory, check_searches, check_torch
from embwidget.checks.packages import check_extras, check_packages, check_python
from embwidget.checks.server import find_server


def doctor() -> Checkup:
    """Look at what embwidget needs, from this Python to the page, and say what is missing and what helps.

    In a notebook the last line is a widget: where the page shows none, that line says so. It looks, and changes and
    fetches nothing.

    Returns:
        `Checkup`: printed, it is one screen; ``ok`` is True where nothing is missing; ``checks`` has the lines.

    Example:
        >>> found = doctor()
        >>> [one.name for one in found.checks][:3]
        ['embwidget', 'packages', 'browser code']

    """
    server = find_server()
    return Checkup(
        checks=(
            check_python(),
            check_packages(),
            check_browser_code(),
            check_server(server),
            check_extension(server),
            check_widget_manager(server),
            check_torch(),
            check_searches(),
            check_memory(),
            check_extras(),
        )
    )
