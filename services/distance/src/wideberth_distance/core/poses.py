"""Telemetry rows and frame times to camera poses, each number with its standard error.

Priors (geometry notes, sections 4, 5 and 9):

- height: sqrt((1 m)² + (0.04 h)²), constant within a flight, heavy tails (Student-t, nu = 4, in the Monte Carlo);
  0.6 m that comes and goes within it; the take-off point above the sea, 2 ± 2 m where nobody says. The reported
  absolute height is never used.
- pitch: 0.7 deg = 0.5 deg (what small inertial units reach) and 0.5 deg (optical axis against gimbal, per drone)
  in quadrature. No measured accuracy of DJI gimbals is published; the horizon will replace this.
- roll 0.5 deg, yaw 2 deg (compass), GPS 2 m and the step in which positions are written.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pymap3d

from wideberth_contracts.poses import (
    CameraPose,
    FlightContext,
    FramePose,
    FrameTime,
    GeoOrigin,
    NoPose,
    PoseAbsence,
    PosesAnswer,
    PosesRequest,
    TelemetryGrade,
    TelemetryRecord,
)
from wideberth_contracts.wire import Measured
from wideberth_distance.core.cameras import FocalHint, focal_px
from wideberth_distance.core.projection import Array, Mask
from wideberth_distance.core.timeline import Series, quantum_of, series_of

HEIGHT_FLOOR_M, HEIGHT_SHARE, HEIGHT_NOISE_M = 1.0, 0.04, 0.6
UNKNOWN_TAKEOFF = Measured(value=2.0, sigma=2.0)
PITCH_SIGMA_DEG, ROLL_SIGMA_DEG, YAW_SIGMA_DEG = 0.7, 0.5, 2.0
GPS_SIGMA_M = 2.0
NO_GPS_SIGMA_M = 10.0
"""How far a hovering drone may be from where it was, when nothing says where it is."""
LOWEST_HEIGHT_M = 0.5
MAX_PITCH_RATE_DEG_PER_S = 0.5
"""Faster, and the readout and the timing of the row bend the picture (geometry notes, section 6.3)."""
PITCH_RATE_BASELINE_S = 2.0
"""Long enough that the shake of a gimbal, which every row follows, does not count as a pan."""
_METRES_PER_DEGREE = 111_195.0
_QUANTUM_SD = 12**-0.5


@dataclass(frozen=True, slots=True)
class _Track:
    """Everything at the moments asked, shape (N,), each with a mask of where it is known."""

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


def poses_of(request: PosesRequest) -> PosesAnswer:
    """One pose a moment, in the order asked, the grade, and what had to be assumed."""
    record = request.telemetry
    if record is None or not record.points:
        return PosesAnswer(
            grade=TelemetryGrade.C,
            origin=None,
            starts_at=None,
            poses=tuple(NoPose(reason=PoseAbsence.NO_TELEMETRY) for _ in request.moments),
            warnings=("no telemetry: no distances; give the .SRT beside the video, or a flight log",),
        )
    origin = _origin(record)
    track = _track(record, request.moments, origin)
    warnings: dict[str, None] = dict.fromkeys(_assumptions(record, request.context, origin))
    poses: list[FramePose] = []
    for index, moment in enumerate(request.moments):
        pose, warning = _pose(track, index, moment, request.context, record)
        poses.append(pose)
        if warning:
            warnings.setdefault(warning)
    return PosesAnswer(
        grade=record.grade,
        origin=origin,
        starts_at=_starts_at(record),
        poses=tuple(poses),
        warnings=(*record.warnings, *warnings),
    )


def _origin(record: TelemetryRecord) -> GeoOrigin | None:
    fixes = (p for p in record.points if p.latitude is not None and p.longitude is not None)
    first = next(fixes, None)
    if first is None or first.latitude is None or first.longitude is None:
        return None
    return GeoOrigin(latitude=first.latitude, longitude=first.longitude)


def _track(record: TelemetryRecord, moments: tuple[FrameTime, ...], origin: GeoOrigin | None) -> _Track:
    points = record.points
    at = np.array([moment.t_s for moment in moments], dtype=np.float64)
    pitch = series_of(points, "pitch_deg", is_angle=True)
    east, north, quantum_m = _east_north(record, origin)
    return _Track(
        height=series_of(points, "height_above_takeoff_m").at(at),
        pitch=pitch.at(at),
        roll=series_of(points, "roll_deg", is_angle=True).at(at),
        yaw=series_of(points, "yaw_deg", is_angle=True).at(at),
        focal_mm=series_of(points, "focal_length_mm").at(at),
        zoom=series_of(points, "zoom_ratio").at(at),
        east=east.at(at),
        north=north.at(at),
        pitch_rate=pitch.slope_at(at, PITCH_RATE_BASELINE_S),
        gps_sigma_m=float(np.hypot(GPS_SIGMA_M, quantum_m * _QUANTUM_SD)),
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


def _pose(
    track: _Track, index: int, moment: FrameTime, context: FlightContext, record: TelemetryRecord
) -> tuple[FramePose, str]:
    height = _known(track.height, index)
    if height is None:
        return NoPose(reason=_why_none(record, "height_above_takeoff_m", PoseAbsence.NO_HEIGHT)), ""
    takeoff = context.takeoff_above_sea_m or UNKNOWN_TAKEOFF
    above_sea = height + takeoff.value
    if above_sea < LOWEST_HEIGHT_M:
        return NoPose(reason=PoseAbsence.NO_HEIGHT), "frames at or below the sea by the telemetry have no pose"
    pitch_deg = _known(track.pitch, index)
    if pitch_deg is not None and abs(track.pitch_rate[index]) > MAX_PITCH_RATE_DEG_PER_S:
        return NoPose(reason=PoseAbsence.PITCHING_TOO_FAST), ""
    pitch = Measured(value=pitch_deg, sigma=PITCH_SIGMA_DEG) if pitch_deg is not None else context.pitch_deg
    if pitch is None:
        return NoPose(reason=_why_none(record, "pitch_deg", PoseAbsence.NO_PITCH)), ""
    focal, warning = focal_px(
        max(moment.width_px, moment.height_px),
        FocalHint(_known(track.focal_mm, index), _known(track.zoom, index)),
        context.camera,
        context.focal_px,
    )
    east, north = _known(track.east, index), _known(track.north, index)
    gps = track.gps_sigma_m if east is not None else NO_GPS_SIGMA_M
    return CameraPose(
        height_m=Measured(value=above_sea, sigma=height_sigma_m(height, takeoff.sigma)),
        pitch_deg=pitch,
        roll_deg=Measured(value=_known(track.roll, index) or 0.0, sigma=ROLL_SIGMA_DEG),
        yaw_deg=Measured(value=_wrapped(_known(track.yaw, index) or 0.0), sigma=YAW_SIGMA_DEG),
        focal_px=focal,
        east_m=Measured(value=east or 0.0, sigma=gps),
        north_m=Measured(value=north or 0.0, sigma=gps),
        width_px=moment.width_px,
        height_px=moment.height_px,
        significant_wave_height_m=context.significant_wave_height_m,
    ), warning


def height_sigma_m(height_m: float, takeoff_sigma_m: float) -> float:
    """Standard error (scale of the Student-t) of the height above the sea."""
    return float(np.sqrt(HEIGHT_FLOOR_M**2 + HEIGHT_NOISE_M**2 + (HEIGHT_SHARE * height_m) ** 2 + takeoff_sigma_m**2))


def _known(pair: tuple[Array, Mask], index: int) -> float | None:
    return float(pair[0][index]) if pair[1][index] else None


def _why_none(record: TelemetryRecord, field: str, absent: PoseAbsence) -> PoseAbsence:
    has_any = any(getattr(point, field) is not None for point in record.points)
    return PoseAbsence.TELEMETRY_GAP if has_any else absent


def _wrapped(angle_deg: float) -> float:
    return (angle_deg + 180.0) % 360.0 - 180.0


def _assumptions(record: TelemetryRecord, context: FlightContext, origin: GeoOrigin | None) -> list[str]:
    points = record.points
    notes = []
    if context.takeoff_above_sea_m is None:
        notes.append("take-off height above the sea unknown: 2 ± 2 m taken")
    if origin is None:
        notes.append("no GPS: positions are counted from the camera, and speeds include the drone's own")
    if all(p.yaw_deg is None for p in points):
        notes.append("no gimbal heading: directions are counted from the camera's, not from north")
    if all(p.pitch_deg is None for p in points):
        given = context.pitch_deg is not None
        notes.append(
            f"{record.file}: no gimbal pitch in dialect {record.dialect}; "
            + ("the given pitch is used throughout" if given else "no distances; give pitch_deg or the flight log")
        )
    if all(p.height_above_takeoff_m is None for p in points):
        notes.append(f"{record.file}: no height above take-off in dialect {record.dialect}; no distances")
    return notes


def _starts_at(record: TelemetryRecord) -> datetime | None:
    """UTC of t = 0: the median over the rows, which jitter by a frame or a second."""
    starts = [(p.captured_at - timedelta(seconds=p.t_s)).timestamp() for p in record.points if p.captured_at]
    return datetime.fromtimestamp(float(np.median(starts)), tz=UTC) if starts else None
