"""Whether two spaces have the same coordinates, row by row; every measure of the package ignores a rotation."""
