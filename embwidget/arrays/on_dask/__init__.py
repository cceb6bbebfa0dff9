"""Rows in a dask array: brought to common chunks, read as tasks on the user's cluster, reduced where they are."""
