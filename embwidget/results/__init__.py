"""What all results share: their words, their files, which rows they are of."""
