"""Whether one of two is better by more than the sample they were seen on would make it: paired differences."""
