"""Telemetry files: one module a family of formats, and the table that picks among them."""

from wideberth_distance.core.telemetry.reading import read_telemetry

__all__ = ["read_telemetry"]
