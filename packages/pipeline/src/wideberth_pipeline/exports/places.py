"""How wrong a position may be, in the terms of other programs: standard errors, 95 % ellipses, rings of corners."""

import math
from dataclasses import dataclass

from wideberth_contracts.positions import Covariance2, Position
from wideberth_pipeline.track_table import METRES_PER_DEGREE

SCALE_95 = math.sqrt(-2.0 * math.log(0.05))
"""Half axes of the 95 % ellipse of a two-dimensional normal error in standard errors: √χ²(2; 0.95) = 2.448."""

CORNERS = 24


@dataclass(frozen=True, slots=True)
class Ellipse:
    """A 95 % error ellipse: half axes in m, direction of the long one clockwise from north, in [0, 180)."""

    major_m: float
    minor_m: float
    axis_deg: float


def whole_error(position: Position) -> Covariance2:
    """Own and shared error together, m²: what one place alone may be wrong by."""
    own, shared = position.own, position.shared_covariance()
    return Covariance2(
        east_east=own.east_east + shared.east_east,
        east_north=own.east_north + shared.east_north,
        north_north=own.north_north + shared.north_north,
    )


def ellipse_95(error: Covariance2) -> Ellipse:
    """The ellipse that holds the true place in 95 of 100 cases, to first order."""
    mean = (error.east_east + error.north_north) / 2
    spread = math.hypot((error.east_east - error.north_north) / 2, error.east_north)
    axis_deg = math.degrees(math.atan2(2 * error.east_north, error.north_north - error.east_east)) / 2
    return Ellipse(
        major_m=SCALE_95 * math.sqrt(mean + spread),
        minor_m=SCALE_95 * math.sqrt(max(0.0, mean - spread)),
        axis_deg=axis_deg % 180.0,
    )


def ring_of(longitude: float, latitude: float, ellipse: Ellipse) -> list[tuple[float, float]]:
    """The ellipse as a closed ring of (longitude, latitude), counter-clockwise seen from above."""
    axis = math.radians(ellipse.axis_deg)
    ring = []
    for corner in range(CORNERS):
        angle = 2 * math.pi * corner / CORNERS
        along, across = ellipse.major_m * math.cos(angle), ellipse.minor_m * math.sin(angle)
        east = along * math.sin(axis) - across * math.cos(axis)
        north = along * math.cos(axis) + across * math.sin(axis)
        ring.append(moved(longitude, latitude, east, north))
    return [*ring, ring[0]]


def moved(longitude: float, latitude: float, east_m: float, north_m: float) -> tuple[float, float]:
    """(longitude, latitude) so far east and north of a place; exact enough within kilometres."""
    parallel_m = METRES_PER_DEGREE * math.cos(math.radians(latitude))
    return longitude + east_m / parallel_m, latitude + north_m / METRES_PER_DEGREE
