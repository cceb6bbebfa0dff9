"""The spectrum of a kernel difference: routes to it, held-out eigenvalues, chance."""
