"""A ship with AIS that passes the boat of the synthetic clip."""

from ais_lines import class_b, static, tagged
from synthetic import STARTS_AT

EAST_M = 93_260.0
"""Metres a degree at 33.2 N."""
AT = STARTS_AT.timestamp()


def passing(latitude: float, longitude: float, at_s: float, mmsi: int = 440_000_401) -> bytes:
    """Sentences of a ship that passes there at that time, 7 m/s to the east, every ten seconds."""
    lines = [
        tagged(class_b(mmsi, latitude, longitude + 7.0 * (t - at_s) / EAST_M, int(t) % 60, 13.6, 90.0), t + 0.3)
        for t in range(int(at_s) - 60, int(at_s) + 60, 10)
    ]
    lines += [tagged(line, at_s) for line in static(mmsi, "HAENYEO", 4, 4)]
    return "\n".join(lines).encode()
