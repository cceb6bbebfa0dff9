"""Which embwidget this is."""

from importlib import metadata

try:
    VERSION = metadata.version("embwidget")
except metadata.PackageNotFoundError:  # a source tree that is on the path but not installed
    VERSION = "0+unknown"
