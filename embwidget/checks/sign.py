"""A line that a page writes where it shows widgets; elsewhere Jupyter shows its text, which says what is missing."""

import anywidget

_SCRIPT = """
export default {
  render({ el }) {
    const line = document.createElement("p");
    line.className = "embw-sign";
    line.textContent = "✓ page: it shows widgets, and this line is one.";
    el.append(line);
  },
};
"""


class Sign(anywidget.AnyWidget):
    """Says by itself whether it is seen."""

    _esm = _SCRIPT

    def __repr__(self) -> str:
        # Jupyter shows the first 110 letters.
        return "✗ page: it shows no widgets. → pip install jupyterlab_widgets beside JupyterLab, restart it, reload."
