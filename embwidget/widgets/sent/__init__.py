"""Views as one file that can be sent: their scenes without a kernel, and the page around them."""
