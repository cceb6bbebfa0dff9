"""Alignment of kernels, in whole or block by block: what CKA is made of."""
