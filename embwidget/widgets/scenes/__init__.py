"""What carries code, data and linked state to the page: one scene a kind of result."""
