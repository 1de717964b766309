"""The rows of telemetry at chosen moments: every quantity, where it is known, and how fast the pitch changes."""

from dataclasses import dataclass

import numpy as np
import pymap3d

from wideberth_contracts.poses import FlightContext, GeoOrigin, TelemetryRecord
from wideberth_contracts.wire import Measured
from wideberth_distance.core.cameras import FocalHint, focal_px
from wideberth_distance.core.priors import GPS_SIGMA_M
from wideberth_distance.core.projection import Array, Mask
from wideberth_distance.core.said import Level, temperature_ratio
from wideberth_distance.core.timeline import Series, quantum_of, series_of
from wideberth_distance.core.turning import Angles, smoothed

PITCH_RATE_BASELINE_S = 2.0
"""Long enough that the shake of a gimbal, which every row follows, does not count as a pan."""
_SHARP_S = 0.05
"""Moments known to this are one moment to a rate over two seconds."""
_METRES_PER_DEGREE = 111_195.0
_QUANTUM_SD = 12**-0.5


@dataclass(frozen=True, slots=True)
class RowsAt:
    """Everything at the moments asked, shape (N,), each with a mask of where it is known.

    Attributes:
        pitch_rate: how fast the pitch changes either way, deg/s, shape (N,).
    """

    height: tuple[Array, Mask]
    pitch: tuple[Array, Mask]
    roll: tuple[Array, Mask]
    yaw: tuple[Array, Mask]
    focal_mm: tuple[Array, Mask]
    zoom: tuple[Array, Mask]
    east: tuple[Array, Mask]
    north: tuple[Array, Mask]
    pitch_rate: Array
    gps_sigma_m: float
    t_s: Array


def origin_of(record: TelemetryRecord) -> GeoOrigin | None:
    """The first fix; None without GPS."""
    fixes = (p for p in record.points if p.latitude is not None and p.longitude is not None)
    first = next(fixes, None)
    if first is None or first.latitude is None or first.longitude is None:
        return None
    return GeoOrigin(latitude=first.latitude, longitude=first.longitude)


def rows_at(record: TelemetryRecord, at: Array, origin: GeoOrigin | None, sigma_s: float = 0.0) -> RowsAt:
    """The rows of a record at moments, shape (N,), in the rows' own time.

    Args:
        record: the rows.
        at: the moments.
        origin: from which east and north count.
        sigma_s: of the moments; the pitch rate is the fastest within one.
    """
    points = record.points
    pitch = series_of(points, "pitch_deg", is_angle=True)
    east, north, quantum_m = _east_north(record, origin)
    shifts = (-sigma_s, 0.0, sigma_s) if sigma_s > _SHARP_S else (0.0,)
    return RowsAt(
        height=series_of(points, "height_above_takeoff_m").at(at),
        pitch=pitch.at(at),
        roll=series_of(points, "roll_deg", is_angle=True).at(at),
        yaw=series_of(points, "yaw_deg", is_angle=True).at(at),
        focal_mm=series_of(points, "focal_length_mm").at(at),
        zoom=series_of(points, "zoom_ratio").at(at),
        east=east.at(at),
        north=north.at(at),
        pitch_rate=np.max([np.abs(pitch.slope_at(at + d, PITCH_RATE_BASELINE_S)) for d in shifts], axis=0),
        gps_sigma_m=float(np.hypot(GPS_SIGMA_M, quantum_m * _QUANTUM_SD)),
        t_s=at,
    )


def _east_north(record: TelemetryRecord, origin: GeoOrigin | None) -> tuple[Series, Series, float]:
    nothing = Series(np.zeros(0), np.zeros(0))
    if origin is None:
        return nothing, nothing, 0.0
    fixed = [p for p in record.points if p.latitude is not None and p.longitude is not None]
    latitude, longitude = series_of(fixed, "latitude"), series_of(fixed, "longitude")
    east, north, _ = pymap3d.geodetic2enu(
        latitude.value, longitude.value, np.zeros(latitude.value.size), origin.latitude, origin.longitude, 0.0
    )
    quantum_m = quantum_of(latitude) * _METRES_PER_DEGREE
    # A step of more than 2 m is rounding (four decimals), a smaller one is below what GPS knows.
    return Series(latitude.t_s, east), Series(latitude.t_s, north), quantum_m if quantum_m > 2.0 else 0.0


def focal_at(rows: RowsAt, index: int, size: tuple[int, int], context: FlightContext) -> tuple[Measured, str]:
    """Focal length at one of the moments, and what had to be assumed for it."""
    hint = FocalHint(known(rows.focal_mm, index), known(rows.zoom, index))
    return focal_px(size, hint, context)


def focal_warnings(rows: RowsAt, size: tuple[int, int], context: FlightContext) -> list[str]:
    """What had to be assumed for the focal length, at any of the moments."""
    return [text for index in range(rows.t_s.size) if (text := focal_at(rows, index, size, context)[1])]


def known(pair: tuple[Array, Mask], index: int) -> float | None:
    """One value, None where it is not known."""
    return float(pair[0][index]) if pair[1][index] else None


def angles_of(record: TelemetryRecord, context: FlightContext, size: tuple[int, int]) -> Angles:
    """What turns and moves the camera by the rows, for the picture's size in px."""
    points, origin = record.points, origin_of(record)
    east, north, _ = _east_north(record, origin)
    rise = series_of(points, "height_above_takeoff_m")
    height = Series(rise.t_s, rise.value * temperature_ratio(context) + Level.of(context).above_water_m.value)
    middle = points[len(points) // 2].t_s
    focal, _ = focal_at(rows_at(record, np.array([middle]), origin), 0, size, context)
    return Angles(
        yaw=series_of(points, "yaw_deg", is_angle=True),
        pitch=series_of(points, "pitch_deg", is_angle=True),
        roll=series_of(points, "roll_deg", is_angle=True),
        height=smoothed(height) if height.t_s.size else None,
        east=smoothed(east) if east.t_s.size else None,
        north=smoothed(north) if north.t_s.size else None,
        focal_px=focal.value,
        pitch_deg=None if context.pitch_deg is None else context.pitch_deg.value,
    )
