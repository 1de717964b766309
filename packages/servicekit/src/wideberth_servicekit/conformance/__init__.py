"""Comparing adapters of one port, and small adapters to compare with; used by the tests of several packages."""

from wideberth_servicekit.conformance.outcomes import Outcome, outcome_of
from wideberth_servicekit.conformance.running import running, service_of

__all__ = ["Outcome", "outcome_of", "running", "service_of"]
