"""``python -m embwidget …`` is the command ``embwidget …``."""

import sys

from embwidget.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
