"""Metres on the sea: telemetry, camera poses, positions and separations, each with its error."""
