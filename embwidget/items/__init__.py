"""What the rows of an embedding are, for people to look at: labels, pictures, texts, ids."""

from embwidget.items.items import Items
from embwidget.items.pictures import ImageSource, SpriteSheet
from embwidget.items.strip import Strip

__all__ = [
    "ImageSource",
    "Items",
    "SpriteSheet",
    "Strip",
]
