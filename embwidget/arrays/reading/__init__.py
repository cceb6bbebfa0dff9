"""Whatever holds rows, as one array of them: lists, columns of vectors, frames, Arrow's memory, tensors."""
