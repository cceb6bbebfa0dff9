"""How arrays, pictures and bundles cross to the page, and what the page says back."""
