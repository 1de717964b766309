"""Wideberth's verb *track*."""
