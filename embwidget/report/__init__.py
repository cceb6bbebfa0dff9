"""One file that can be sent: results and views as a page that needs no kernel and no network."""

from embwidget.report.to_html import to_html

__all__ = ["to_html"]
