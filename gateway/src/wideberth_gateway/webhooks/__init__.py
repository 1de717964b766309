"""Alerts sent to other systems: signed, tried again for three days, and what became of each to be seen."""
