"""Two-dimensional maps of a space, for looking at; no score is computed from them."""
