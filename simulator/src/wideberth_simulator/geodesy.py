"""East, north of the scene as latitude, longitude on WGS 84 and back.

Closed forms: ENU to ECEF by rotation, ECEF to geodetic by Bowring (1976), better than 1 mm near the surface.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

WGS84_A_M = 6_378_137.0
WGS84_F = 1 / 298.257223563
_E2 = WGS84_F * (2 - WGS84_F)
_B_M = WGS84_A_M * (1 - WGS84_F)
_EP2 = _E2 / (1 - _E2)


@dataclass(frozen=True)
class Origin:
    """The scene's origin on the sea.

    Attributes:
        latitude_deg: North positive.
        longitude_deg: East positive.
    """

    latitude_deg: float
    longitude_deg: float

    def _frame(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        lat, lon = math.radians(self.latitude_deg), math.radians(self.longitude_deg)
        sl, cl, so, co = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
        n = WGS84_A_M / math.sqrt(1 - _E2 * sl * sl)
        base = np.array([n * cl * co, n * cl * so, n * (1 - _E2) * sl])
        return base, np.array([[-so, co, 0.0], [-sl * co, -sl * so, cl], [cl * co, cl * so, sl]])

    def geodetic(self, east_m: float, north_m: float) -> tuple[float, float]:
        """Return latitude, longitude (deg) of the sea surface at east, north of the origin."""
        base, ecef_rows = self._frame()
        up = -(east_m**2 + north_m**2) / (2 * WGS84_A_M)
        x, y, z = base + np.array([east_m, north_m, up]) @ ecef_rows
        p = math.hypot(x, y)
        theta = math.atan2(z * WGS84_A_M, p * _B_M)
        lat = math.atan2(z + _EP2 * _B_M * math.sin(theta) ** 3, p - _E2 * WGS84_A_M * math.cos(theta) ** 3)
        return math.degrees(lat), math.degrees(math.atan2(y, x))

    def enu(self, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
        """Return east, north (m) of a point of the ellipsoid."""
        base, ecef_rows = self._frame()
        other, _ = Origin(latitude_deg, longitude_deg)._frame()
        east, north, _up = ecef_rows @ (other - base)
        return float(east), float(north)
