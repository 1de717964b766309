"""Each port of the contracts over HTTP: its routes, and the adapter that calls them."""

from wideberth_servicekit.ports.anomaly import HttpAnomaly
from wideberth_servicekit.ports.detector import HttpDetector
from wideberth_servicekit.ports.distance import HttpDistance
from wideberth_servicekit.ports.glare import HttpGlare
from wideberth_servicekit.ports.tracker import HttpTracker

__all__ = ["HttpAnomaly", "HttpDetector", "HttpDistance", "HttpGlare", "HttpTracker"]
