"""Areas of a law: an outline where one is at hand, or the reason why there is none."""

import math
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, model_validator

from wideberth_contracts.judgement import EvidenceLevel
from wideberth_contracts.wire import Latitude, Longitude, Wire

METRES_PER_DEGREE = 111_194.93
"""Of latitude, on the sphere of 6,371 km that the geometry uses."""


class Corner(Wire):
    """One corner of an outline, WGS 84."""

    latitude: Latitude
    longitude: Longitude


class Area(Wire):
    """Where a law holds.

    Attributes:
        outline: corners in order, the last joined to the first; may not cross the date line.
        absent: why there is no outline.
    """

    name: Annotated[str, Field(min_length=2)]
    outline: tuple[Corner, ...] = ()
    absent: str = ""
    evidence: EvidenceLevel
    source: Annotated[str, Field(min_length=3)]

    @model_validator(mode="after")
    def _outline_or_reason(self) -> "Area":
        if bool(self.outline) == bool(self.absent):
            raise ValueError("give either an outline or, in absent, why there is none")
        if 0 < len(self.outline) < 3:
            raise ValueError("an outline has three corners or more")
        return self

    def depth_m(self, latitude: float, longitude: float) -> float:
        """How far inside the outline a point lies: distance to the nearest edge, negative outside."""
        return depth_m(self.outline, latitude, longitude)


def depth_m(outline: Sequence[Corner], latitude: float, longitude: float) -> float:
    """How far inside an outline a point lies: distance to the nearest edge, negative outside."""
    scale = math.cos(math.radians(latitude)) * METRES_PER_DEGREE
    corners = [((one.longitude - longitude) * scale, (one.latitude - latitude) * METRES_PER_DEGREE) for one in outline]
    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    nearest = min(_to_edge_m(a, b) for a, b in edges)
    inside = sum((a[1] > 0) != (b[1] > 0) and _crosses_east(a, b) for a, b in edges) % 2 == 1
    return nearest if inside else -nearest


def _crosses_east(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[0] + (b[0] - a[0]) * (-a[1]) / (b[1] - a[1]) > 0


def _to_edge_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of the origin to an edge."""
    along_e, along_n = b[0] - a[0], b[1] - a[1]
    square = along_e * along_e + along_n * along_n
    share = 0.0 if square == 0 else min(1.0, max(0.0, -(a[0] * along_e + a[1] * along_n) / square))
    return math.hypot(a[0] + share * along_e, a[1] + share * along_n)
