"""How this process was begun: what is a command answers ``--help`` before torch is loaded."""

import os
import sys

_NAMES = ("embwidget", "embwidget.exe")


def began_by_command() -> bool:
    """Whether this process is ``embwidget …`` or ``python -m embwidget …``, which loads the verbs when it needs one."""
    words: list[str] = getattr(sys, "argv", None) or [""]
    if words[0] == "-m":
        # While a package is loaded to be run, only the interpreter's own arguments have its name.
        return sys.orig_argv[-len(words) :][0] == "embwidget"
    return os.path.basename(words[0]) in _NAMES
