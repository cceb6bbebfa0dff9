"""Functions of rows: rotations, linear maps, networks."""
