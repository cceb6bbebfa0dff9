"""A threshold on the similarity of two items, carried over from one space to another."""
