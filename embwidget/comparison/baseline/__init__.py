"""Re-runs of a model beside a comparison: whether the other differs by more than two runs of the same do."""
