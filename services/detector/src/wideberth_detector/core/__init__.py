"""Tiling, forward passes, decoding and merging: arrays in, boxes out. Knows no web framework and no environment."""
