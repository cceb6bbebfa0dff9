"""What a result is to the page: its numbers and words, as the page reads them."""
