"""Alerts: made from verdicts, kept before they are shown, fed as GeoJSON and as a stream."""

from wideberth_gateway.alerts.geojson import alerts_geojson
from wideberth_gateway.alerts.making import alerts_of

__all__ = ["alerts_geojson", "alerts_of"]
