"""Where the sun stands.

Low-precision formulas of the Astronomical Almanac (US Naval Observatory, "Approximate solar coordinates"): good to
about 0.01 degrees from 1950 to 2050. No refraction: it matters only within a degree of the horizon.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


def sun_position_deg(at: datetime, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    """Return azimuth (clockwise from north) and elevation of the sun, degrees.

    Args:
        at: Aware time.
        latitude_deg: North positive.
        longitude_deg: East positive.
    """
    days = (at - _J2000).total_seconds() / 86_400.0
    mean_longitude = math.radians((280.460 + 0.9856474 * days) % 360.0)
    anomaly = math.radians((357.528 + 0.9856003 * days) % 360.0)
    longitude = mean_longitude + math.radians(1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly))
    obliquity = math.radians(23.439 - 0.0000004 * days)
    right_ascension = math.atan2(math.cos(obliquity) * math.sin(longitude), math.cos(longitude))
    declination = math.asin(math.sin(obliquity) * math.sin(longitude))
    sidereal_h = (18.697374558 + 24.06570982441908 * days) % 24.0
    hour_angle = math.radians(sidereal_h * 15.0 + longitude_deg) - right_ascension
    lat = math.radians(latitude_deg)
    elevation = math.asin(
        math.sin(lat) * math.sin(declination) + math.cos(lat) * math.cos(declination) * math.cos(hour_angle)
    )
    azimuth = math.atan2(
        -math.cos(declination) * math.sin(hour_angle),
        math.sin(declination) * math.cos(lat) - math.cos(declination) * math.sin(lat) * math.cos(hour_angle),
    )
    return math.degrees(azimuth) % 360.0, math.degrees(elevation)
