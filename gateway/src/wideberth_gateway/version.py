"""The version written into every file and answer."""

from importlib.metadata import version


def wideberth_version() -> str:
    """Version of this distribution; all of Wideberth is released together."""
    return version("wideberth-gateway")
