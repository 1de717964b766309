"""Wideberth: drone video of the sea into distances with their uncertainty, and alerts a regulator can defend."""
