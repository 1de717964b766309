"""Flights: recordings with their telemetry, put together from the files of a card, and looked at."""
