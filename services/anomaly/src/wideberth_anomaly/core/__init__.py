"""Choosing crops, running the clutter model, scoring: arrays in, numbers out. Knows no web framework."""
