"""What a saved notebook shows of a view: a picture, a sentence and a table, drawn in Python without its page."""
